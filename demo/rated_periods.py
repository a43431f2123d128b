"""Ratings in the periods of the demo's rounds: the further down the list a unit is, the less content."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from casework.matters.numbers import LETTERS
from departments.models import Department, Window
from office.calendar.days import calendar
from ratings.intake.services import BURST
from ratings.models import Rating, RatingCode
from ratings.rules import RatingRules, rules_of

AT_LEAST, FEWER_EACH, TOO_FEW = 48, 9, 18
WITH_TICKET, APART = 0.7, 0.15
Kind, State = RatingCode.Kind, Rating.State


def rate_period(
    rules_id: str, units: Sequence[Department], first: date, last: date, *, too_few: bool = False
) -> None:
    """Rate units in their lobbies and windows at their counters, on the working days of a period.

    `too_few`: the last one stays below what a round asks for.
    """
    rules, chance = rules_of(rules_id), random.Random(rules_id)  # noqa: S311 - a demo that is the same every time
    works = calendar().works
    days = [day for at in range((last - first).days + 1) if works(day := first + timedelta(days=at))]
    windows = {one.unit_id: one for one in Window.objects.filter(unit__in=units).select_related("hall")}
    rows: list[Rating] = []
    for at, unit in enumerate(units):
        code = _code_of(rules_id, unit, windows.get(unit.pk), first)
        many = AT_LEAST + FEWER_EACH * (len(units) - 1 - at)
        if too_few and unit == units[-1]:
            many = TOO_FEW
        rows += [_drawn(code, rules, chance, at, days) for _ in range(many)]
    for one in chance.sample(rows, 3):
        one.state, one.held_because, one.has_ticket = State.HELD, BURST, False
    Rating.objects.bulk_create(rows)


def _code_of(rules_id: str, unit: Department, window: Window | None, since: date) -> RatingCode:
    new = {"code": "".join(secrets.choice(LETTERS) for _ in range(10)), "valid_from": since}
    where = {"kind": Kind.PLATE, "unit": unit}
    if window is not None:
        where = {"kind": Kind.WINDOW, "unit": window.department, "hall": window.hall, "window": window}
    return RatingCode.objects.get_or_create(rules_id=rules_id, ended_on=None, **where, defaults=new)[0]


def _drawn(
    code: RatingCode, rules: RatingRules, chance: random.Random, at: int, days: Sequence[date]
) -> Rating:
    """The first levels mostly; a unit further down has more of the second and the third."""
    weights = [30 - 2.5 * at, 8 + at, 2 + at, 0.4 + at / 6, 0.1 + at / 9][: len(rules.words)]
    level, other = chance.choices(rules.words, weights, k=2)
    apart = chance.random() < APART and rules.aspect_ids
    return Rating(
        code=code,
        day=chance.choice(days),
        level=level,
        aspects=f"{chance.choice(rules.aspect_ids)}={other}" if apart else "",
        has_ticket=chance.random() < WITH_TICKET,
    )
