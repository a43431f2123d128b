"""Quarters, as coverage is counted by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = 3
_KEY = re.compile(r"(\d{4})-Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    @classmethod
    def of_key(cls, key: str) -> Quarter | None:
        """Read `2026-Q1`; None for anything else."""
        found = _KEY.fullmatch(key)
        return cls(int(found[1]), int(found[2])) if found and int(found[1]) else None

    @property
    def key(self) -> str:
        return f"{self.year:04d}-Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS + 1, 1)

    @property
    def last(self) -> date:
        month = self.number * MONTHS
        return date(self.year, month, 31 if month in (3, 12) else 30)

    @property
    def before(self) -> Quarter:
        return Quarter.of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year}年第{self.number}季度"


def latest(day: date, count: int) -> list[Quarter]:
    """Return the quarter of a day and those before it, the newest first."""
    found = [Quarter.of(day)]
    while len(found) < count and found[-1].first.year > 1:
        found.append(found[-1].before)
    return found
