from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = "评价"

    def ready(self) -> None:
        """Say what a backup may hold."""
        from evaluations import backups  # noqa: PLC0415 - needs the models

        backups.register()
