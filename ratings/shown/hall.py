"""What a hall sees: what waits to be judged by reason, and whole weeks by window from so many up.

A sum that grew under somebody's eyes would say at which hour somebody rated; one that grew from day to day
would say on which.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count

from casework.figures.shares import NONE
from departments.models import Hall
from ratings.counts.answering import Answered, answered
from ratings.counts.counting import Tally, codes_of, tallies
from ratings.models import Rating, RatingCode
from ratings.rules import RatingRules, all_rules

YEARS_BACK = timedelta(days=3 * 366)
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """Monday to Sunday of a week that is over."""

    first: date

    @property
    def last(self) -> date:
        return self.first + A_WEEK - A_DAY

    @property
    def before(self) -> date:
        return self.first - A_WEEK

    def after(self, today: date) -> date | None:
        following = self.first + A_WEEK
        return following if following + A_WEEK <= today else None


def week_of(asked: date | None, today: date) -> Week:
    """Return the week of a day; the last whole one for days out of reach."""
    latest = today - timedelta(days=today.weekday()) - A_WEEK
    day = asked if asked and latest - YEARS_BACK <= asked < latest + A_WEEK else latest
    return Week(day - timedelta(days=day.weekday()))


@dataclass(frozen=True)
class Row:
    """A window's week; below the rules' number `levels` is empty and no sum is told, of held ones neither."""

    name: str
    unit: str
    number: int | None
    with_ticket: int
    levels: dict[str, int]
    held: int | None
    rated: str


@dataclass(frozen=True)
class Sheet:
    """The week of a hall under one set of rules; `total` sums the windows that are shown."""

    rules: RatingRules
    rows: list[Row]
    total: Row | None


@dataclass
class _Sums:
    """What the codes of one unit at one window were given."""

    code: RatingCode
    tally: Tally = field(default_factory=Tally)
    rated: Answered = field(default_factory=Answered)


def waiting(hall: Hall, today: date) -> dict[str, int]:
    """Return {reason: how many wait for two people} of the whole hall, to the end of yesterday."""
    rows = Rating.objects.filter(code__hall=hall, day__lt=today, state=Rating.State.HELD)
    found = rows.order_by().values_list("held_because").annotate(n=Count("pk"))
    return dict(found.order_by("-n", "held_because"))


def sheets_of(hall: Hall, week: Week) -> list[Sheet]:
    """Return a sheet for each set of rules under which the hall has codes."""
    under = RatingCode.objects.filter(hall=hall).values_list("rules_id", flat=True).distinct().order_by()
    known = set(under)
    return [_sheet(hall, week, name, rules) for name, rules in all_rules().items() if name in known]


def _sheet(hall: Hall, week: Week, rules_id: str, rules: RatingRules) -> Sheet:
    """A line for each window and unit: a window that was given to another unit has two."""
    found = tallies(week.first, week.last, rules_id, rules)
    codes = [one for one in codes_of(rules_id) if one.window_id is not None and one.hall_id == hall.pk]
    rated = answered(week.first, week.last, codes)
    lines: dict[tuple[int, int], _Sums] = {}
    for code in codes:
        if code.pk in found or code.pk in rated or not code.is_dead:
            sums = lines.setdefault((code.window_id or 0, code.unit_id or 0), _Sums(code))
            sums.tally.add(found.get(code.pk, Tally()))
            sums.rated += rated.get(code.pk, Answered())
    rows, shown, sum_rated = [], Tally(), Answered()
    for _, sums in sorted(lines.items()):
        if sums.tally.number >= rules.shown.own_from:
            shown.add(sums.tally)
            sum_rated += sums.rated
        window = sums.code.window
        name = f"{window.number}　{window.name}" if window else ""
        rows.append(_row(name, str(sums.code.unit), sums.tally, sums.rated, rules))
    total = _row("已显示窗口合计", "", shown, sum_rated, rules) if shown.number else None
    return Sheet(rules, rows, total)


def _row(name: str, unit: str, tally: Tally, rated: Answered, rules: RatingRules) -> Row:
    if tally.number < rules.shown.own_from:
        return Row(name, unit, None, 0, {}, None, NONE)
    levels = tally.levels(rules)
    return Row(name, unit, tally.number, tally.with_ticket, levels, tally.held, str(rated))
