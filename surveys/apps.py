from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = "测评投票"

    def ready(self) -> None:
        """Register the handlers of jobs and what waits on start pages; say what a backup may hold."""
        from surveys import backups, jobs, waiting  # noqa: F401, PLC0415 - needs the models

        backups.register()
