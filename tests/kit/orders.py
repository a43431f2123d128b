"""Orders that whoever holds the whole database can read: columns, row places, its own files, its journal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import connection

from tests.kit.survey_office import raw

Orders = dict[str, list[bytes]]  # where an order was found → marks of rows in that order


def analyze(*tables: str) -> None:
    """What PostgreSQL does by itself whenever a table has changed enough."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(tables)}")


def correlation(order: Iterable[bytes], marks: list[bytes]) -> float:
    """Spearman's rank correlation between a found order and the one in which things happened."""
    place = {mark: rank for rank, mark in enumerate(marks)}
    ranks = [place[mark] for mark in order if mark in place]
    assert len(ranks) == len(marks)
    count = len(ranks)
    squares = sum((rank - found) ** 2 for found, rank in enumerate(ranks))
    return 1 - 6 * squares / (count * (count**2 - 1))


def column_orders(table: str, mark: str, columns: Sequence[str]) -> Orders:
    with connection.cursor() as cursor:
        orders = {}
        for column in columns:
            cursor.execute(f"SELECT {mark} FROM {table} ORDER BY {column}")  # noqa: S608 - constants
            orders[f"{table}.{column}"] = [_bytes(row[0]) for row in cursor.fetchall()]
        cursor.execute(f"SELECT {mark} FROM {table}")  # noqa: S608 - constants
        orders[f"{table} as it lies"] = [_bytes(row[0]) for row in cursor.fetchall()]
    return orders


def _bytes(mark: Any) -> bytes:
    return mark.encode() if isinstance(mark, str) else bytes(mark)


def hidden_columns() -> list[str]:
    return ["rowid"] if connection.vendor == "sqlite" else ["ctid", "xmin::text::bigint, ctid"]


def raw_orders(marks: list[bytes], sought: dict[bytes, bytes], files: dict[str, bytes]) -> Orders:
    """The order in which pieces of the rows lie in the database's own files."""
    orders = {}
    for name, content in files.items():
        places = {mark: content.find(sought[mark]) for mark in marks}
        if min(places.values()) >= 0:
            orders[name] = sorted(marks, key=lambda mark: places[mark])
    return orders


def database_files(*tables: str) -> dict[str, bytes]:
    """Everything the database keeps on disk about tables."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(FULL)")
        return {"file": raw(Path(connection.settings_dict["NAME"]))}
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT relname, pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class WHERE oid IN ("
            " SELECT unnest(ARRAY[oid, reltoastrelid]) FROM pg_class WHERE relname = ANY(%s)"
            " OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent::regclass::text = ANY(%s)))",
            [[*tables, "pg_statistic"], list(tables)],
        )
        files = {name: bytes(content) for name, content in cursor.fetchall()}
        files["write-ahead log"] = journal()
        return files


def journal() -> bytes:
    """SQLite's journal beside the file, PostgreSQL's write-ahead log with all segments that lie there."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, pg_read_binary_file('pg_wal/' || name) FROM pg_ls_waldir()")
            whole = b"".join(bytes(content) for _, content in sorted(cursor.fetchall()))
        return re.sub(rb"\0{64,}", bytes(64), whole)
    path = Path(f"{connection.settings_dict['NAME']}-wal")
    return raw(path) if path.exists() else b""
