"""Write the same columns of many rows: one prepared statement, whatever the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

AT_ONCE = 5000


def write(
    model: type[models.Model], rows: Sequence[Any], columns: Sequence[str], *, only_if: Sequence[str] = ()
) -> None:
    """Update `columns` of each row by its `id`; with `only_if` where these columns still are as in the row.

    A row is anything that has these columns as attributes.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    fields = {one.name: one for one in model._meta.concrete_fields}
    put = [fields[name] for name in (*columns, "id", *only_if)]
    names = [connection.ops.quote_name(str(one.column)) for one in put]
    sets = ", ".join(f"{name} = %s" for name in names[: len(columns)])
    where = " AND ".join(f"{name} = %s" for name in names[len(columns) :])
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"UPDATE {table} SET {sets} WHERE {where}"  # noqa: S608 - names of our own columns
    for first in range(0, len(rows), AT_ONCE):
        values = [
            [one.get_db_prep_save(getattr(row, one.name), connection) for one in put]
            for row in rows[first : first + AT_ONCE]
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, values)
