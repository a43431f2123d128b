from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = "测评投票"

    def ready(self) -> None:
        """Say what a backup may hold."""
        from surveys import backups  # noqa: PLC0415 - needs the models

        backups.register()
