"""Two hosts that are prepared at once on an empty database: one waits for the other, both succeed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from pytest_django import DjangoDbBlocker

from config.preparation import WAITS

COMMAND = [sys.executable, "-m", "config.preparation"]


@pytest.fixture
def empty_database(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of a database without any table, beside the one of the tests."""
    with django_db_blocker.unblock():
        apart = connections.create_connection(DEFAULT_DB_ALIAS)
        with apart.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS prepared_twice")
            cursor.execute("CREATE DATABASE prepared_twice")
            yield f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/prepared_twice"
            cursor.execute("DROP DATABASE prepared_twice WITH (FORCE)")
        apart.close()


def prepare_both(tmp_path: Path, first: dict[str, str], second: dict[str, str]) -> list[str]:
    """Prepare with either environment at once; what each said."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    common = {**kept, "KEYS_DIR": str(tmp_path / "keys")}
    started = [
        subprocess.Popen(
            COMMAND,
            cwd=settings.BASE_DIR,
            env={**common, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for own in (first, second)
    ]
    said = [process.communicate(timeout=300)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    return said


def assert_prepared(environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--check"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )


@pytest.mark.on_postgresql
def test_two_hosts_prepare_one_empty_database_at_once(tmp_path: Path, empty_database: str) -> None:
    hosts = [{"DATA_DIR": str(tmp_path / name), "DATABASE_URL": empty_database} for name in ("one", "two")]
    said = prepare_both(tmp_path, *hosts)
    assert sum(WAITS in text for text in said) == 1
    assert_prepared(hosts[0])


def test_two_processes_prepare_one_empty_folder_at_once(tmp_path: Path) -> None:
    here = {"DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": ""}
    said = prepare_both(tmp_path, here, here)
    assert sum(WAITS in text for text in said) == 1
    assert_prepared(here)
