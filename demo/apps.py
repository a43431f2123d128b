from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = "示范县"

    def ready(self) -> None:
        """Load the job that follows the first page."""
        from demo import jobs
