from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = "评价"

    def ready(self) -> None:
        """Say what a backup may hold; register the handlers of jobs."""
        from evaluations import backups, jobs  # noqa: F401, PLC0415 - they need the models

        backups.register()
