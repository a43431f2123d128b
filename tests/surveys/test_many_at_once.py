"""Many threads with one slip or one credential, and a shuffle among them, on either database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.http import HttpResponse

from surveys.keys import shuffle
from surveys.models import Ballot, Slip
from tests.surveys.conftest import Voter, new_office

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
THREADS = 8


def at_once(asks: list[Callable[[], HttpResponse]]) -> list[int]:
    """Status codes of requests that start together, each in a thread of its own."""
    start = Barrier(len(asks))

    def ask(one: Callable[[], HttpResponse]) -> int:
        start.wait()
        try:
            return one().status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asks)) as threads:
        return sorted(threads.map(ask, asks))


def test_eight_phones_with_one_slip_get_one_credential() -> None:
    survey, slips = new_office().ready()
    voters = [Voter(survey, slips["private"][0]) for _ in range(THREADS)]
    assert at_once([voter.redeem for voter in voters]) == [200] + [409] * (THREADS - 1)
    assert Slip.objects.filter(state=Slip.State.REDEEMED).count() == 1


def test_one_ballot_sent_eight_times_at_once_is_one_ballot() -> None:
    survey, slips = new_office().ready()
    voter = Voter(survey, slips["private"][0])
    voter.redeem()
    body = voter.phone.cast({"p1": {"overall": "满意"}})
    again = [Voter(survey, slips["private"][0]) for _ in range(THREADS)]
    assert at_once([lambda one=one: one.post("/v/cast", body) for one in again]) == [200] * THREADS
    assert Ballot.objects.count() == 1


def test_of_eight_changes_at_once_the_newest_stays() -> None:
    survey, slips = new_office().ready()
    voter = Voter(survey, slips["private"][0])
    voter.redeem()
    bodies = [voter.phone.cast({}) for _ in range(THREADS)]
    others = [Voter(survey, slips["private"][0]) for _ in range(THREADS)]
    pairs = zip(others, bodies, strict=True)
    answers = at_once([lambda one=one, body=body: one.post("/v/cast", body) for one, body in pairs])
    assert set(answers) <= {200, 409}
    assert Ballot.objects.get().seq == bodies[-1]["seq"]


def test_shuffling_while_voters_vote_refuses_nobody() -> None:
    """The lock keeps a voter's conditional update from finding its row gone."""
    office = new_office()
    survey, slips = office.ready(slips=40)

    def vote(voter: Voter) -> int:
        try:
            return voter.vote().status_code
        finally:
            connection.close()

    voters = [Voter(survey, slip) for slip in slips["private"]]
    with ThreadPoolExecutor(3) as threads:
        answers = [threads.submit(vote, voter) for voter in voters]
        while not all(answer.done() for answer in answers):
            shuffle.shuffle()
        assert {answer.result() for answer in answers} == {200}
    assert Ballot.objects.count() == len(voters)
    office.close(survey)
    assert office.tally(survey).controls["faults"] == []


def test_the_close_loses_no_vote_it_accepted() -> None:
    office = new_office()
    survey, slips = office.ready(slips=40)

    def vote(voter: Voter) -> bool:
        try:
            return voter.redeem().status_code == 200 and voter.cast().status_code == 200
        finally:
            connection.close()

    voters = [Voter(survey, slip) for slip in slips["private"]]
    with ThreadPoolExecutor(3) as threads:
        answers = [threads.submit(vote, voter) for voter in voters]
        while not any(answer.done() for answer in answers):
            pass
        office.close(survey)
        accepted = sum(answer.result() for answer in answers)
    assert accepted > 0
    assert Ballot.objects.count() == accepted
    office.tally(survey)


def break_connection() -> None:
    """End the server's side of this thread's connection; SQLite has none, so only ours is closed."""
    if connection.vendor == "sqlite":
        connection.close()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()


def test_a_vote_outlives_a_connection_that_broke_before_it() -> None:
    survey, slips = new_office().ready()
    voter = Voter(survey, slips["private"][0])
    break_connection()
    assert voter.redeem().status_code == 200
    break_connection()
    assert voter.cast().status_code == 200
    assert Ballot.objects.count() == 1
