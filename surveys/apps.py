from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = "测评投票"

    def ready(self) -> None:
        """Register the handlers of jobs; say what a backup may hold."""
        from surveys import backups, jobs  # noqa: F401, PLC0415 - needs the models

        backups.register()
