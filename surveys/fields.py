"""Random primary key of slips and ballots; in SQLite it is also the rowid, so no insertion order remains."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


def random_key() -> int:
    return secrets.randbits(62) or 1


class RandomKey(models.BigIntegerField):
    """A random 62-bit primary key that leaves no hidden order behind.

    In SQLite the column type must read `integer` so that the key is the rowid itself; Django's
    `BigIntegerField` emits `bigint` there, which would keep a second, sequential rowid.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("default", random_key)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column type: `integer` in SQLite, `bigint` elsewhere."""
        return "integer" if connection.vendor == "sqlite" else "bigint"
