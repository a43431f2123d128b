"""Take the order out of stored slips and ballots, and of what else is kept so.

Random keys are not enough. PostgreSQL keeps the order of writing in row places (ctid), transaction
numbers (xmin) and the numbers of toasted values, in its write-ahead log and in what the planner remembers
of a table; SQLite in its overflow pages and in the journal beside the file. With them every vote could be
laid beside every redeemed slip. So slips and ballots are rewritten every night, at the close and before a
backup, and what the database remembers beside them goes, too. On PostgreSQL those of settled surveys lie as
they were shuffled last (`mixing`); SQLite writes its whole file. Voting goes on: votes wait, none is refused.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError, connection, transaction

from office.errors import Refused
from surveys.keys import mixing, write_ahead_log

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
PAUSE = 0.2  # seconds between two attempts


class OrderLeft(Refused):
    """The order could not be taken out; whoever asked has to ask again."""

    def __init__(self) -> None:
        super().__init__("数据库一直有人占用，凭条和选票的先后次序还没有打乱", "请过几分钟再试。")


TABLES = ("surveys_slip", "surveys_ballot")
_also: list[str] = []


def keep_no_order(*tables: str) -> None:
    """Have other tables rewritten as well: a room above names them when it starts."""
    _also.extend(table for table in tables if table not in _also)


def hold_still() -> None:
    """Wait for votes on their way and keep new ones waiting until the transaction ends.

    SQLite needs nothing: its transactions take the one writer's lock when they begin. PostgreSQL: every
    vote takes a lock on the table itself, whatever part its row lies in.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"LOCK TABLE ONLY {table} IN SHARE ROW EXCLUSIVE MODE")


def shuffle() -> None:
    """Rewrite slips and ballots in random order and leave no old page behind."""
    if connection.vendor == "postgresql":
        _shuffle_postgresql()
    else:
        _shuffle_sqlite()


def _shuffle_postgresql() -> None:
    """Slips and ballots by parts, other tables whole; no ANALYZE: it would store values of the rows."""
    until = time.monotonic() + settings.SHUFFLE_PATIENCE
    with connection.cursor() as cursor:
        if not mixing.mix(cursor, until):
            raise OrderLeft
        for table in _also:
            rewrite(cursor, table)
        # Statistics of these tables are turned off (migration 0020); what an earlier version stored, and
        # what was updated since, still stands in the file until it is written anew.
        cursor.execute("VACUUM FULL pg_statistic")
        write_ahead_log.forget(cursor)


def rewrite(cursor: CursorWrapper, table: str) -> None:
    """In one transaction: TRUNCATE starts a new file and drops the old one at the commit.

    The lock comes first and is the strongest: somebody else's statement then takes its look at the table
    after the commit, and finds its row.
    """
    with transaction.atomic():
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"CREATE TEMPORARY TABLE shuffled ON COMMIT DROP AS TABLE {table}")
        cursor.execute(f"TRUNCATE {table}")
        cursor.execute(f"INSERT INTO {table} SELECT * FROM shuffled ORDER BY random()")  # noqa: S608
    cursor.execute(f"VACUUM {table}")


def _shuffle_sqlite() -> None:
    """Rows lie in the order of their random keys; VACUUM puts their overflow pages so, too."""
    until = time.monotonic() + settings.SHUFFLE_PATIENCE
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
        _with_patience(_vacuum, cursor, until)
        _with_patience(_empty_journal, cursor, until)


def _with_patience(step: Callable[[CursorWrapper], bool], cursor: CursorWrapper, until: float) -> None:
    """Repeat `step` until it succeeds: SQLite waits for readers, but not where another checkpoint runs."""
    while not step(cursor):
        if time.monotonic() >= until:
            raise OrderLeft
        time.sleep(PAUSE)


def _vacuum(cursor: CursorWrapper) -> bool:
    try:
        cursor.execute("VACUUM")
    except OperationalError as fault:
        cause = fault.__cause__
        if isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode & 0xFF in BUSY:
            return False
        raise
    return True


def _empty_journal(cursor: CursorWrapper) -> bool:
    """Return whether the journal is empty: until then it shows the order."""
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [busy, _, _] = cursor.fetchone()
    return not busy
