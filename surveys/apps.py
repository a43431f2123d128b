from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = "测评投票"

    def ready(self) -> None:
        from surveys import backups, jobs, start_page

        backups.register()
