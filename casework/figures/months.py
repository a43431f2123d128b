"""Months of the county: where one begins and ends, and the twelve before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from office import dates

MONTHS = 12
READ = range(2000, 2100)


@dataclass(frozen=True, order=True)
class Month:
    """One month; moments lie in it from its first midnight up to that of the next one."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> Month | None:
        """Return the month of `2026-03`, of this century; None for anything else."""
        try:
            found = cls.of(date.fromisoformat(f"{text}-01"))
        except ValueError:
            return None
        return found if found.year in READ else None

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def begins(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time()))

    @property
    def ends(self) -> datetime:
        return self.moved(1).begins

    @property
    def in_words(self) -> str:
        return dates.month(date(self.year, self.number, 1))

    def moved(self, months: int) -> Month:
        whole = self.year * MONTHS + self.number - 1 + months
        return Month(whole // MONTHS, whole % MONTHS + 1)

    def back(self, count: int = MONTHS) -> list[Month]:
        """Return so many months up to this one, the earliest first."""
        return [self.moved(place - count + 1) for place in range(count)]
