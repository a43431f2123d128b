"""Insert many rows in standard SQL, some hundred with one statement.

A register brings 200,000 labels, a first run of matching some hundred thousand matches: making an object of
each takes several times as long as the database needs, and SQLite has one writer, for whom voters wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import connection

MOST_VALUES = 900  # of one statement: SQLite takes 999


def insert_rows(into: str, rows: Sequence[Sequence[Any]]) -> None:
    """`into` is `INSERT INTO table (columns)`, in the order of each row's values."""
    if not rows:
        return
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    at_a_time = MOST_VALUES // len(rows[0])
    with connection.cursor() as cursor:
        for start in range(0, len(rows), at_a_time):
            some = rows[start : start + at_a_time]
            cursor.execute(f"{into} VALUES {', '.join([row] * len(some))}", list(chain.from_iterable(some)))
