"""Dividing slips (YC-R5, YC-R6) and checking the returns against the shares (reading 5)."""

import pytest

from evaluations.models import Round
from evaluations.polling import shares as returns
from evaluations.rounds import periods
from surveys.draws import apportion
from tests.evaluations.county import County


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        (10, {"a": 1, "b": 1, "c": 1}, {"a": 4, "b": 3, "c": 3}),
        (31, {"a": 50, "b": 330, "c": 20}, {"a": 4, "b": 26, "c": 1}),
        (57, {"a": 50, "b": 330}, {"a": 7, "b": 50}),  # both halves are tied: the larger gets the seat
        (7, {"a": 0, "b": 1}, {"a": 0, "b": 7}),
        (7, {"a": 0, "b": 0}, {"a": 0, "b": 0}),
        (0, {"a": 1}, {"a": 0}),
    ],
)  # fmt: skip
def test_the_largest_remainder(total: int, weights: dict[str, int], expected: dict[str, int]) -> None:
    """YC-R5"""
    assert apportion.largest_remainder(total, weights) == expected


def test_slips_follow_shares_then_voters() -> None:
    """YC-R6"""
    shares = {"private": 50, "sole_trader": 40, "non_private": 10}
    voters = {1: {"private": 30, "sole_trader": 10, "non_private": 1}, 2: {"private": 10, "sole_trader": 30}}
    plan = apportion.slips_by_town(100, shares, voters)
    assert plan == {
        1: {"private": 38, "sole_trader": 10, "non_private": 10},
        2: {"private": 12, "sole_trader": 30, "non_private": 0},
    }


@pytest.mark.parametrize(("private", "strays"), [(55, False), (56, True), (45, False), (44, True)])
def test_returns_may_stray_by_five_points(county: County, private: int, strays: bool) -> None:
    """YC-R5"""
    numbers = {"private": private, "sole_trader": 90 - private, "non_private": 10}
    first = returns.returns_of(county.create(), numbers)[0]
    assert (first.name, first.percent, first.strays) == ("民营企业", f"{private}.0", strays)
    assert first.is_short == (strays and private < 50)


def test_joined_strata_are_compared_with_their_joined_share(county: County) -> None:
    """YC-R5"""
    found = returns.returns_of(county.create(), {"private": 50, "sole_trader+non_private": 50})
    assert [(one.name, one.due, one.strays) for one in found] == [
        ("民营企业", 50, False),
        ("个体工商户、非民营企业", 50, False),
    ]


def test_a_kind_nobody_answered_for_is_short(county: County) -> None:
    """YC-R5"""
    found = returns.returns_of(county.create(), {"private": 60, "sole_trader": 40})
    assert [(one.name, one.number, one.is_short) for one in found if one.is_short] == [
        ("非民营企业", 0, True)
    ]


@pytest.mark.parametrize(
    ("stored", "said"),
    [("2026-Q3", "2026年第三季度"), ("2026-H1", "2026年上半年"), ("2026", "2026年度")],
)
def test_periods_are_said_as_people_say_them(stored: str, said: str) -> None:
    assert periods.is_period(stored)
    assert periods.in_words(stored) == said


@pytest.mark.parametrize("wrong", ["2026-Q5", "26-Q1", "", "2026-Q1x", "2026-"])
def test_other_periods_are_none(wrong: str) -> None:
    assert not periods.is_period(wrong)


def test_no_answers_are_no_returns(county: County) -> None:
    """YC-R5"""
    assert not any(
        one.strays
        for one in returns.returns_of(Round(shares={"private": 100}, scheme_version=county.scheme), {})
    )
