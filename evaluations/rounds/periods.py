"""Periods of rounds: how they are stored (2026-Q3, 2026, 2026-09, 2026-2), said, and which days they have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeGuard

from evaluations.scoring.periods import MONTHS, Period

PARTS = {
    "": "年度",
    "H1": "上半年",
    "H2": "下半年",
    "Q1": "第一季度",
    "Q2": "第二季度",
    "Q3": "第三季度",
    "Q4": "第四季度",
}
MONTH_PARTS = {f"{month:02d}": f"{month}月" for month in range(1, MONTHS + 1)}
_UNITS = {1: "year", 2: "H", 4: "Q", MONTHS: "month"}
_COUNTED = "一二三四五六七八九"


def of(year: int, part: str) -> str:
    return f"{year}-{part}" if part else str(year)


def is_period(text: str) -> bool:
    return Period.read(text) is not None


def in_words(text: str) -> str:
    if Period.read(text) is None:
        return text
    year, _, part = text.partition("-")
    return f"{year}年度" if not part else f"{year}年{part_in_words(part)}"


def part_in_words(part: str) -> str:
    known = PARTS | MONTH_PARTS
    return known[part] if part in known else f"第{_COUNTED[int(part) - 1]}次"


def parts_for(rounds_per_year: int | None) -> dict[str, str]:
    """Return the parts of a year that rounds of this cadence are for; all of them where it is left open."""
    if not _divides(rounds_per_year):
        return PARTS | MONTH_PARTS
    by_unit = {
        "year": {"": PARTS[""]},
        "H": {part: word for part, word in PARTS.items() if part.startswith("H")},
        "Q": {part: word for part, word in PARTS.items() if part.startswith("Q")},
        "month": MONTH_PARTS,
    }
    if unit := _UNITS.get(rounds_per_year):
        return by_unit[unit]
    return {str(turn): part_in_words(str(turn)) for turn in range(1, rounds_per_year + 1)}


def _divides(rounds_per_year: int | None) -> TypeGuard[int]:
    """Whether a period says which part of the year it is; one digit counts rounds."""
    return rounds_per_year in _UNITS or rounds_per_year in range(1, len(_COUNTED) + 1)


def days_of(text: str, rounds_per_year: int | None) -> tuple[date, date]:
    """Return the first and the last day of a period; ValueError for what is none.

    Counted rounds divide the year evenly into months; where nobody says how many there are, and for one
    more than there should be, the whole year is looked through.
    """
    period = Period.read(text)
    if period is None:
        raise ValueError(f"{text} is no period")
    many = period.per_year(rounds_per_year)
    if many is None or period.number > many:
        return date(period.year, 1, 1), date(period.year, MONTHS, 31)
    first = -(-(period.number - 1) * MONTHS // many) + 1
    last = -(-period.number * MONTHS // many)
    following = date(period.year + last // MONTHS, last % MONTHS + 1, 1)
    return date(period.year, first, 1), following - timedelta(days=1)


def last_day(text: str) -> date | None:
    """The last day of a period, of a counted round its year's; None of what is no period."""
    return days_of(text, None)[1] if Period.read(text) else None


def containing(day: date, rounds_per_year: int | None) -> str:
    """Return the period of this cadence that a day lies in; its year where the cadence is left open."""
    return next(
        text for text in periods_of(day.year, rounds_per_year) if day <= days_of(text, rounds_per_year)[1]
    )


def begins_on(effective_from: str, rounds_per_year: int | None) -> date:
    """Return the first day of the period in which a scheme took effect; it may name a year alone."""
    year, month, day = [int(part) for part in f"{effective_from}-1-1".split("-")[:3]]
    return days_of(containing(date(year, month, day), rounds_per_year), rounds_per_year)[0]


def after(text: str, rounds_per_year: int | None) -> str | None:
    """Return the period that follows; None where the cadence does not say, or the text is of another one."""
    period = Period.read(text)
    if period is None:
        return None
    found = [*periods_of(period.year, rounds_per_year), *periods_of(period.year + 1, rounds_per_year)]
    return found[found.index(text) + 1] if text in found else None


def periods_of(year: int, rounds_per_year: int | None) -> Iterator[str]:
    """Yield the periods into which a year divides, in order."""
    parts = parts_for(rounds_per_year) if _divides(rounds_per_year) else [""]
    yield from (of(year, part) for part in parts)
