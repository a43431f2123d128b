from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "成绩单和报表"

    def ready(self) -> None:
        from reports.documents import admin, batch
        from reports.papers import all_papers
