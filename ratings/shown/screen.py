"""The screen of a hall: what its windows were given in the last week that is over, from so many on (WY-R9).

A week that still runs would change with each rating, and whoever stands at the window would see whose it was.
Whole percents, no number: exact weeks, taken off the month that is public, would leave the days at its edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from departments.models import Hall, window_title
from ratings.codes.finding import address_of
from ratings.counts.counting import Tally, tallies
from ratings.models import RatingCode
from ratings.rules import RatingRules, all_rules
from ratings.shown.levels import Bar, bars, colors, whole_percents

AT_ONCE = 8  # windows; more take turns


@dataclass(frozen=True)
class ShownWindow:
    number: str
    name: str
    bars: list[Bar]
    """Of whole percents."""


@dataclass(frozen=True)
class Screen:
    """`windows` are those with enough ratings, `hidden` counts the others; `address` is the wall's."""

    hall: Hall
    rules: RatingRules
    first: date
    last: date
    windows: list[ShownWindow]
    hidden: int
    colors: dict[str, str]
    address: str


def last_week(today: date) -> tuple[date, date]:
    """Return Monday and Sunday of the last week that is over."""
    monday = today - timedelta(days=today.weekday() + 7)
    return monday, monday + timedelta(days=6)


def screen_of(hall: Hall, today: date) -> Screen | None:
    """Return what a hall's screen shows; nothing where no code of it lives. Two queries and a few."""
    codes = list(
        RatingCode.objects.filter(hall=hall, kind__in=(RatingCode.Kind.WINDOW, RatingCode.Kind.WALL))
        .select_related("window__hall", "hall", "unit")
        .order_by("window_id", "pk")
    )
    live = [code for code in codes if not code.is_dead and code.valid_from <= today]
    wall = next((code for code in live if code.kind == RatingCode.Kind.WALL), None)
    leading = wall or next(iter(live), None)
    if leading is None or leading.rules_id not in all_rules():
        return None
    rules, (first, last) = all_rules()[leading.rules_id], last_week(today)
    of_windows = [code for code in codes if code.rules_id == leading.rules_id and code.window]
    counted = tallies(first, last, leading.rules_id, rules, only=[code.pk for code in of_windows])
    sums: dict[int, Tally] = {}
    for code in of_windows:
        if code.window and code.window.is_active:
            sums.setdefault(code.window.pk, Tally()).add(counted.get(code.pk, Tally()))
    windows = {code.window.pk: code.window for code in of_windows if code.window}
    shown = [
        ShownWindow(
            window_title(windows[pk].number),
            windows[pk].name,
            bars(whole_percents(tally.levels(rules)), rules),
        )
        for pk, tally in sums.items()
        if tally.number >= rules.shown.public_from
    ]
    return Screen(
        hall,
        rules,
        first,
        last,
        shown,
        len(sums) - len(shown),
        colors(rules),
        address_of(wall) if wall else "",
    )


def halls_with_screens() -> list[Hall]:
    """Return the halls whose screens have something to show: those with a wall of codes."""
    return list(Hall.objects.filter(rating_codes__kind="wall", rating_codes__ended_on=None).distinct())
