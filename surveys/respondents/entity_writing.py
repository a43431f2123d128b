"""Write the result of comparing the sample library in standard SQL: one statement for many rows.

SQLite has one writer, and voters are among those who wait for it. Django takes six seconds to put
together the change of 4,000 rows and more than one to insert 20,000; the database itself needs a
third of a second for either. A change holds only while the row still reads as it was compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from departments.models import Town
from departments.towns import TownNames
from office.imports.spool import Spool
from office.imports.unchanged import changed_since_preview

AT_ONCE = 2000
FIELDS = ("name", "kind", "town", "contact", "phone", "industry")
AT_A_TIME = 100  # rows of one INSERT: psycopg2 asks the server once a statement, SQLite takes 999 values
INSERT = "INSERT INTO surveys_marketentity (name, kind, town_id, contact, phone, industry, code, is_active)"
ROW = "(%s, %s, %s, %s, %s, %s, %s, %s)"
CHANGE = """
UPDATE surveys_marketentity SET name = %s, kind = %s, town_id = %s, contact = %s, phone = %s, industry = %s
WHERE id = %s AND name = %s AND kind = %s AND town_id = %s AND contact = %s AND phone = %s AND industry = %s
"""


@dataclass
class Settled:
    """What is to be written, put aside on the disk; towns that are new stand there by their place."""

    towns: TownNames  # as they were when the rows were compared
    new_towns: list[Town] = field(default_factory=list)
    new: Spool = field(default_factory=Spool)  # of (values, code)
    altered: Spool = field(default_factory=Spool)  # of (values, key, values before)

    def town(self, town: Town) -> int:
        """Return a town's key, or a negative place in the list while it has none."""
        return town.pk or -1 - self.new_towns.index(town)


def write(settled: Settled) -> None:
    """Write everything in the caller's transaction; refuse if rows changed meanwhile."""
    list(Town.objects.select_for_update().values_list("pk"))
    if TownNames.stored() != settled.towns:
        raise changed_since_preview()
    keys = [town.pk for town in Town.objects.bulk_create(settled.new_towns)]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for rows in settled.new.chunks(AT_ONCE):
                _insert(cursor, [[*_keyed(values, keys), code, True] for values, code in rows])
            for rows in settled.altered.chunks(AT_ONCE):
                changes = list(_changes(rows, keys))
                cursor.executemany(CHANGE, changes)
                if cursor.rowcount != len(changes):
                    raise changed_since_preview()
    except IntegrityError as error:  # somebody else stored the code
        raise changed_since_preview() from error


def _insert(cursor: CursorWrapper, rows: list[list[Any]]) -> None:
    for start in range(0, len(rows), AT_A_TIME):
        some = rows[start : start + AT_A_TIME]
        cursor.execute(f"{INSERT} VALUES {', '.join([ROW] * len(some))}", list(chain.from_iterable(some)))


def _changes(rows: list[list[Any]], keys: list[int]) -> Iterator[list[Any]]:
    for values, key, before in rows:
        yield [*_keyed(values, keys), key, *before]


def _keyed(values: list[Any], keys: list[int]) -> list[Any]:
    place = FIELDS.index("town")
    town = values[place]
    return [*values[:place], keys[-1 - town] if town < 0 else town, *values[place + 1 :]]
