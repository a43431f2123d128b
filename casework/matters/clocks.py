"""Clocks begin and end with what happens to a matter; the procedure says which and how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from casework.matters import beside
from casework.models import Assignment, Clock, Matter
from casework.procedure import Procedure
from casework.procedure.parts import ClockRule
from casework.procedure.words import EVENT_LABELS, Event
from office.calendar import days, deadlines
from office.calendar.deadlines import IN_MINUTES, Ends, Limit, Pause, Span, Unit

State = Clock.State
OPEN = (State.RUNNING, State.STOPPED)
Each = Assignment.State
OWE = {
    Event.SIGNED: Q(state=Each.WAITING),
    Event.CONTACTED: Q(state__in=(Each.WAITING, Each.IN_HAND), contacted_at=None),
    Event.REPLIED: Q(state__in=(Each.WAITING, Each.IN_HAND)),
    Event.COMPLETED: Q(state__in=(Each.WAITING, Each.IN_HAND, Each.REPLIED)),
}
EARLY = (Event.REGISTERED, Event.ACCEPTED, Event.JUDGED)


class Promise(Protocol):
    """What a limit is computed from, and what is written down about it."""

    event: str
    began_at: datetime
    count: int
    unit: str
    ends: str
    pauses: Any
    due_at: datetime | None
    state: str
    why: str
    is_provisional: bool
    rests_on: Any
    follow_at: datetime | None


Kept = TypeVar("Kept", bound=Promise)


_kept: ContextVar[deadlines.Clock | None] = ContextVar("_kept", default=None)


@contextmanager
def one_calendar() -> Iterator[None]:
    """Read calendar and hours once for all the acts of a long run that changes neither."""
    token = _kept.set(days.clock())
    try:
        yield
    finally:
        _kept.reset(token)


class Reckoner:
    """Computes limits with one reading of calendar and hours; keep one for many matters."""

    def __init__(self, clock: deadlines.Clock | None = None) -> None:
        self._clock = clock
        self._kept: dict[tuple[Any, ...], Limit] = {}

    @property
    def clock(self) -> deadlines.Clock:
        if self._clock is None:
            self._clock = _kept.get() or days.clock()
        return self._clock

    def put(self, clock: Kept) -> Kept:
        """Write into a clock when it ends and why; nothing is saved."""
        limit = self.limit_of(clock)
        clock.due_at = last_minute(limit)
        clock.state = State.STOPPED if limit.is_stopped else State.RUNNING
        clock.why = limit.why(clock.event)[:400]
        clock.is_provisional = limit.is_provisional
        clock.rests_on = limit.rests_on()
        clock.follow_at = clock.began_at
        return clock

    def limit_of(self, clock: Promise) -> Limit:
        """Return a limit; the walk over the days is kept for others that begin on the same day."""
        span = Span(clock.count, Unit(clock.unit), Ends(clock.ends))
        pauses = tuple(Pause(_day(first), _day(last) if last else None) for first, last in clock.pauses)
        zone = timezone.get_default_timezone()  # asking for the current one costs more than the walk
        start = clock.began_at.astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)
        if span.unit in IN_MINUTES:
            return self.clock.limit(start, span, pauses)
        key = (start.date(), self.clock.where(start), span, pauses)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = self.clock.limit(start, span, pauses)
        return replace(kept, start=start)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def last_minute(limit: Limit) -> datetime | None:
    """Return the last minute that is in time, as a moment of the county."""
    if limit.ends_at is None:
        return None
    end = limit.ends_at if limit.closes is not None else limit.ends_at - timedelta(minutes=1)
    return end.replace(tzinfo=timezone.get_default_timezone())


def rule_of(procedure: Procedure, clock: Clock) -> ClockRule | None:
    """Return the rule a clock runs by; None for the review's, which is no clock of the stages."""
    return next((one for one in procedure.clocks if one.id == clock.rule), None)


def begin(
    matter: Matter, event: Event, *, now: datetime, reckoner: Reckoner, assignment: Assignment | None = None
) -> list[Clock]:
    """Start every clock that begins with this event and does not run yet."""
    begun = []
    for rule in matter.procedure.clocks:
        if rule.begins != event or (rule.of_assignment and assignment is None):
            continue
        if rule.only_with_follow_up and assignment and not _leaves_something(matter, assignment):
            continue
        one = assignment if rule.of_assignment else None
        span = beside.span_for(matter, rule)
        if span is None or matter.clocks.filter(rule=rule.id, assignment=one, state__in=OPEN).exists():
            continue
        since = _first_beginning(matter, rule) if rule.keeps_running else None
        begun.append(
            start(
                matter,
                rule.id,
                rule.label,
                EVENT_LABELS[event],
                span,
                began_at=since or now,
                assignment=one,
                stops=_stops(matter, rule, since or now),
                reckoner=reckoner,
            )
        )
    return begun


def _leaves_something(matter: Matter, assignment: Assignment) -> bool:
    outcome = matter.procedure.outcome(assignment.proposed_outcome)
    return outcome is None or outcome.follow_up


def start(
    matter: Matter,
    rule: str,
    label: str,
    event: str,
    span: Span,
    *,
    began_at: datetime,
    reckoner: Reckoner,
    assignment: Assignment | None = None,
    stops: list[Any] | None = None,
) -> Clock:
    clock = Clock(
        matter=matter,
        assignment=assignment,
        cycle=matter.times_reopened,
        rule=rule,
        label=label,
        event=event,
        began_at=began_at,
        count=span.count,
        unit=str(span.unit),
        ends=str(span.ends),
        pauses=stops or [],
    )
    reckoner.put(clock).save()
    return clock


def begin_again(matter: Matter, label: str, *, now: datetime, reckoner: Reckoner) -> None:
    """Start once more, as another round begins, what had begun before the matter was first assigned."""
    for rule in matter.procedure.clocks:
        span = beside.span_for(matter, rule)
        if span is not None and rule.begins in EARLY and not set(rule.ends) & {*EARLY}:
            start(matter, rule.id, rule.label, label, span, began_at=now, reckoner=reckoner)


def _first_beginning(matter: Matter, rule: ClockRule) -> datetime | None:
    """Return when a limit of this kind first began: passing a matter on does not begin it anew."""
    before = matter.clocks.filter(rule=rule.id, cycle=matter.times_reopened)
    first = before.order_by("began_at").first()
    return first.began_at if first else None


def _stops(matter: Matter, rule: ClockRule, began_at: datetime) -> list[Any]:
    """Return the stops that fall into a limit which begins now; what was over before does not count."""
    if not rule.stops:
        return []
    began_on = timezone.localdate(began_at)
    return [
        pause
        for stop in matter.stops.all()
        if stop.last is None or stop.last > began_on
        for pause in pauses_of(rule, stop.first, stop.last)
    ]


def pauses_of(rule: ClockRule, first: date, last: date | None) -> list[list[str | None]]:
    """Return the days that a notice and its answer take out of a limit, as a clock keeps them."""
    return [
        [one.first.isoformat(), one.last.isoformat() if one.last else None]
        for one in Pause.between(first, last, notice_counts=rule.notice_day_counts)
    ]


def end(
    matter: Matter,
    event: Event,
    *,
    now: datetime,
    reckoner: Reckoner,
    assignment: Assignment | None = None,
) -> list[Clock]:
    """Stop every clock that ends with this event, and note whether it was in time.

    A limit of the whole matter ends when the last unit has done it.
    """
    rules = [rule.id for rule in matter.procedure.clocks if event in rule.ends]
    ended = list(Clock.objects.filter(matter=matter, rule__in=rules, state__in=OPEN)) if rules else []
    if assignment is not None:
        is_last = any(one.assignment_id is None for one in ended) and not owing(matter, event).exists()
        own = {assignment.pk, None} if is_last else {assignment.pk}
        ended = [one for one in ended if one.assignment_id in own]
    for clock in ended:
        met(clock, now, reckoner)
    return ended


def owing(matter: Matter, event: Event) -> QuerySet[Assignment]:
    """Return the assignments of this time round for which an event has not happened yet."""
    of_this_time = matter.assignments.filter(cycle=matter.times_reopened)
    return of_this_time.filter(OWE[event]) if event in OWE else of_this_time.none()


def met(clock: Clock, now: datetime, reckoner: Reckoner) -> None:
    """Finish one clock; one that stands still runs on first, so that it has an end."""
    if clock.state == State.STOPPED:
        let_run(clock, timezone.localdate(now))
        reckoner.put(clock)
    clock.is_late = clock.is_late_at(now)
    clock.state, clock.met_at, clock.asked_at = State.MET, now, None
    clock.save()


def let_run(clock: Clock, last: date) -> None:
    """Let the stop of a clock end with this day, the last that does not count."""
    clock.pauses = [
        [first, end or last.isoformat()] for first, end in clock.pauses if end or _day(first) <= last
    ]


def void(clocks: Iterable[Clock], *, now: datetime) -> None:
    """End clocks that nobody has to meet any more; what ran out before stays late."""
    for clock in clocks:
        clock.is_late = True if clock.is_over(now) else None
        clock.state, clock.asked_at = State.VOID, None
        clock.save(update_fields=["is_late", "state", "asked_at"])


def unmeet(clock: Clock, *, since: datetime, now: datetime, reckoner: Reckoner) -> None:
    """Let a finished clock run on as if not met; the days from `since` through today do not count.

    One that was met too late stays late: nothing is taken out of it.
    """
    if not clock.is_late:
        clock.pauses = [
            *clock.pauses,
            [timezone.localdate(since).isoformat(), timezone.localdate(now).isoformat()],
        ]
    clock.met_at = clock.is_late = None
    reckoner.put(clock).save()


def changed(matter: Matter, *, now: datetime, reckoner: Reckoner, is_first: bool = False) -> None:
    """Let the limits that hang on the category follow it; what ran out, or would have by now, stays.

    The first judgement (`is_first`) says what the limit was all along, so it holds even if it is over.
    """
    for clock in matter.clocks.filter(state__in=OPEN):
        rule = rule_of(matter.procedure, clock)
        if rule is None or not rule.limits or (clock.is_over(now) and not is_first):
            continue
        span = beside.span_for(matter, rule)
        if span is None:
            void([clock], now=now)
            continue
        kept = clock.count, clock.unit, clock.ends
        clock.count = span.count * (1 + clock.extended)
        clock.unit, clock.ends = str(span.unit), str(span.ends)
        if reckoner.put(clock).is_over(now) and not is_first:
            clock.count, clock.unit, clock.ends = kept
            reckoner.put(clock)
        clock.save()
