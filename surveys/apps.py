from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = "测评投票"

    def ready(self) -> None:
        from surveys import backups, jobs, start_page  # noqa: F401, PLC0415 - register themselves; need the models

        backups.register()
