"""Two threads with one slip: exactly one ballot, on either database."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from surveys import shuffle
from surveys.models import Ballot, Slip
from tests.surveys.conftest import new_office, parts

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_slip_cast_twice_at_once_is_one_ballot() -> None:
    _, slips = new_office().ready()
    key, code = parts(slips["private"][0])
    body = json.dumps({"key": key, "code": code, "answers": {}, "comments": []})
    start = Barrier(2)

    def cast(_: int) -> int:
        start.wait()
        try:
            return Client().post("/v/cast", body, content_type="application/json").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(cast, range(2))) == [200, 409]
    assert Ballot.objects.count() == 1
    assert Slip.objects.filter(state=Slip.State.REDEEMED).count() == 1


def test_shuffling_while_voters_cast_refuses_nobody() -> None:
    """The lock keeps a voter's conditional update from finding its row gone."""
    office = new_office()
    survey, slips = office.ready(slips=40)
    bodies = [
        json.dumps({"key": key, "code": code, "answers": {}, "comments": []})
        for key, code in map(parts, slips["private"])
    ]

    def cast(body: str) -> int:
        try:
            return Client().post("/v/cast", body, content_type="application/json").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        answers = [threads.submit(cast, body) for body in bodies]
        while not all(answer.done() for answer in answers):
            shuffle.shuffle()
        assert {answer.result() for answer in answers} == {200}
    assert Ballot.objects.count() == len(bodies)
    office.close(survey)
    assert office.tally(survey).controls["faults"] == []
