"""What other limits would have meant (试算): exact, from stored beginnings and stops; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from casework.figures.counting import Scope
from casework.figures.shares import Share
from casework.matters.clocks import Reckoner, last_minute
from casework.models import Clock
from casework.procedure.parts import ClockRule
from office.calendar.deadlines import IN_MINUTES, IN_WORDS

__all__ = ["IN_WORDS", "Tried", "tried"]

AT_ONCE = 2000


@dataclass
class Tried:
    """The limits of one category: how many were late as promised, how many under the other limit."""

    category: str
    promised: str
    all: int = 0
    late: int = 0
    late_then: int = 0
    ended: int = 0  # nobody had to meet them any more before they ran out

    @property
    def as_promised(self) -> Share:
        return Share(self.late, self.all)

    @property
    def otherwise(self) -> Share:
        return Share(self.late_then, self.all)


def tried(scope: Scope, rule: ClockRule, count: int) -> list[Tried]:
    """Count the limits that began in the months by category, with `count` units instead of the promised."""
    procedure, limits = scope.procedure, _Limits(count)
    found: dict[str, Tried] = {}
    for one in procedure.categories.items:
        span = rule.span_for(one.id)
        if span is not None and scope.category in ("", one.id):
            found[one.id] = Tried(one.label, str(span))
    for clock in _begun(scope, rule).iterator(chunk_size=AT_ONCE):
        row = found.get(clock.matter.category)
        if row is None:
            continue
        if clock.state == Clock.State.VOID and not clock.is_late:
            row.ended += 1
            continue
        row.all += 1
        row.late += bool(clock.is_late) or clock.is_over(scope.now)
        row.late_then += _would_be_late(clock, limits, scope.now)
    return list(found.values())


def _begun(scope: Scope, rule: ClockRule) -> QuerySet[Clock]:
    rows = Clock.objects.filter(
        scope.within("began_at"), matter__procedure_id=scope.procedure.id, rule=rule.id
    )
    if scope.unit is not None:
        rows = rows.filter(assignment__unit=scope.unit)
    columns = ("matter__category", "matter__closed_at", "assignment__ended_at")
    own = ("rule", "state", "began_at", "due_at", "met_at", "unit", "ends", "pauses", "extended", "is_late")
    return rows.select_related("matter", "assignment").only(*own, *columns).order_by("pk")


class _Limits:
    """Limits under another span; those in days hang on the day alone, so each day is computed once."""

    def __init__(self, count: int) -> None:
        self._count, self._reckoner = count, Reckoner()
        self._known: dict[tuple[object, ...], datetime | None] = {}

    def due(self, clock: Clock) -> datetime | None:
        """An extension was as long as the limit, so it is as long as the other one too."""
        count = self._count * (1 + clock.extended)
        by_day = count and clock.unit not in IN_MINUTES
        begins = timezone.localdate(clock.began_at) if by_day else clock.began_at
        key = (begins, count, clock.unit, clock.ends, str(clock.pauses))
        if key not in self._known:
            other = Clock(
                began_at=clock.began_at, count=count, unit=clock.unit, ends=clock.ends, pauses=clock.pauses
            )
            self._known[key] = last_minute(self._reckoner.limit_of(other))
        return self._known[key]


def _would_be_late(clock: Clock, limits: _Limits, now: datetime) -> bool:
    other = Clock(due_at=limits.due(clock))
    if clock.state == Clock.State.VOID:
        gone = clock.assignment.ended_at if clock.assignment else None
        return other.is_late_at(gone or clock.matter.closed_at or now)
    return other.is_late_at(clock.met_at or now)
