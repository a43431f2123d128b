"""How a promise stands on a day: its whole chain is judged by the first promised day (WY-R6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Prefetch, QuerySet

from casework.hearings import given_day
from casework.hearings.shares import Share
from casework.models import Assignment, Promise, PromiseCheck


class Standing(StrEnum):
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    REPORTED = "reported"
    RUNNING = "running"
    LATE = "late"


IN_WORDS = {
    Standing.KEPT: "按期兑现",
    Standing.KEPT_LATE: "逾期兑现",
    Standing.REPORTED: "已报告待核验",
    Standing.RUNNING: "履行中",
    Standing.LATE: "逾期未兑现",
}


@dataclass(frozen=True)
class Chain:
    """A promise with everything that became of it; the last one is what holds now."""

    first: Promise
    all: tuple[Promise, ...]
    checks: tuple[PromiseCheck, ...]
    standing: Standing
    due_on: date
    reported_on: date | None
    days: int  # late by so many; where it is not late, so many are left

    @property
    def last(self) -> Promise:
        return self.all[-1]

    @property
    def changes(self) -> int:
        return len(self.all) - 1

    @property
    def says(self) -> str:
        """Say in a few words how it stands, with its days."""
        if self.standing == Standing.KEPT_LATE:
            return f"逾期{self.days}天兑现"
        if self.standing == Standing.LATE:
            return f"逾期{self.days}天，尚未兑现"
        if self.standing == Standing.RUNNING:
            return f"履行中，还有{self.days}天" if self.days else "履行中，今天到期"
        return IN_WORDS[self.standing]


def promises() -> QuerySet[Promise]:
    """Return the first promises with all that `chain` reads: the same number of queries at any size."""
    later = Prefetch("later_ones", Promise.objects.order_by("id"))
    given = Prefetch("matter__assignments", Assignment.objects.order_by("id"))
    found = Promise.objects.filter(first=None)
    joined = found.select_related("unit", "episode", "clock", "matter__version")
    return joined.prefetch_related(later, given, "checks")


def chain(first: Promise, today: date) -> Chain:
    due_on, done_on = first.due_on, first.done_on
    reported_on = given_day.reported_on(first.matter) if first.matter and done_on is None else done_on
    until = done_on or reported_on or today
    late = (until - due_on).days
    if done_on is not None:
        standing = Standing.KEPT_LATE if late > 0 else Standing.KEPT
    elif reported_on is not None:
        standing = Standing.REPORTED
    else:
        standing = Standing.LATE if late > 0 else Standing.RUNNING
    return Chain(
        first,
        (first, *first.later_ones.all()),
        tuple(first.checks.all()),
        standing,
        due_on,
        reported_on,
        abs(late),
    )


@dataclass(frozen=True)
class Sums:
    """How many promises stand how; what is changed counts among the others, too."""

    of: int
    kept: Share
    kept_late: int
    late: int
    reported: int
    running: int
    changed: int


def sums(chains: Iterable[Chain]) -> Sums:
    all_of_them = list(chains)

    def how_many(standing: Standing) -> int:
        return sum(one.standing == standing for one in all_of_them)

    # Of those that had to be kept by now: whoever still has time is neither.
    over = len(all_of_them) - how_many(Standing.RUNNING)
    return Sums(
        of=len(all_of_them),
        kept=Share(how_many(Standing.KEPT), over),
        kept_late=how_many(Standing.KEPT_LATE),
        late=how_many(Standing.LATE),
        reported=how_many(Standing.REPORTED),
        running=how_many(Standing.RUNNING),
        changed=sum(bool(one.changes) for one in all_of_them),
    )
