"""Prepare new code for serving; idempotent: `python -m config.preparation`."""

import os
from io import StringIO

import django
from django.core.management import call_command


def prepare() -> None:
    quiet = StringIO()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("seed_calendar", stdout=quiet)
    call_command("load_schemes", stdout=quiet)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    prepare()
