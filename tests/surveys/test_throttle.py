"""Wrong codes are slowed down, good ones never."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.voting import views
from surveys.voting.throttle import OVERALL, PER_ADDRESS, WINDOW, Throttle
from tests.kit.survey_office import Office, Voter, error

CARRIER = "117.136.0.1"  # thousands of phones behind one address


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_address_may_mistype_often_then_waits_until_the_window_ends() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    assert [throttle.wrong(CARRIER) for _ in range(PER_ADDRESS)] == [0] * PER_ADDRESS
    assert 0 < throttle.wrong(CARRIER) <= WINDOW + 1
    assert throttle.wrong("117.136.0.2") == 0
    clock.now += WINDOW
    assert throttle.wrong(CARRIER) == 0


def test_without_an_address_only_the_overall_limit_holds() -> None:
    throttle = Throttle(Clock())
    assert [throttle.wrong("") for _ in range(OVERALL)] == [0] * OVERALL
    assert throttle.wrong("") > 0


def test_no_address_can_be_read_from_what_is_remembered() -> None:
    throttle = Throttle(Clock())
    throttle.wrong(CARRIER)
    assert CARRIER not in repr(throttle)


@pytest.fixture
def fresh_throttle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "throttle", Throttle(Clock()))


def mistype(voter: Voter, code: str, address: str) -> Any:
    body = {**voter.phone.redeem(), "code": code}
    return voter.client.post("/v/redeem", body, content_type="application/json", REMOTE_ADDR=address)


@pytest.mark.both_databases
def test_a_good_code_passes_where_wrong_ones_have_to_wait(office: Office, fresh_throttle: None) -> None:
    survey, slips = office.ready()
    voter = Voter(survey, slips["private"][0])
    for _ in range(PER_ADDRESS):
        assert error(mistype(voter, "2" * 15 + "3", CARRIER)) == (404, "unknown_code")
    waiting = mistype(voter, "2" * 15 + "3", CARRIER)
    assert error(waiting) == (429, "too_many")
    assert 0 < int(waiting["Retry-After"]) <= WINDOW + 1
    assert mistype(voter, slips["private"][0].code, CARRIER).status_code == 200
