"""Taking the order out of stored slips and ballots: the one file of raw SQL.

Random keys are not enough. PostgreSQL keeps the order of writing in row places (ctid) and
transaction numbers (xmin), SQLite in its overflow pages and in the journal beside the file; with
them every vote could be laid beside every redeemed slip. So both tables are rewritten every
night, at the close and before a backup.
"""

from __future__ import annotations

from django.db import connection, transaction

TABLES = ("surveys_slip", "surveys_ballot")


def hold_still() -> None:
    """Wait for votes on their way and keep new ones waiting until the transaction ends.

    SQLite needs nothing: its transactions take the one writer's lock when they begin.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def shuffle(*, thorough: bool = False) -> None:
    """Rewrite slips and ballots in random order; `thorough` also leaves no old pages behind.

    Voting may go on meanwhile: votes wait and are not refused.
    """
    if connection.vendor == "postgresql":
        _shuffle_postgresql(thorough=thorough)
    else:
        _shuffle_sqlite()


def _shuffle_postgresql(*, thorough: bool) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            with transaction.atomic():
                # Without the lock a voter's conditional UPDATE would find the row gone.
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
                cursor.execute(f"CREATE TEMPORARY TABLE shuffled ON COMMIT DROP AS TABLE {table}")
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a constant
                cursor.execute(f"INSERT INTO {table} SELECT * FROM shuffled ORDER BY random()")  # noqa: S608
            cursor.execute(f"VACUUM {'FULL' if thorough else ''} {table}")


def _shuffle_sqlite() -> None:
    with connection.cursor() as cursor:
        # Rows lie in the order of their random keys; VACUUM also puts their overflow pages so.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
