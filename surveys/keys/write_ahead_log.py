"""PostgreSQL's write-ahead log holds every slip and ballot in the order of voting: make it forget.

A checkpoint removes segments that are no longer needed, or renames them and leaves their content to be
written over some day (`wal_recycle`). So after it the log is moved on through all renamed segments, too:
what it skips is written over with zeros. Replicas, archives and slots keep copies that nobody here can
reach; `database_settings` says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

MOST_SEGMENTS = 256  # 4 GB; renamed ones are few where the defaults stand

MAY_FORGET = """
SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE')
AND has_function_privilege('pg_ls_waldir()', 'EXECUTE')
AND EXISTS (SELECT 1 FROM pg_roles
  WHERE (rolname = current_user AND rolsuper) OR (rolname = 'pg_checkpoint' AND pg_has_role(oid, 'USAGE')))
"""
AHEAD = """
SELECT EXISTS (SELECT 1 FROM pg_ls_waldir()
  WHERE name ~ '^[0-9A-F]{24}$' AND name > pg_walfile_name(pg_current_wal_insert_lsn()))
"""


def may_forget(cursor: CursorWrapper) -> bool:
    """Whether the role may switch segments, look at their names and make checkpoints."""
    cursor.execute(MAY_FORGET)
    return bool(cursor.fetchone()[0])


def forget(cursor: CursorWrapper) -> None:
    """Leave nothing in the log of what was written before; without the right to, leave it as it is."""
    if not may_forget(cursor):
        return
    _move_on(cursor)
    cursor.execute("CHECKPOINT")  # everything before is no longer needed: removed, or renamed
    for _ in range(MOST_SEGMENTS):
        cursor.execute(AHEAD)
        if not cursor.fetchone()[0]:
            break
        _move_on(cursor)
    _move_on(cursor)  # the one it has come to may be a renamed one, too
    cursor.execute("CHECKPOINT")


def _move_on(cursor: CursorWrapper) -> None:
    """Begin the next segment; without a record in it the present one would not be left."""
    cursor.execute("SELECT pg_logical_emit_message(false, 'sanliang', '')")
    cursor.execute("SELECT pg_switch_wal()")
