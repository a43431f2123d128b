"""Clocks begin and end with what happens to a matter; the procedure says which and how long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from casework.models import Assignment, Clock, Matter
from casework.procedure.parts import ClockRule
from casework.procedure.words import EVENT_LABELS, Event
from office.calendar import days, deadlines
from office.calendar.deadlines import Ends, Limit, Pause, Span, Unit

State = Clock.State
OPEN = (State.RUNNING, State.STOPPED)


class Reckoner:
    """Computes limits with one reading of calendar and hours; keep one for many matters."""

    def __init__(self, clock: deadlines.Clock | None = None) -> None:
        self._clock = clock

    @property
    def clock(self) -> deadlines.Clock:
        if self._clock is None:
            self._clock = days.clock()
        return self._clock

    def put(self, clock: Clock) -> Clock:
        """Write into a clock when it ends and why; nothing is saved."""
        limit = self.limit_of(clock)
        clock.due_at = last_minute(limit)
        clock.state = State.STOPPED if limit.is_stopped else State.RUNNING
        clock.why = limit.why(clock.event)[:400]
        clock.is_provisional = limit.is_provisional
        clock.rests_on = limit.rests_on()
        return clock

    def limit_of(self, clock: Clock) -> Limit:
        span = Span(clock.count, Unit(clock.unit), Ends(clock.ends))
        pauses = [Pause(_day(first), _day(last) if last else None) for first, last in clock.pauses]
        return self.clock.limit(days.local(clock.began_at), span, pauses)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def last_minute(limit: Limit) -> datetime | None:
    """Return the last minute that is in time, as a moment of the county."""
    if limit.ends_at is None:
        return None
    end = limit.ends_at if limit.closes is not None else limit.ends_at - timedelta(minutes=1)
    return timezone.make_aware(end)


def begin(
    matter: Matter, event: Event, *, now: datetime, reckoner: Reckoner, assignment: Assignment | None = None
) -> list[Clock]:
    """Start every clock that begins with this event; one that keeps running is not started again."""
    begun = []
    for rule in matter.procedure.clocks:
        if rule.begins != event or (rule.of_assignment and assignment is None):
            continue
        if clock := _begun(matter, rule, assignment if rule.of_assignment else None, now, reckoner):
            clock.save()
            begun.append(clock)
    return begun


def _begun(
    matter: Matter, rule: ClockRule, assignment: Assignment | None, now: datetime, reckoner: Reckoner
) -> Clock | None:
    span = rule.span_for(matter.category)
    if span is None:
        return None
    since = _first_beginning(matter, rule) if rule.keeps_running else None
    clock = Clock(
        matter=matter,
        assignment=assignment,
        rule=rule.id,
        label=rule.label,
        event=EVENT_LABELS[rule.begins],
        began_at=since or now,
        count=span.count,
        unit=str(span.unit),
        ends=str(span.ends),
        pauses=_pauses(matter, rule),
    )
    return reckoner.put(clock)


def _first_beginning(matter: Matter, rule: ClockRule) -> datetime | None:
    """Return when a limit of this kind first began: passing a matter on does not begin it anew."""
    first = Clock.objects.filter(matter=matter, rule=rule.id).order_by("began_at").first()
    return first.began_at if first else None


def _pauses(matter: Matter, rule: ClockRule) -> list[Any]:
    if not rule.stops:
        return []
    return [
        [one.first.isoformat(), one.last.isoformat() if one.last else None]
        for stop in matter.stops.all()
        for one in Pause.between(stop.first, stop.last, notice_counts=rule.notice_day_counts)
    ]


def end(matter: Matter, event: Event, *, now: datetime, assignment: Assignment | None = None) -> list[Clock]:
    """Stop every clock that ends with this event, and note whether it was in time."""
    rules = [rule.id for rule in matter.procedure.clocks if event in rule.ends]
    running = Clock.objects.filter(matter=matter, rule__in=rules, state__in=OPEN)
    if assignment is not None:
        running = running.filter(assignment__in=[assignment.pk]) | running.filter(assignment=None)
    ended = list(running)
    for clock in ended:
        met(clock, now)
    return ended


def met(clock: Clock, now: datetime) -> None:
    """Finish one clock; a stopped one cannot be late."""
    clock.is_late = clock.state == State.RUNNING and clock.is_late_at(now)
    clock.state, clock.met_at = State.MET, now
    clock.save(update_fields=["is_late", "state", "met_at"])


def void(clocks: Iterable[Clock]) -> None:
    """End clocks that nobody has to meet any more; what ran out before stays late."""
    for clock in clocks:
        clock.state = State.VOID
        clock.save(update_fields=["state"])


def recompute(matter: Matter, reckoner: Reckoner) -> None:
    """Compute the running limits of a matter again after a stop began or ended, or its category changed."""
    procedure = matter.procedure
    for clock in Clock.objects.filter(matter=matter, state__in=OPEN):
        rule = procedure.clock(clock.rule)
        clock.pauses = _pauses(matter, rule)
        reckoner.put(clock).save()
