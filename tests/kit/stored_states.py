"""States that are costly to reach (keys, votes, a tally): built once a session, afterwards put back.

`@stored` before a function that builds a state makes each call of it put the state back: the rows that
the function wrote, the files (keys, bundles, published pages), and a copy of what it returned. Rows come
back with their keys, into whatever transaction the test runs in, on either database.

    @stored
    def opened(slips: int = 20) -> Office: ...

A builder may begin with another stored state. A test calls a state before it writes anything itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import time
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import override_settings

Asked = ParamSpec("Asked")
State = TypeVar("State")
Row = tuple[Any, ...]
Tables = dict[str, tuple[list[str], list[Row]]]  # table → its columns, its rows

FOLDERS = ("DATA_DIR", "MEDIA_ROOT", "PUBLISHED_ROOT", "PRIVATE_ROOT", "KEYS_DIR")
_kept_files = TemporaryDirectory(prefix="stored-states-")  # removed when the session ends


@dataclass(frozen=True)
class Kept:
    """What one builder left behind."""

    result: Any
    tables: Tables
    files: Path = field(repr=False)


def stored(build: Callable[Asked, State]) -> Callable[Asked, State]:
    """Build once for each set of arguments; then put rows and files back and return a copy."""
    kept: dict[Any, Kept] = {}

    @wraps(build)
    def restore(*args: Asked.args, **kwargs: Asked.kwargs) -> State:
        # Printed slips carry the address of the site, which a browser test puts elsewhere.
        asked = (args, tuple(sorted(kwargs.items())), settings.PUBLIC_ORIGIN)
        if asked not in kept:
            kept[asked] = _built(lambda: build(*args, **kwargs))
        found = kept[asked]
        with transaction.atomic():
            _write(found.tables)
        for name in FOLDERS:
            shutil.copytree(found.files / name, Path(getattr(settings, name)), dirs_exist_ok=True)
        return deepcopy(found.result)

    return restore


def _built(build: Callable[[], Any]) -> Kept:
    """Run a builder on folders of its own, keep what it wrote, and take it back.

    Nothing is committed, so nothing happens that waits for the commit: no job is sent off.
    """
    with _folders_apart() as files, transaction.atomic():
        before = _read()
        result = build()
        tables = _added(before, _read())
        transaction.set_rollback(True)
    return Kept(result, tables, files)


@contextmanager
def _folders_apart() -> Iterator[Path]:
    files = Path(mkdtemp(dir=_kept_files.name))
    folders = {name: files / name for name in FOLDERS}
    for folder in folders.values():
        folder.mkdir()
    with override_settings(**folders):
        yield files


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return [name for name in connection.introspection.table_names(cursor) if name != "django_migrations"]


def _read() -> Tables:
    found: Tables = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608 - names from the database
            columns = [part[0] for part in cursor.description]
            found[table] = (columns, [tuple(row) for row in cursor.fetchall()])
    return found


def _added(before: Tables, after: Tables) -> Tables:
    """The rows that are new. A builder must not change what was there before it: restoring only adds."""
    added: Tables = {}
    for table, (columns, rows) in after.items():
        former, latter = set(map(repr, before[table][1])), set(map(repr, rows))
        assert former <= latter, f"a stored state changed or deleted rows of {table} that it did not make"
        if new := [row for row in rows if repr(row) not in former]:
            added[table] = (columns, new)
    return added


def _write(tables: Tables) -> None:
    """Insert the rows; foreign keys are checked at the end of the transaction."""
    with connection.cursor() as cursor:
        for table, (columns, rows) in tables.items():
            names = ", ".join(map(_quoted, columns))
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {_quoted(table)} ({names}) VALUES ({places})",  # noqa: S608 - likewise
                [[_adapted(value) for value in row] for row in rows],
            )
        written = [
            model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in tables
        ]
        for statement in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(statement)


def _adapted(value: Any) -> Any:
    """SQLite gives a time of day as one, but does not take it back."""
    return connection.ops.adapt_timefield_value(value) if isinstance(value, time) else value


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
