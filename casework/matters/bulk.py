"""Write the same columns of many rows: one prepared statement, whatever the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction

AT_ONCE = 5000


def write(rows: Iterable[models.Model], columns: Sequence[str], *, only_if: Sequence[str] = ()) -> None:
    """Update `columns` of each row by its key; with `only_if` where these columns still are as in the row."""
    found = list(rows)
    if not found:
        return
    model = found[0]._meta
    fields = {one.name: one for one in model.concrete_fields}
    put = [fields[name] for name in columns]
    same = [model.pk, *(fields[name] for name in only_if)]
    quoted = connection.ops.quote_name
    sets = ", ".join(f"{quoted(str(one.column))} = %s" for one in put)
    where = " AND ".join(f"{quoted(str(one.column))} = %s" for one in same)
    statement = f"UPDATE {quoted(model.db_table)} SET {sets} WHERE {where}"  # noqa: S608 - names of our own columns
    for first in range(0, len(found), AT_ONCE):
        values = [[_kept(one, row) for one in (*put, *same)] for row in found[first : first + AT_ONCE]]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, values)


def _kept(field: Any, row: models.Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
