"""The SQLite database of the tests is migrated once and copied: every process starts from the copy.

Kept in `var` under the digest of all that migrations may read, so it is made anew as soon as that changes.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import IO

import pytest
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.models.signals import post_migrate
from pytest_django import DjangoDbBlocker

from surveys.keys import shuffle

KEPT: Path = settings.BASE_DIR / "var" / "test-migrated"
ROOMS = (
    "casework",
    "config",
    "demo",
    "departments",
    "disclosure",
    "evaluations",
    "office",
    "reports",
    "surveys",
)
READ_BY_MIGRATIONS = (
    "casework/migrations/*.py",
    "ratings/migrations/*.py",
    "benefits/migrations/*.py",
    *(f"{room}/**/*.py" for room in ROOMS),
    "schemes/**/*.yaml",
    "requirements/*",
)


def digest() -> str:
    found = hashlib.sha256()
    for pattern in READ_BY_MIGRATIONS:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            if path.is_file():
                found.update(f"{path}\n".encode() + path.read_bytes())
    return found.hexdigest()


def deletions(_style: object, tables: Sequence[str], **_: object) -> list[str]:
    """Empty the database after a test that committed: few rows are in few tables.

    TRUNCATE would give each of hundreds of tables and each of its indexes a new file. The lock waits, as
    TRUNCATE does, for what a killed process still has under way. Slips and ballots do get new files: tests
    read these as they lie on the disk.
    """
    names = ", ".join(map(connection.ops.quote_name, tables))
    anew = ", ".join(map(connection.ops.quote_name, (*shuffle.TABLES, *shuffle._also)))
    return [
        f"LOCK TABLE {names} IN EXCLUSIVE MODE",
        f"TRUNCATE {anew} CASCADE",
        *(f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables),  # noqa: S608 - from the models
    ]


@pytest.fixture(scope="session")
def migration_lock() -> Iterator[IO[str]]:
    """Held until the database is there: who comes meanwhile waits and copies."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "migration_lock").open("w") as held:
        if connection.vendor == "sqlite":
            flock(held, LOCK_EX)
        yield held


@pytest.fixture(scope="session")
def kept_copy(migration_lock: IO[str], django_db_use_migrations: bool) -> Path | None:
    if connection.vendor != "sqlite" or not django_db_use_migrations:
        return None
    return KEPT / f"{digest()}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(kept_copy: Path | None) -> bool:
    """Put a copy where the database of the tests is expected; whether there was one to copy."""
    test = connection.settings_dict["TEST"]
    if kept_copy is None or not kept_copy.exists():
        return False
    for left in test["NAME"].parent.glob(f"{test['NAME'].name}-*"):
        left.unlink()  # a log of the database before would be played into this one
    shutil.copyfile(kept_copy, test["NAME"])
    test["MIGRATE"] = False
    return True


@pytest.fixture(scope="session")
def django_db_setup(
    migration_lock: IO[str],
    kept_copy: Path | None,
    django_db_keepdb: bool,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """Keep what was migrated here."""
    if kept_copy is not None and not django_db_keepdb:
        for former in KEPT.glob("*.sqlite3"):
            former.unlink()
        made = KEPT / "being-made"
        made.unlink(missing_ok=True)
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(made)])
        made.rename(kept_copy)
    migration_lock.close()
    if connection.vendor == "postgresql":
        connection.ops.sql_flush = deletions  # type: ignore[assignment,method-assign] # asked by Django alone
    # Each emptying of the database would write them again for every model; roles decide, not these rows.
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
