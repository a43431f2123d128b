"""The two statements of a vote, in plain SQL: redeeming a slip and putting a ballot in.

A whole hall votes within minutes, and these two are all that happens then. Each is one statement
in a transaction of its own that asks in itself whether the survey is open: no transaction to
begin and end, no second look, and nothing is written that would have to be taken back. Django
cannot say the second at all (an insertion with a condition), and takes a millisecond to put the
first together; the statements themselves are standard SQL.

On PostgreSQL rows lie in parts (surveys/keys/mixing.py), and a key of the table sees new rows alone: so a
ballot that was shuffled already is asked for by itself. Rows change parts only while nobody votes.

Nothing here may fail: PostgreSQL would write the statement into its log, values and time and all.
"""

from __future__ import annotations

import contextlib
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from surveys.ballots.casting import Cast
from surveys.fields import random_key

# Conditions on the slip stand outside every subquery: PostgreSQL looks at those again after waiting
# for somebody else's update, at a subquery's it does not, and both would succeed.
REDEEM = """
UPDATE surveys_slip SET state = 'redeemed', blinded_hash = %s
WHERE code_hash = %s AND state = 'unused'
AND EXISTS (SELECT 1 FROM surveys_slipbatch
            WHERE id = surveys_slip.batch_id AND stratum_id = %s AND NOT is_void)
AND EXISTS (SELECT 1 FROM surveys_survey WHERE id = %s AND state = 'open')
"""
PUT_IN = """
INSERT INTO surveys_ballot
(id, stratum_id, credential, prefix, signature, seq, sealed, credential_signature)
SELECT %s, %s, %s, %s, %s, %s, %s, %s
WHERE EXISTS (SELECT 1 FROM surveys_survey WHERE id = %s AND state = 'open')
AND NOT EXISTS (SELECT 1 FROM surveys_ballot WHERE credential = %s)
ON CONFLICT DO NOTHING
"""


def redeem(*, code_hash: bytes, mark: bytes, stratum: int, survey: int) -> bool:
    """Redeem an unused slip of this stratum while the survey is open; False where there is none."""
    return _done(REDEEM, [mark, code_hash, stratum, survey])


def put_in(cast: Cast, *, stratum: int, survey: int) -> bool:
    """Insert a ballot while the survey is open; False also where its credential has one already."""
    ballot = [cast.credential, cast.prefix, cast.sig, cast.seq, cast.sealed, cast.edsig]
    return _done(PUT_IN, [random_key(), stratum, *ballot, survey, cast.credential])


def _done(statement: str, values: list[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount == 1)


def say_something_else() -> None:
    """End a vote with a statement about nothing.

    PostgreSQL shows the last statement of each connection (pg_stat_activity), values and moment and all,
    for as long as the connection is idle.
    """
    if connection.vendor == "postgresql" and connection.connection is not None:
        with contextlib.suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
