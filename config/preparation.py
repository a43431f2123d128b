"""Prepare new code for serving; idempotent: `python -m config.preparation`."""

import os
from io import StringIO

import django
from django.conf import settings
from django.core.management import call_command

MOVED = ("bundles", "imports", "exports", "reports")


def move_files() -> None:
    """Bring what an earlier version kept beside the database to where private files are kept now."""
    private = settings.DATA_DIR / "private"
    for name in MOVED:
        if (settings.DATA_DIR / name).is_dir() and not (private / name).exists():
            private.mkdir(mode=0o700, exist_ok=True)
            (settings.DATA_DIR / name).rename(private / name)


def prepare() -> None:
    quiet = StringIO()
    move_files()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("seed_calendar", stdout=quiet)
    call_command("load_schemes", stdout=quiet)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    prepare()
