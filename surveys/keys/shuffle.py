"""Take the order out of stored slips and ballots.

Random keys are not enough. PostgreSQL keeps the order of writing in row places (ctid), transaction
numbers (xmin) and the numbers of toasted values, SQLite in its overflow pages and in the journal
beside the file; with them every vote could be laid beside every redeemed slip. So both tables are
rewritten every night, at the close and before a backup. Voting goes on: votes wait, none is refused.
"""

from __future__ import annotations

from django.db import connection, transaction


class OrderLeft(RuntimeError):  # noqa: N818 - reads as what happened
    """The order could not be taken out; whoever asked has to ask again."""


TABLES = ("surveys_slip", "surveys_ballot")


def hold_still() -> None:
    """Wait for votes on their way and keep new ones waiting until the transaction ends.

    SQLite needs nothing: its transactions take the one writer's lock when they begin.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def shuffle() -> None:
    """Rewrite slips and ballots in random order and leave no old page behind."""
    if connection.vendor == "postgresql":
        _shuffle_postgresql()
    else:
        _shuffle_sqlite()


def _shuffle_postgresql() -> None:
    """Each table in one transaction: TRUNCATE starts a new file and drops the old one at the commit.

    The lock comes first and is the strongest: a voter's statement then takes its look at the table
    after the commit, and finds its row.
    """
    with connection.cursor() as cursor:
        for table in TABLES:
            with transaction.atomic():
                cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
                cursor.execute(f"CREATE TEMPORARY TABLE shuffled ON COMMIT DROP AS TABLE {table}")
                cursor.execute(f"TRUNCATE {table}")
                cursor.execute(f"INSERT INTO {table} SELECT * FROM shuffled ORDER BY random()")  # noqa: S608
            cursor.execute(f"VACUUM ANALYZE {table}")


def _shuffle_sqlite() -> None:
    """Rows lie in the order of their random keys; VACUUM puts their overflow pages so, too."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    if busy:  # a reader outlasted the waiting time: the journal still shows the order
        raise OrderLeft
