"""What everybody may read of ratings: sums of a month that is over, from so many ratings on (GY-R4).

A month that still runs would tell, from one look to the next, who was rated how at which hour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Min

from casework.figures.shares import Share
from departments.models import Department
from ratings.counts.counting import Tally, codes_of, tallies
from ratings.models import Rating, RatingCode
from ratings.rules import RatingRules, all_rules
from ratings.shown.hiding import shown_parts
from ratings.shown.levels import Bar, bars, colors, none_bad

LOBBY = "单位办事点"


@dataclass(frozen=True)
class Line:
    """One sum as it is told; without `tally` it is hidden."""

    name: str
    tally: Tally | None
    bars: list[Bar] = field(default_factory=list)
    satisfied: Share | None = None
    unit: Department | None = None


@dataclass(frozen=True)
class Told:
    """What is said about all sums under one set of rules."""

    rules: RatingRules

    @property
    def colors(self) -> dict[str, str]:
        return colors(self.rules)

    @property
    def why(self) -> str:
        return f"不足{self.rules.shown.public_from}条，不显示"

    @property
    def why_place(self) -> str:
        least = self.rules.shown.public_from
        return f"不足{least}条，或者由此可以推算出不足{least}条的窗口，不显示"


@dataclass(frozen=True)
class UnitsOfMonth(Told):
    """All units that could be rated under one set of rules."""

    lines: list[Line]

    @property
    def columns(self) -> int:
        return len(self.rules.words) + 7


@dataclass(frozen=True)
class UnitOfMonth(Told):
    """One unit under one set of rules: the sum, its places, its aspects."""

    whole: Line
    places: list[Line]
    aspects: list[tuple[str, list[Bar]]]

    @property
    def columns(self) -> int:
        return len(self.rules.words) + 5


def months(today: date) -> list[date]:
    """Return the first days of the months that are over and had ratings or came after some, newest first."""
    first = Rating.objects.aggregate(first=Min("day"))["first"]
    found: list[date] = []
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    while first is not None and month >= first.replace(day=1):
        found.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def units_of(month: date) -> list[UnitsOfMonth]:
    """Return the lists of a month, one for each set of rules that has codes; two queries each."""
    found = []
    for rules_id, rules in all_rules().items():
        counted = tallies(month, last_day(month), rules_id, rules)
        codes = _rated_in(codes_of(rules_id), month, counted)
        if not codes:
            continue
        sums, units = _by(codes, counted, "unit_id"), {}
        for code in codes:
            if code.unit is not None:
                units[code.unit.pk] = code.unit
        ordered = sorted(units.values(), key=lambda unit: (unit.order, unit.pk))
        lines = [_line(unit.name, sums.get(unit.pk), rules, unit=unit) for unit in ordered]
        found.append(UnitsOfMonth(rules, lines))
    return found


def unit_of(unit: Department, month: date) -> list[UnitOfMonth]:
    """Return what one unit was rated in a month; nothing where it has no code."""
    found = []
    for rules_id, rules in all_rules().items():
        of_unit = [code for code in codes_of(rules_id) if code.unit_id == unit.pk]
        if not of_unit:
            continue
        counted = tallies(month, last_day(month), rules_id, rules, only=[code.pk for code in of_unit])
        if codes := _rated_in(of_unit, month, counted):
            found.append(_unit(unit, rules, codes, counted))
    return found


def _unit(
    unit: Department, rules: RatingRules, codes: list[RatingCode], counted: dict[int, Tally]
) -> UnitOfMonth:
    whole = _by(codes, counted, "unit_id").get(unit.pk)
    by_place = _by(codes, counted, "window_id")
    names = {code.window_id: str(code.window or LOBBY) for code in codes}
    shown = shown_parts({place: _number(by_place.get(place)) for place in names}, rules.shown.public_from)
    line = _line(unit.name, whole, rules, unit=unit)
    places = [_line(name, by_place.get(key) if key in shown else None, rules) for key, name in names.items()]
    aspects = []
    if line.tally and rules.aspects:
        answers = line.tally.answers(rules)
        aspects = [(one.label, bars(answers[one.id], rules)) for one in rules.aspects.items]
    return UnitOfMonth(rules, line, places, aspects)


def _line(name: str, tally: Tally | None, rules: RatingRules, unit: Department | None = None) -> Line:
    if tally is None or tally.number < rules.shown.public_from:
        return Line(name, None, unit=unit)
    numbers = tally.levels(rules)
    return Line(name, tally, bars(numbers, rules), none_bad(numbers, rules), unit)


def _rated_in(codes: list[RatingCode], month: date, counted: Mapping[int, Tally]) -> list[RatingCode]:
    """Return the codes that could be rated in a month, or to which ratings of it came in another way.

    What the province hands over, or what is moved, may be older than its code.
    """
    until = last_day(month)
    return [
        code
        for code in codes
        if code.pk in counted
        or (code.valid_from <= until and (code.ended_on is None or code.ended_on >= month))
    ]


def _by(codes: list[RatingCode], counted: dict[int, Tally], key: str) -> dict[int | None, Tally]:
    sums: dict[int | None, Tally] = defaultdict(Tally)
    for code in codes:
        if code.pk in counted:
            sums[getattr(code, key)].add(counted[code.pk])
    return dict(sums)


def _number(tally: Tally | None) -> int:
    return tally.number if tally else 0
