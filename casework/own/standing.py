"""A unit's own assignments: what runs out first, how much working time is left, and why.

Nothing here says who reported, at which plate or at what hour: a unit sees the day only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from casework.matters.clocks import OPEN, Reckoner
from casework.matters.queries import assignments_for
from casework.matters.state import HANDLED
from casework.models import Assignment, Clock, Matter, ProcedureVersion
from casework.procedure import Procedure
from casework.procedure.parts import Category, ClockRule
from casework.procedure.words import Event, Stage
from office.calendar import days, deadlines
from office.calendar.deadlines import IN_MINUTES, Pause
from office.models import User

Each = Assignment.State
BY_UNITS = frozenset({Event.SIGNED, Event.CONTACTED, Event.REPLIED, Event.COMPLETED})
HOUR = re.compile(r"^(\S+ \S+) \d{2}:\d{2}(?: [^，]*)?(?=，)")
AN_HOUR = 60


def is_of_units(rule: ClockRule) -> bool:
    """Whether a unit meets this limit and sees it; one from the filing on would tell its hour."""
    return rule.begins != Event.REGISTERED and bool(BY_UNITS & set(rule.ends))


@dataclass(frozen=True)
class Standing:
    """A running limit as its unit reads it."""

    clock: Clock
    left: str
    why: str
    is_late: bool

    @property
    def is_asked(self) -> bool:
        return bool(self.clock.asked_at)


class Reader:
    """Says how limits stand at one moment; calendar, hours and procedures are read once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.versions = list(ProcedureVersion.objects.all())
        self._reckoner = Reckoner()

    @property
    def _clock(self) -> deadlines.Clock:
        return self._reckoner.clock

    def of_units(self) -> Q:
        """Select the limits that units meet, by procedure."""
        found = Q(pk=None)
        for version in self.versions:
            rules = [one.id for one in version.procedure.clocks if is_of_units(one)]
            found |= Q(matter__procedure_id=version.procedure_id, rule__in=rules)
            if not version.procedure.is_readable:
                found |= Q(matter__version=version, assignment__isnull=False)
        return found

    def with_follow_up(self) -> list[int]:
        return [one.pk for one in self.versions if one.procedure.has(Stage.FOLLOW_UP)]

    def standing(self, clock: Clock) -> Standing:
        late = clock.is_over(self.now)
        return Standing(clock, self._left(clock, is_late=late), _why(clock), late)

    def _left(self, clock: Clock, *, is_late: bool) -> str:
        if clock.due_at is None:
            return "停计中"
        now, due = days.local(self.now), days.local(clock.due_at)
        if is_late:
            over = self._clock.minutes_between(due, now)
            return f"已逾期 {_in_words(over)}" if over else "已逾期"
        pauses = [Pause(_day(first), _day(last) if last else None) for first, last in clock.pauses]
        return f"还剩 {_in_words(self._clock.minutes_between(now, due, pauses))}"


@dataclass(frozen=True)
class Row:
    """One assignment with the limits that run for it, the first to run out first."""

    assignment: Assignment
    limits: list[Standing]

    @property
    def matter(self) -> Matter:
        return self.assignment.matter

    @property
    def procedure(self) -> Procedure:
        return self.matter.procedure

    @property
    def category(self) -> Category | None:
        items = self.procedure.categories.items
        return next((one for one in items if one.id == self.matter.category), None)

    @property
    def first(self) -> Standing | None:
        return self.limits[0] if self.limits else None


def in_hand(user: User, reader: Reader) -> QuerySet[Assignment]:
    """Return what a unit still has to do, what runs out first in front."""
    follows = Q(state=Each.REPLIED, matter__version__in=reader.with_follow_up())
    waiting = Q(state__in=(Each.WAITING, Each.IN_HAND)) | follows
    of_this_round = Q(cycle=F("matter__times_reopened"))
    rows = assignments_for(user).filter(waiting, of_this_round, matter__state__in=HANDLED)
    return _by_due(rows, reader)


def done(user: User) -> QuerySet[Assignment]:
    """Return what a unit has answered or handed back, the newest first."""
    rows = assignments_for(user).filter(state__in=(Each.REPLIED, Each.COMPLETED, Each.HANDED_BACK))
    return rows.order_by("-pk")


def _by_due(rows: QuerySet[Assignment], reader: Reader) -> QuerySet[Assignment]:
    of_this = Q(assignment=OuterRef("pk")) | Q(assignment=None, matter=OuterRef("matter"))
    running = Clock.objects.filter(of_this, reader.of_units(), state=Clock.State.RUNNING)
    first = running.order_by("due_at").values("due_at")[:1]
    return rows.annotate(next_due=Subquery(first)).order_by(F("next_due").asc(nulls_last=True), "pk")


def rows_of(assignments: Iterable[Assignment], reader: Reader) -> list[Row]:
    """Return the rows of a page with one query for all their limits."""
    shown = list(assignments)
    matters = {one.matter_id for one in shown}
    found: dict[tuple[int, int | None], list[Clock]] = {}
    clocks = Clock.objects.filter(reader.of_units(), matter__in=matters, state__in=OPEN)
    for clock in clocks.order_by(F("due_at").asc(nulls_last=True), "pk"):
        clock.matter = next(one.matter for one in shown if one.matter_id == clock.matter_id)
        found.setdefault((clock.matter_id, clock.assignment_id), []).append(clock)
    return [Row(one, _limits(one, found, reader)) for one in shown]


def _limits(
    one: Assignment, found: dict[tuple[int, int | None], list[Clock]], reader: Reader
) -> list[Standing]:
    own = [*found.get((one.matter_id, one.pk), ()), *_of_the_whole(one, found)]
    own.sort(key=lambda clock: (clock.due_at is None, clock.due_at and clock.due_at.timestamp()))
    return [reader.standing(clock) for clock in own]


def _of_the_whole(one: Assignment, found: dict[tuple[int, int | None], list[Clock]]) -> list[Clock]:
    """A limit of the whole matter is still to be met by a unit that has not answered."""
    return found.get((one.matter_id, None), []) if one.state in (Each.WAITING, Each.IN_HAND) else []


def _why(clock: Clock) -> str:
    """Return why a limit ends when it does; of what happened before the assignment the day only."""
    hides = clock.assignment_id is None and clock.unit not in IN_MINUTES
    return HOUR.sub(r"\1", clock.why) if hides else clock.why


def _in_words(minutes: int) -> str:
    hours, rest = divmod(minutes, AN_HOUR)
    said = [f"{hours} 小时" if hours else "", f"{rest} 分" if rest or not hours else ""]
    return " ".join(one for one in said if one)


def _day(text: str) -> date:
    return date.fromisoformat(text)
