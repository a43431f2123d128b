"""Dividing slips (YC-R5, YC-R6) and comparing the votes with the intended shares (reading 5)."""

from fractions import Fraction

import pytest

from evaluations.models import Round
from evaluations.polling.missing_voters import more_needed
from evaluations.polling.shares import shares_of
from surveys.draws import apportion
from tests.evaluations.county import County
from tests.evaluations.pages import starts


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
)
def test_the_largest_remainder(total: int, weights: dict[str, int], expected: dict[str, int]) -> None:
    """YC-R5"""
    assert apportion.largest_remainder(total, weights) == expected


def test_slips_follow_shares_then_voters() -> None:
    """YC-R6"""
    shares = {"private": 50, "sole_trader": 40, "non_private": 10}
    voters = {1: {"private": 30, "sole_trader": 10, "non_private": 1}, 2: {"private": 10, "sole_trader": 30}}
    assert apportion.slips_by_town(100, shares, voters) == {
        1: {"private": 38, "sole_trader": 10, "non_private": 10},
        2: {"private": 12, "sole_trader": 30, "non_private": 0},
    }


@starts("created")
@pytest.mark.parametrize(("private", "strays"), [(55, False), (56, True), (45, False), (44, True)])
def test_votes_may_stray_by_five_points(county: County, private: int, strays: bool) -> None:
    """YC-R5"""
    votes = {"private": private, "sole_trader": 90 - private, "non_private": 10}
    first = shares_of(county.round, votes)[0]
    assert (first.name, first.percent, first.strays) == ("民营企业", f"{private}.0", strays)
    assert first.is_short == (strays and private < 50)


@starts("created")
def test_joined_strata_are_compared_with_their_joined_share(county: County) -> None:
    """YC-R5"""
    found = shares_of(county.round, {"private": 50, "sole_trader+non_private": 50})
    assert [(one.name, one.due, one.strays) for one in found] == [
        ("民营企业", 50, False),
        ("个体工商户、非民营企业", 50, False),
    ]


@starts("created")
def test_a_kind_nobody_answered_for_is_short(county: County) -> None:
    """YC-R5"""
    found = shares_of(county.round, {"private": 60, "sole_trader": 40})
    assert [(one.name, one.number) for one in found if one.is_short] == [("非民营企业", 0)]


def test_without_votes_no_share_strays(county: County) -> None:
    """YC-R5"""
    round_ = Round(shares={"private": 100}, scheme_version=county.scheme)
    assert not any(one.strays for one in shares_of(round_, {}))


@pytest.mark.parametrize(
    ("number", "total", "least", "more"),
    [(0, 20, 35, 11), (35, 100, 35, 0), (34, 100, 35, 2), (0, 0, 35, 0)],
)
def test_as_many_more_as_bring_the_share_within_the_tolerance(
    number: int, total: int, least: int, more: int
) -> None:
    """Reading 5: just enough, and one less is too few."""
    found = more_needed(number, total, Fraction(least))
    assert found == more
    if total:
        assert 100 * (number + found) >= least * (total + found)
    if found:
        assert 100 * (number + found - 1) < least * (total + found - 1)
