"""Many threads with one slip or one credential, and a shuffle among them, on either database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from threading import Barrier

import django
import pytest
from django.db import connection, connections
from django.http import HttpResponse

from surveys.keys import shuffle
from surveys.models import Ballot, Slip
from tests.kit.survey_office import Voter, new_office, opened

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
        waiting = {threads.submit(vote, voter) for voter in voters}
        while waiting:  # one shuffle an answer, or on SQLite the shuffles leave a voter no turn at the lock
            shuffle.shuffle()
            answered, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            assert {answer.result() for answer in answered} == {200}
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
        wait(answers, return_when=FIRST_COMPLETED)
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


def test_a_vote_spares_the_question_that_django_5_2_asks_a_connection_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`or_busy` sets a private flag. With another Django, read `close_if_health_check_failed` first."""
    assert django.VERSION[:2] == (5, 2)
    new_office()
    survey, slips = opened(20, ("private",))
    voter = Voter(survey, slips["private"][0])
    asked: list[str] = []

    def is_usable() -> bool:
        asked.append("is_usable")
        return True

    database = connections["default"]  # not the proxy: what is patched there is not put back
    with monkeypatch.context() as patch:
        patch.setattr(database, "health_check_enabled", True)
        patch.setattr(database, "is_usable", is_usable)
        patch.setattr(database, "health_check_done", False)
        assert voter.vote().status_code == 200
        assert asked == []
        database.health_check_done = False
        assert Ballot.objects.count() == 1
        assert asked == ["is_usable"], "Django still asks where nobody says that it has"


def test_a_vote_outlives_a_connection_that_broke_before_it() -> None:
    survey, slips = new_office().ready()
    voter = Voter(survey, slips["private"][0])
    break_connection()
    assert voter.redeem().status_code == 200
    break_connection()
    assert voter.cast().status_code == 200
    assert Ballot.objects.count() == 1
