"""The demo's ratings: pages that are not empty, sums that are hidden, matters of bad ratings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from casework.models import Matter
from casework.procedures.stored import load_procedures
from demo import seed
from demo.matters import YearOfMatters
from demo.ratings import RULES, Size, hold_ratings
from departments.models import Department, Membership
from ratings.models import Judgment, Rating
from ratings.shown import public
from tests.casework.desk import at

pytestmark = pytest.mark.django_db
NOW = at("2026-11-30T15:00")


def test_the_demo_rates_once_and_has_something_on_every_page() -> None:
    """GY-R4, WY-R9: today has some, old holds are settled by two, quiet units stay hidden."""
    call_command("seed_calendar", verbosity=0)
    load_procedures()
    people = seed.make_accounts()
    units = [Department.objects.create(name=f"县第{number}局", order=number) for number in range(1, 14)]
    for name in ("department", "checker"):
        Membership.objects.create(user=people[name], department=units[0])
    year = YearOfMatters(people, NOW)
    hold_ratings(people, NOW, year, Size(days=62, a_day=60))
    rated = Rating.objects.filter(code__rules_id=RULES)
    number = rated.count()
    today = timezone.localdate(NOW)
    assert rated.filter(day=today).exists()
    assert set(rated.values_list("state", flat=True)) == set(Rating.State)
    assert rated.exclude(moved_from=None).exists()
    assert not rated.filter(state="held", day__lt=today - timedelta(days=10)).exists()
    assert not Judgment.objects.exclude(proposed_by=people["centre"], settled_by=people["reviewer"]).exists()
    assert Matter.objects.exclude(state=Matter.State.REGISTERED).exists()
    lines = public.units_of(today.replace(month=10, day=1))[0].lines
    assert {line.tally is None for line in lines} == {True, False}
    hold_ratings(people, NOW, year)
    assert rated.count() == number
