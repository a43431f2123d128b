"""The steps that a running clock still has before it, each with its moment: reminders, then what is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from casework.matters.clocks import Reckoner, last_minute
from casework.models import Clock
from casework.procedure.parts import ClockRule
from office.calendar import days
from office.calendar.deadlines import Span, Unit

MINUTE = timedelta(minutes=1)


class Kind(StrEnum):
    REMIND = "remind"
    ACCEPT = "accept"
    CHASE = "chase"
    RISE = "rise"
    SUPERVISE = "supervise"
    LEADING_GROUP = "leading_group"


class Step(NamedTuple):
    at: datetime
    kind: Kind
    share: int = 0


def ahead(clock: Clock, rule: ClockRule | None, reckoner: Reckoner) -> list[Step]:
    """Return what was not done yet, the earliest first; what is late is so from the minute after the end."""
    if rule is None or clock.due_at is None:
        return []
    steps = [*_reminders(clock, rule, reckoner), *_late(clock, rule, reckoner)]
    return sorted((one for one in steps if one.kind not in clock.followed), key=lambda one: one.at)


def _reminders(clock: Clock, rule: ClockRule, reckoner: Reckoner) -> Iterator[Step]:
    """Shares are those of the working time between beginning and end, stops left out."""
    shares = [share for share in rule.remind_at if share > clock.reminded]
    if not shares:
        return
    limit = reckoner.limit_of(clock)
    if limit.ends_at is None:
        return
    start = days.local(clock.began_at)
    whole = reckoner.clock.minutes_between(start, limit.ends_at, limit.pauses)
    for share in shares:
        if part := whole * share // 100:
            moment = last_minute(reckoner.clock.limit(start, Span(part, Unit.MINUTES), limit.pauses))
            if moment is not None:
                yield Step(moment, Kind.REMIND, share)


def _late(clock: Clock, rule: ClockRule, reckoner: Reckoner) -> Iterator[Step]:
    if clock.due_at is None:
        return
    over = clock.due_at + MINUTE
    if rule.expiry_accepts:
        yield Step(over, Kind.ACCEPT)
        return  # nobody is late any more
    late = rule.late
    if late.rise:
        yield Step(over, Kind.RISE)
    for kind, after in (
        (Kind.CHASE, late.chase),
        (Kind.SUPERVISE, late.supervise),
        (Kind.LEADING_GROUP, late.leading_group),
    ):
        if after:
            later = last_minute(reckoner.clock.limit(days.local(clock.due_at), Span(after)))
            if later is not None:
                yield Step(later + MINUTE, kind)
        elif after == 0:
            yield Step(over, kind)
