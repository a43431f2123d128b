"""Which part of those served rated with a ticket: silence is no praise (GY-R4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from casework.figures.shares import NONE, Share
from ratings.models import Rating, Served


@dataclass(frozen=True)
class Answered:
    """Cases of the days whose number was entered, and how many of them were rated."""

    with_ticket: int = 0
    served: int = 0

    def __add__(self, other: Answered) -> Answered:
        return Answered(self.with_ticket + other.with_ticket, self.served + other.served)

    @property
    def share(self) -> Share:
        return Share(self.with_ticket, self.served)

    @property
    def is_doubtful(self) -> bool:
        return self.with_ticket > self.served

    def __str__(self) -> str:
        if self.is_doubtful:
            return f"{self.with_ticket}/{self.served}，请核对办件量" if self.served else NONE
        return str(self.share)


def answered(first: date, last: date, rules_id: str, windows: Collection[int]) -> dict[int, Answered]:
    """Return by window how many were rated with a ticket of those served, on days with a number alone."""
    served = Served.objects.filter(window__in=windows, day__range=(first, last))
    numbers = {(one.window_id, one.day): one.number for one in served}
    if not numbers:
        return {}
    counted = (
        Rating.objects.filter(
            code__window__in=windows,
            code__rules_id=rules_id,
            day__range=(first, last),
            has_ticket=True,
            state=Rating.State.COUNTED,
        )
        .order_by()
        .values_list("code__window", "day")
        .annotate(n=Count("pk"))
    )
    by_day = Counter({(window, day): n for window, day, n in counted})
    found: dict[int, Answered] = {}
    for (window, day), number in numbers.items():
        found[window] = found.get(window, Answered()) + Answered(by_day[window, day], number)
    return found
