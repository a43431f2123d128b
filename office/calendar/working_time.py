"""Which days people work and at which hours: pure values, made of the tables by `days`."""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import pairwise

SATURDAY = 5
DAY = timedelta(days=1)
USUAL_HOURS = "09:00-12:00, 13:00-17:00"


@dataclass(frozen=True)
class Calendar:
    """The days whose kind differs from their weekday, and the years whose arrangement is entered.

    A day of a year that is not entered counts by its weekday; what hangs on it is provisional.
    """

    differs: Mapping[date, bool]
    years: frozenset[int]

    @classmethod
    def of(cls, differs: Mapping[date, bool]) -> Calendar:
        return cls(differs, frozenset(day.year for day in differs))

    def works(self, day: date) -> bool:
        kept = self.differs.get(day)
        return day.weekday() < SATURDAY if kept is None else kept

    def knows(self, year: int) -> bool:
        return year in self.years

    def step(self, start: date, count: int) -> date:
        """Return the `count`-th working day after `start`; before it where `count` is below 0."""
        day, left, one = start, abs(count), DAY if count > 0 else -DAY
        while left:
            day += one
            left -= self.works(day)
        return day

    def on_or_after(self, day: date) -> date:
        return day if self.works(day) else self.step(day, 1)

    def on_or_before(self, day: date) -> date:
        return day if self.works(day) else self.step(day, -1)

    def last_of_month(self, year: int, month: int) -> date:
        """Return the last working day of a month."""
        return self.on_or_before(date(year, month, monthrange(year, month)[1]))

    def count(self, after: date, until: date) -> int:
        """How many working days lie after the one day, the other one included."""
        return sum(self.works(after + DAY * number) for number in range(1, (until - after).days + 1))

    @cached_property
    def version(self) -> str:
        """What the days were, in twelve letters: stored with a promised limit."""
        text = ",".join(f"{day.isoformat()}{works:d}" for day, works in sorted(self.differs.items()))
        return sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Shift:
    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


def read_shifts(text: str) -> tuple[Shift, ...]:
    """Read “09:00-12:00, 13:00-17:00”; raise ValueError, saying in Chinese what is wrong."""
    shifts = []
    for part in re.split(r"[,，、;；\s]+", text.strip()):
        found = re.fullmatch(r"(\d{1,2})[:：](\d\d)\s*[-—–~～至]+\s*(\d{1,2})[:：](\d\d)", part)
        if found is None:
            raise ValueError(f"“{part[:20]}”不是一段时间，请写作 09:00-12:00，几段之间用逗号隔开。")
        opens_hour, opens_minute, closes_hour, closes_minute = map(int, found.groups())
        try:
            shift = Shift(time(opens_hour, opens_minute), time(closes_hour, closes_minute))
        except ValueError:
            raise ValueError(f"“{part}”不是一天里的时间，请写作 09:00-12:00。") from None
        if shift.opens >= shift.closes:
            raise ValueError(f"“{part}”的结束时间须晚于开始时间。")
        shifts.append(shift)
    for before, after in pairwise(shifts):
        if before.closes > after.opens:
            raise ValueError(f"“{after}”与前一段重叠，请按先后顺序填写。")
    return tuple(shifts)


@dataclass(frozen=True)
class Hours:
    """Opening hours, each from the day it is valid; before the first one, the first one."""

    from_day: tuple[tuple[date, tuple[Shift, ...]], ...]

    @classmethod
    def of(cls, texts: Mapping[date, str]) -> Hours:
        return cls(tuple((day, read_shifts(text)) for day, text in sorted(texts.items())))

    @cached_property
    def _days(self) -> list[date]:
        return [day for day, _ in self.from_day]

    def on(self, day: date) -> tuple[Shift, ...]:
        return self.from_day[max(bisect_right(self._days, day) - 1, 0)][1]

    def opening(self, day: date) -> time:
        return self.on(day)[0].opens

    def closing(self, day: date) -> time:
        return self.on(day)[-1].closes

    @cached_property
    def version(self) -> str:
        text = ";".join(f"{day.isoformat()} {','.join(map(str, shifts))}" for day, shifts in self.from_day)
        return sha256(text.encode()).hexdigest()[:12]


def after_months(start: date, count: int) -> date:
    """Return the same day `count` months later, or that month's last day where it is shorter."""
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
