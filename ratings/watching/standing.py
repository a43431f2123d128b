"""For the inspectorate and the leading group: exclusions by unit, who decided, what is held too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Q, QuerySet

from casework.figures.months import Month
from casework.figures.shares import Share
from departments.kinds import UnitKind
from departments.models import Department
from ratings.counts.counting import Tally, by_unit, codes_of, tallies
from ratings.judging import queries
from ratings.judging.queries import HeldGroup
from ratings.models import Judgment, Rating
from ratings.rules import RatingRules, all_rules

PEOPLE = ("proposed_by", "settled_by")
PLACES = (
    "rating__code__window__hall",
    "rating__code__unit",
    "rating__moved_from__window__hall",
    "rating__moved_from__unit",
    "to_code__window__hall",
    "to_code__unit",
)
MOST = 300


@dataclass(frozen=True)
class Excluded:
    """A unit with what was excluded of its ratings in a month; flagged above the limit of the rules."""

    unit: Department
    tally: Tally
    rules: RatingRules
    rules_id: str

    @property
    def share(self) -> Share:
        return Share(self.tally.excluded_bad, self.tally.received_bad)

    @property
    def is_watched(self) -> bool:
        return self.tally.is_watched(self.rules)


def past_days_of(month: Month, today: date) -> tuple[date, date]:
    """Return the days of a month that are over; a sum that grows today would tell the hour of what came."""
    return month.first, min(month.moved(1).first, today) - timedelta(days=1)


def excluded_by_unit(first: date, last: date) -> list[Excluded]:
    """Return the units of which something was excluded or moved away, the highest share first.

    Where nothing was, one query says so.
    """
    touched = Q(state=Rating.State.EXCLUDED) | Q(moved_from__isnull=False)
    if not Rating.objects.filter(touched, day__range=(first, last)).exists():
        return []
    rows: list[Excluded] = []
    for rules_id, rules in all_rules().items():
        found = by_unit(tallies(first, last, rules_id, rules), codes_of(rules_id))
        units = Department.objects.in_bulk(
            [pk for pk, one in found.items() if one.excluded or one.moved_away]
        )
        rows += [
            Excluded(unit, found[pk], rules, rules_id)
            for pk, unit in units.items()
            if unit.kind != UnitKind.WINDOW
        ]
    nothing = Fraction(0)
    return sorted(
        rows, key=lambda one: (-(one.tally.excluded_share() or nothing), one.unit.order, one.unit.pk)
    )


def judged_between(first: date, last: date) -> QuerySet[Judgment]:
    """Return what was proposed or settled in a month, and what was judged about ratings of it."""
    days = (first, last)
    judged = Q(proposed_on__range=days) | Q(settled_on__range=days) | Q(rating__day__range=days)
    return Judgment.objects.filter(judged).select_related(*PEOPLE, *PLACES).order_by("-proposed_on", "-pk")


def held_too_long(today: date) -> list[HeldGroup]:
    """Return what is held longer than the rules give, by place and reason."""
    groups = queries.held_groups(Rating.objects.filter(state=Rating.State.HELD, day__lt=today), today)
    return [one for one in groups if one.is_late]


def flagged(today: date) -> list[tuple[Month, Excluded]]:
    """Return the units above the limit in this month or the last one, each month by itself."""
    months = Month.of(today).back(2)
    return [
        (month, one)
        for month in reversed(months)
        for one in excluded_by_unit(*past_days_of(month, today))
        if one.is_watched
    ]
