"""Registers the waiting job."""

from importlib import import_module

from django.apps import AppConfig


class SlowConfig(AppConfig):
    """The app."""

    name = "tests.office.slow"
    label = "slow"

    def ready(self) -> None:
        """Register once models are there."""
        import_module("tests.office.slow.handlers").register()
