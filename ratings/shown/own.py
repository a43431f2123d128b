"""What a unit sees of its own ratings: sums of whole weeks by place, from so many up, no day (GY-R4).

No sum stands beside its parts: what is left of a place below the limit could be taken off. A week is shown
when it is over: whoever looked in every day would learn the day of each rating.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.figures.shares import Share
from departments.access import own_units
from office import roles
from office.models import User
from office.workbench.pages import require, show
from ratings.counts.counting import Tally, codes_of, tallies
from ratings.models import Rating, RatingCode
from ratings.rules import RatingRules, all_rules

A_WEEK, A_DAY = timedelta(days=7), timedelta(days=1)
WEEKS_BACK = 52
MOST_TEXTS = 200


@dataclass(frozen=True)
class Place:
    """What one place was given in a week, or several small ones together."""

    name: str
    tally: Tally
    rules: RatingRules
    reasons: list[tuple[str, int]]
    texts: list[str]

    @property
    def levels(self) -> list[tuple[str, int]]:
        return list(self.tally.levels(self.rules).items())

    @property
    def bad(self) -> Share:
        return Share(self.tally.bad(self.rules), self.tally.number)


@dataclass(frozen=True)
class Week:
    """The places of a unit that may be shown, and how many may not."""

    rules: RatingRules
    places: list[Place]
    unshown: int

    @property
    def is_empty(self) -> bool:
        return not self.places and not self.unshown


def week_of(user: User, rules_id: str, monday: date) -> Week | None:
    """Return the week of a user's units; None where nobody can rate them under these rules.

    What a window was given belongs to the unit in its code, whoever staffs the window by now.
    """
    rules = all_rules()[rules_id]
    units = set(own_units(user).values_list("pk", flat=True))
    codes = [one for one in codes_of(rules_id) if one.unit_id in units]
    if not codes:
        return None
    found = tallies(monday, monday + A_WEEK - A_DAY, rules_id, rules)
    by_place: dict[tuple[int | None, int | None], list[RatingCode]] = {}
    for code in codes:  # an old code and the one that replaced it are one place
        by_place.setdefault((code.window_id, code.unit_id), []).append(code)
    shown, small = [], []
    for of in by_place.values():
        tally = Tally()
        for code in of:
            if code.pk in found:
                tally.add(found[code.pk])
        if tally.number >= rules.shown.own_from:
            shown.append(_place(str(of[0]), tally, rules, of, monday))
        else:
            small.append((tally, of))
    together = Tally()
    for tally, _ in small:
        together.add(tally)
    if len(small) > 1 and together.number >= rules.shown.own_from:
        name = f"其余{len(small)}处合计"
        rest = [code for _, of in small for code in of]
        return Week(rules, [*shown, _place(name, together, rules, rest, monday)], 0)
    return Week(rules, shown, len(small))


def _place(name: str, tally: Tally, rules: RatingRules, codes: list[RatingCode], monday: date) -> Place:
    rows = _counted(codes, monday)
    ticked = Counter(one for reasons in rows.values_list("reasons", flat=True) for one in reasons.split("、"))
    reasons = [(one, ticked[one]) for one in rules.reasons.items if ticked[one]]
    texts = rows.exclude(text="").order_by("pk").values_list("text", flat=True)  # keys are drawn by lot
    return Place(name, tally, rules, reasons, list(texts[:MOST_TEXTS]))


def _counted(codes: list[RatingCode], monday: date) -> QuerySet[Rating]:
    in_week = Q(day__range=(monday, monday + A_WEEK - A_DAY), state=Rating.State.COUNTED)
    return Rating.objects.filter(in_week, code__in=[one.pk for one in codes])


def last_whole_week(today: date) -> date:
    """Return the Monday of the last week that is over."""
    return today - timedelta(days=today.weekday()) - A_WEEK


def asked_week(text: str, today: date) -> date:
    """Return the Monday of the week of a day, within a year back; the last whole one for anything else."""
    last = last_whole_week(today)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return last
    monday = day - timedelta(days=day.weekday()) if date(2000, 1, 8) < day < last + A_WEEK else last
    return max(monday, last - A_WEEK * WEEKS_BACK)


@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """A unit's week, place by place."""
    user = require(request, "rating.view_own")
    today = timezone.localdate()
    monday, last = asked_week(request.GET.get("week", ""), today), last_whole_week(today)
    weeks = [found for one in all_rules() if (found := week_of(user, one, monday))]
    return show(
        request,
        "ratings/shown/own.html",
        "本单位的评价",
        weeks=weeks,
        monday=monday,
        sunday=monday + A_WEEK - A_DAY,
        earlier=monday - A_WEEK if monday > last - A_WEEK * WEEKS_BACK else None,
        later=monday + A_WEEK if monday < last else None,
        may_handle=roles.allowed(user, "matter.handle"),
    )
