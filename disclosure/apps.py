from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = "三亮公开"

    def ready(self) -> None:
        """Register the handlers of jobs."""
        from disclosure import jobs  # noqa: F401, PLC0415 - models are not ready earlier
