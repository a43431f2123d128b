"""Prepare new code for serving; idempotent: `python -m config.preparation`."""

import os
import shutil
from io import StringIO
from pathlib import Path

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


def remove_messages() -> None:
    """Remove the messages of an earlier version, which woke its worker by files."""
    shutil.rmtree(settings.DATA_DIR / "broker", ignore_errors=True)


def keep_to_owner() -> None:
    """Let nobody but the account of the software into the folder of data, nor at the database in it."""
    settings.DATA_DIR.chmod(0o700)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        path = Path(database["NAME"])
        path.touch(mode=0o600)
        path.chmod(0o600)  # what SQLite writes beside it takes these rights, too


def prepare() -> None:
    quiet = StringIO()
    keep_to_owner()
    move_files()
    remove_messages()
    call_command("migrate", verbosity=0, interactive=False)
    if settings.STATIC_ROOT.is_relative_to(settings.DATA_DIR):  # else an image brought them along
        call_command("collectstatic", verbosity=0, interactive=False)
    call_command("seed_calendar", stdout=quiet)
    call_command("load_schemes", stdout=quiet)
    call_command("load_procedures", stdout=quiet)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    prepare()
