"""Prepare new code for serving; idempotent: `python -m config.preparation`.

`--demo` is how `make run` calls it: with words, and with the demo county where DEMO is on and it is empty.
Every host may do it at any time, several at once: one after the other they take a lock of the database.
"""

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, connections
from django.db.utils import DEFAULT_DB_ALIAS

LOCK = 0x53414E4C  # of PostgreSQL's advisory locks; any number that nobody else takes in this database
WAITS = "另一进程正在准备数据库，等待它完成"
MOVED = ("bundles", "imports", "exports", "reports")


def move_files() -> None:
    """Bring what an earlier version kept beside the database to where private files are kept now."""
    private = Path(settings.PRIVATE_ROOT)
    for name in MOVED:
        if (settings.DATA_DIR / name).is_dir() and not (private / name).exists():
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(settings.DATA_DIR / name, private / name)


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


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of all who prepare this database; it ends with the process, however that ends."""
    with _locked_database() if connection.vendor == "postgresql" else _locked_file():
        yield


@contextmanager
def _locked_database() -> Iterator[None]:
    """Lock on a connection of its own: whatever migrations do with theirs, the lock stays."""
    apart = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with apart.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if cursor.fetchone() != (True,):
                print(WAITS, flush=True)
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
    finally:
        apart.close()


@contextmanager
def _locked_file() -> Iterator[None]:
    with (settings.DATA_DIR / "prepare.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(WAITS, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare() -> None:
    with one_at_a_time():
        bring_up_to_date()


def prepare_to_run() -> None:
    with one_at_a_time():
        print("准备数据库和页面文件", flush=True)
        bring_up_to_date()
        if settings.DEMO and not get_user_model().objects.exists():
            print("载入示范县数据", flush=True)
            call_command("seed_demo")


def bring_up_to_date() -> None:
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
    if "--demo" in sys.argv[1:]:
        prepare_to_run()
    else:
        prepare()
