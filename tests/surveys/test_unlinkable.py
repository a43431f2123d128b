"""Nothing that is stored tells which slip became which ballot, nor in which order people voted.

Hundreds of voters redeem and cast one after the other, the worst case: whoever finds the order of the
slips and that of the ballots, has every vote. The same search is made before the shuffle, where it
must succeed, and after it, where it must find no more than chance.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from django.db import connection

from surveys.keys import shuffle
from surveys.models import Ballot, Slip
from surveys.slips.printed import PrintedSlip
from tests.kit.orders import (
    Orders,
    analyze,
    column_orders,
    correlation,
    database_files,
    hidden_columns,
    journal,
    raw_orders,
)
from tests.kit.survey_office import Voter, new_office, opened_about_units

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

VOTES = 400 if os.environ.get("LONG_TESTS") else 200
CHANCE = 5 / (VOTES - 1) ** 0.5  # five standard deviations of the correlation of random ranks
TABLES = ("surveys_slip", "surveys_ballot")


def vote_in_order(*, about_units: bool) -> tuple[list[bytes], list[bytes]]:
    """Marks of slips (code hashes) and of ballots (credentials) in the order of voting."""
    office = new_office()
    if about_units:
        survey, of_all = opened_about_units(VOTES)
    else:
        survey, slips = office.ready(slips=VOTES)
        of_all = slips["private"]
    answers = {"d4": {"policy": "满意"}} if about_units else {"p1": {"overall": "满意"}}
    shuffle.shuffle()  # last night's
    queue: list[PrintedSlip] = random.sample(of_all, VOTES)
    known: set[bytes] = set()
    hashes, credentials = [], []
    for place, slip in enumerate(queue):
        if place == VOTES // 2:
            analyze(*TABLES)
        voter = Voter(survey, slip)
        assert voter.vote(answers).status_code == 200
        now_used = redeemed()
        hashes += now_used - known
        known = now_used
        credentials.append(voter.phone.credential)
    return hashes, credentials


def redeemed() -> set[bytes]:
    found = Slip.objects.filter(state=Slip.State.REDEEMED).values_list("code_hash", flat=True)
    return {bytes(code_hash) for code_hash in found}


def slip_orders() -> Orders:
    names = [field.column for field in Slip._meta.fields if field.name not in ("batch", "state")]
    return column_orders("surveys_slip", "code_hash", names + hidden_columns())


def ballot_orders() -> Orders:
    names = [field.column for field in Ballot._meta.fields if field.name != "stratum"]
    return column_orders("surveys_ballot", "credential", names + hidden_columns())


def sealed_ends() -> dict[bytes, bytes]:
    """The last bytes of each sealed ballot: they lie in overflow pages or toast."""
    rows = Ballot.objects.values_list("credential", "sealed")
    return {bytes(credential): bytes(sealed)[-24:] for credential, sealed in rows}


def strongest(hashes: list[bytes], credentials: list[bytes]) -> dict[str, float]:
    """Every order an attacker with the whole database can read, against the order of voting."""
    files = database_files(*TABLES)
    found = {name: correlation(order, hashes) for name, order in slip_orders().items()}
    for orders in (
        ballot_orders(),
        raw_orders(credentials, sealed_ends(), files),
        raw_orders(credentials, {mark: mark for mark in credentials}, files),
    ):
        found |= {f"{name} {len(found)}": correlation(order, credentials) for name, order in orders.items()}
    found |= {
        f"raw slips in {name}": correlation(order, hashes)
        for name, order in raw_orders(hashes, {mark: mark for mark in hashes}, files).items()
    }
    return found


@pytest.mark.parametrize("about_units", [False, True])
def test_after_the_shuffle_no_order_is_left_to_link_by(*, about_units: bool) -> None:
    hashes, credentials = vote_in_order(about_units=about_units)
    before = strongest(hashes, credentials)
    assert max(abs(found) for found in before.values()) > 0.9, "the search must be able to see an order"
    assert max(abs(found) for name, found in before.items() if in_journal(name)) > 0.9
    shuffle.shuffle()
    assert left_in_journal(hashes, credentials) == []
    after = strongest(hashes, credentials)
    assert {name: found for name, found in after.items() if abs(found) > CHANCE} == {}
    assert_nothing_stale(hashes, credentials)


def in_journal(name: str) -> bool:
    return "write-ahead log" in name or connection.vendor == "sqlite"


def left_in_journal(hashes: list[bytes], credentials: list[bytes]) -> list[bytes]:
    """Pieces of rows that the journal still holds, blinded values included."""
    content = journal()
    if connection.vendor == "sqlite":
        return [content] if content else []
    blinded = Slip.objects.exclude(blinded_hash=None).values_list("blinded_hash", flat=True)
    marks = [*hashes, *credentials, *sealed_ends().values(), *map(bytes, blinded)]
    return [mark for mark in marks if mark in content]


def assert_nothing_stale(hashes: list[bytes], credentials: list[bytes]) -> None:
    """No former version of a row is left in a file: each sealed ballot is there once."""
    content = b"".join(database_files(*TABLES).values())
    twice = [end for end in sealed_ends().values() if content.count(end) != 1]
    assert twice == []
    copies: Callable[[bytes], int] = content.count
    most = 2 if connection.vendor == "sqlite" else 1  # SQLite: row and index
    assert [mark for mark in [*hashes, *credentials] if copies(mark) > most] == []


def test_all_rows_carry_the_same_transaction_after_the_shuffle() -> None:
    """PostgreSQL: xmin groups what was written together; SQLite: the key is the row's own place."""
    survey, slips = new_office().ready(slips=20)
    for slip in slips["private"][:5]:
        Voter(survey, slip).vote()
    shuffle.shuffle()
    column = "xmin" if connection.vendor == "postgresql" else "rowid = id"
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT DISTINCT {column} FROM {table}")  # noqa: S608 - constants
            assert len(cursor.fetchall()) == 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM surveys_ballot WHERE rowid <> id")
            assert cursor.fetchone() == (0,)
