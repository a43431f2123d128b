"""Which part of those served rated with a ticket: silence is no praise (GY-R4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from casework.figures.shares import NONE, Share
from ratings.models import Rating, RatingCode, Served


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


def answered(first: date, last: date, codes: Iterable[RatingCode]) -> dict[int, Answered]:
    """Return by code how many were rated with a ticket of those served, on days with a number alone.

    A day's number is of the code that lived at its window that day, so that a window that was given to
    another unit counts once for each. Two queries.
    """
    at_window: dict[int, list[RatingCode]] = {}
    for code in codes:
        if code.window_id is not None:
            at_window.setdefault(code.window_id, []).append(code)
    served = Served.objects.filter(window__in=at_window, day__range=(first, last))
    numbers = {(one.window_id, one.day): one.number for one in served}
    if not numbers:
        return {}
    window_of = {code.pk: window for window, there in at_window.items() for code in there}
    counted = (
        Rating.objects.filter(
            code__in=window_of, day__range=(first, last), has_ticket=True, state=Rating.State.COUNTED
        )
        .order_by()
        .values_list("code", "day")
        .annotate(n=Count("pk"))
    )
    found: dict[int, Answered] = {}
    for code, day, n in counted:
        if (window_of[code], day) in numbers:
            found[code] = found.get(code, Answered()) + Answered(with_ticket=n)
    for (window, day), number in numbers.items():
        if (code_of_day := _living(at_window[window], day)) is not None:
            found[code_of_day.pk] = found.get(code_of_day.pk, Answered()) + Answered(served=number)
    return found


def _living(codes: Iterable[RatingCode], day: date) -> RatingCode | None:
    """Return the code that lived at a window on a day; of several, as when one is replaced, the last."""
    living = [one for one in codes if one.valid_from <= day and (one.ended_on is None or day <= one.ended_on)]
    return max(living, key=lambda one: (one.valid_from, one.pk), default=None)
