"""PostgreSQL: slips and ballots in random order, old rounds left alone, voters waiting briefly.

Each table has parts (migration 0018). New rows come into the table itself; a shuffle writes all rows of
surveys that are not settled into one of two parts, `_a` and `_b` by turns, and empties where they were: the
old files go. A survey is settled once its bundle is written, or it is void: its rows go into `_settled` in
one random order and are not touched again.

What takes long is done before anybody has to wait: settled rows, and of a large box all ballots but
`SHUFFLED_AT_ONCE`, picked at random. Those, and what was cast meanwhile, are written in one random order
under the lock; whoever voted during a shuffle hides among that many. If a row that was written before changed
meanwhile, the whole is thrown away and begun again: its old version would tell who voted when.
"""

# ruff: noqa: S608 - names of tables are constants, and the conditions stand here

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError, transaction

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

LOCK_NOT_AVAILABLE, QUERY_CANCELED = "55P03", "57014"
WAIT_FOR_LOCK, HOLD_LOCK = "500ms", "1200ms"  # together below the two seconds that a voter may wait
PAUSE = 0.2  # seconds between two attempts
ADVISORY = 1_917_305_119  # one shuffle at a time, over all hosts

SETTLED = """
SELECT id FROM surveys_survey
WHERE state IN ('counted', 'void') OR (state = 'closed' AND bundle_digest <> '')
"""


class AgainError(Exception):
    """Somebody voted in between, or holds the table: begin again."""


@dataclass(frozen=True)
class Table:
    """`settled`: which rows are; `version`: changes with a row; `ahead`: a part may go ahead."""

    name: str
    settled: str
    version: str
    ahead: bool


SLIPS = Table(
    "surveys_slip",
    f"batch_id IN (SELECT id FROM surveys_slipbatch WHERE survey_id IN ({SETTLED}))",
    "state || is_returned",
    ahead=False,  # they are small, and a slip that was used meanwhile would leave its old version behind
)
BALLOTS = Table(
    "surveys_ballot",
    f"stratum_id IN (SELECT id FROM surveys_stratum WHERE survey_id IN ({SETTLED}))",
    "seq::text",
    ahead=True,
)


def mix(cursor: CursorWrapper, until: float) -> bool:
    """Shuffle both tables; False where somebody held them until `until`."""
    return all(_mixed(cursor, table, until) for table in (SLIPS, BALLOTS))


def _mixed(cursor: CursorWrapper, table: Table, until: float) -> bool:
    while True:
        try:
            _settle_anew(cursor, table)
            into = _emptied(cursor, table)
            _write(cursor, table, into, until)
        except AgainError:
            if time.monotonic() >= until:
                return False
            time.sleep(PAUSE)
        except OperationalError as fault:
            if _state_of(fault) not in (LOCK_NOT_AVAILABLE, QUERY_CANCELED):
                raise
            if time.monotonic() >= until:
                return False
            time.sleep(PAUSE)
        else:
            cursor.execute(f"VACUUM {into}")
            return True


def _state_of(fault: OperationalError) -> str | None:
    return getattr(fault.__cause__, "pgcode", None)


def _write(cursor: CursorWrapper, table: Table, into: str, until: float) -> None:
    with transaction.atomic():
        _alone(cursor)
        if _pages(cursor, into):
            raise AgainError
        other = next(part for part in _sides(table) if part != into)
        rows = f"(SELECT * FROM ONLY {table.name} UNION ALL SELECT * FROM ONLY {other}) AS rows"
        cursor.execute("CREATE TEMPORARY TABLE moved (id bigint PRIMARY KEY, version text) ON COMMIT DROP")
        _move(cursor, table, f"{table.name}_settled", f"{rows} WHERE {table.settled}")
        if table.ahead:
            _move(cursor, table, into, f"{rows} WHERE NOT {table.settled} AND {_ahead(cursor, table, rows)}")
        cursor.execute("ANALYZE moved")
        _take(cursor, [table.name, other], until)
        cursor.execute(
            "SELECT (SELECT COUNT(*) FROM moved),"
            f" (SELECT COUNT(*) FROM {rows} JOIN moved USING (id) WHERE moved.version = {table.version})"
        )
        written, unchanged = cursor.fetchone()
        if written != unchanged:
            raise AgainError
        left = f"{rows} WHERE NOT EXISTS (SELECT FROM moved WHERE moved.id = rows.id)"
        cursor.execute(f"INSERT INTO {into} SELECT rows.* FROM {left} ORDER BY random()")
        cursor.execute(f"TRUNCATE ONLY {table.name}, ONLY {other}")


def _ahead(cursor: CursorWrapper, table: Table, rows: str) -> str:
    """Which rows to write before the lock: all but so many, picked at random."""
    cursor.execute(f"SELECT COUNT(*) FROM {rows} WHERE NOT {table.settled}")
    [number] = cursor.fetchone()
    if number <= settings.SHUFFLED_AT_ONCE:
        return "false"
    return f"random() > {settings.SHUFFLED_AT_ONCE / number:.9f}"


def _move(cursor: CursorWrapper, table: Table, into: str, rows: str) -> None:
    cursor.execute(
        f"WITH written AS (INSERT INTO {into} SELECT rows.* FROM {rows} ORDER BY random() RETURNING *)"
        f" INSERT INTO moved SELECT id, {table.version} FROM written"
    )


def _take(cursor: CursorWrapper, tables: list[str], until: float) -> None:
    """Lock tables, and hold them no longer than a voter may wait.

    Who waits for a lock keeps everybody after it waiting, too: so it is asked for briefly, and again.
    """
    while True:
        try:
            with transaction.atomic():
                cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_FOR_LOCK}'")
                cursor.execute(f"LOCK TABLE {', '.join(f'ONLY {one}' for one in tables)}")
        except OperationalError as fault:
            if _state_of(fault) != LOCK_NOT_AVAILABLE or time.monotonic() >= until:
                raise
            time.sleep(PAUSE)
        else:
            cursor.execute(f"SET LOCAL statement_timeout = '{HOLD_LOCK}'")
            return


def _sides(table: Table) -> tuple[str, str]:
    return f"{table.name}_a", f"{table.name}_b"


def _emptied(cursor: CursorWrapper, table: Table) -> str:
    """Return the part to write into; what an attempt that failed has left in its file goes."""
    with transaction.atomic():
        _alone(cursor)
        first, second = _sides(table)
        cursor.execute(f"SELECT EXISTS (SELECT FROM ONLY {first})")
        into = second if cursor.fetchone()[0] else first
        if _pages(cursor, into):
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_FOR_LOCK}'")
            cursor.execute(f"TRUNCATE ONLY {into}")
    return into


def _settle_anew(cursor: CursorWrapper, table: Table) -> None:
    """Slips that came back after the bundle were changed where they lay: write all settled ones anew."""
    part = f"{table.name}_settled"
    if table is not SLIPS:
        return
    changed = (
        f"SELECT FROM ONLY {part} AS slip JOIN surveys_slipbatch AS batch ON batch.id = slip.batch_id"
        " GROUP BY batch.survey_id HAVING COUNT(DISTINCT slip.xmin::text) > 1"
    )
    cursor.execute(f"SELECT EXISTS ({changed})")
    if not cursor.fetchone()[0]:
        return
    with transaction.atomic():
        _alone(cursor)
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_FOR_LOCK}'")
        cursor.execute(f"LOCK TABLE ONLY {part}")
        cursor.execute(f"CREATE TEMPORARY TABLE settled ON COMMIT DROP AS SELECT * FROM ONLY {part}")
        cursor.execute(f"TRUNCATE ONLY {part}")
        cursor.execute(f"INSERT INTO {part} SELECT * FROM settled ORDER BY random()")


def _pages(cursor: CursorWrapper, part: str) -> int:
    cursor.execute("SELECT pg_relation_size(%s::regclass)", [part])
    return int(cursor.fetchone()[0])


def _alone(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY])
