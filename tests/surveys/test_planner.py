"""The planner says before opening what a number of voters will be able to show."""

from __future__ import annotations

import pytest

from surveys.box.forecast import what_it_will_show

COUNTY = [18] * 24


@pytest.mark.parametrize(("voters", "below"), [(300, 0.90), (1000, 0.50), (3000, 0.13)])
def test_forecast_agrees_with_what_rounds_have_shown(voters: int, below: float) -> None:
    """432 persons, two departments and three persons in each per voter, skewed contact."""
    forecast = what_it_will_show(persons_per_department=COUNTY, voters=voters)
    assert 1 - forecast.share_reaching == pytest.approx(below, abs=0.1)


def test_mean_answers_are_what_voters_give_spread_over_persons() -> None:
    forecast = what_it_will_show(persons_per_department=COUNTY, voters=720)
    assert forecast.persons == 432
    assert forecast.mean_answers == pytest.approx(720 * 6 / 432)


def test_bands_cover_every_person_once() -> None:
    forecast = what_it_will_show(persons_per_department=[5, 9, 30], voters=200)
    assert sum(share for _, _, share in forecast.bands) == pytest.approx(1)
    assert [start for start, _, _ in forecast.bands] == [0, 5, 10, 20, 50]


def test_the_voters_needed_are_just_enough() -> None:
    needed = what_it_will_show(persons_per_department=COUNTY, voters=1).voters_needed
    enough = what_it_will_show(persons_per_department=COUNTY, voters=needed)
    one_less = what_it_will_show(persons_per_department=COUNTY, voters=needed - 1)
    assert enough.share_reaching >= 0.8 > one_less.share_reaching
    assert enough.slips_needed == pytest.approx(needed / 0.7, abs=1)


def test_a_round_without_persons_shows_nothing() -> None:
    forecast = what_it_will_show(persons_per_department=[], voters=300)
    assert (forecast.persons, forecast.share_reaching, forecast.slips_needed) == (0, 0, 0)
