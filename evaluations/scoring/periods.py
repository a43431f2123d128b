"""Periods of rounds: a year, a half, a quarter, a month, or a round counted within its year.

Two digits are a month (``2023-09``), one digit counts rounds (``2022-2``).
"""

import re
from dataclasses import dataclass

MONTHS = 12
_PER_YEAR = {"year": 1, "H": 2, "Q": 4, "month": MONTHS}
_FEBRUARY = 2
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)
_WRITTEN = re.compile(r"(\d{4})(?:-([HQ])(\d)|-(\d{2})|-([1-9]))?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """``unit`` is year, H, Q, month or round; ``number`` counts within the year, from 1."""

    year: int
    unit: str
    number: int

    @classmethod
    def read(cls, text: str) -> "Period | None":
        """None for what is no period, such as a ninth quarter."""
        found = _WRITTEN.match(text)
        if found is None:
            return None
        year, part, within, month, turn = found.groups()
        if part:
            unit, number = part, int(within)
        elif month:
            unit, number = "month", int(month)
        else:
            unit, number = ("round", int(turn)) if turn else ("year", 1)
        in_a_year = _PER_YEAR.get(unit)
        fits = int(year) > 0 and number >= 1 and (in_a_year is None or number <= in_a_year)
        return cls(int(year), unit, number) if fits else None

    def per_year(self, rounds_per_year: int | None) -> int | None:
        """How many such periods a year has; None for counted rounds of a policy that leaves it open."""
        return _PER_YEAR.get(self.unit, rounds_per_year)

    def last_month(self, rounds_per_year: int | None) -> int:
        """The month in which it ends, counted from the year 0; a counted round may end with its year."""
        many = self.per_year(rounds_per_year)
        within = MONTHS if many is None else -(-min(self.number, many) * MONTHS // many)
        return self.year * MONTHS + within

    def follows(self, before: "Period", rounds_per_year: int | None) -> bool:
        """Whether no period lies between the two. If they are written differently, only the years count."""
        if self.unit != before.unit:
            return self.year - before.year <= 1
        many = self.per_year(rounds_per_year)
        if many is None:
            same = self.year == before.year
            return (
                self.number == before.number + 1
                if same
                else self.year == before.year + 1 and self.number == 1
            )
        return self.year * many + self.number - (before.year * many + before.number) <= 1


def precedes(one: str, other: str) -> bool:
    """Whether a period ends before another begins; if they are written differently, only the years count."""
    a, b = Period.read(one), Period.read(other)
    if a is None or b is None:
        return True
    if a.unit != b.unit:
        return a.year <= b.year
    return (a.year, a.number) < (b.year, b.number)


def is_day(text: str) -> bool:
    """A day as ``2023-09-01``; also a month or a year alone, where no more is known."""
    found = _DAY.match(text)
    if found is None:
        return False
    year, month, day = (int(part or 1) for part in found.groups())
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = 28 + leap if month == _FEBRUARY else 31 - (month - 1) % 7 % 2
    return 1 <= month <= MONTHS and 1 <= day <= days
