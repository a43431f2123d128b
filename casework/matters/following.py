"""The job that follows the clocks: it does what is due, once, however many nights it missed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from casework.matters import acceptance, bulk, clocks, closing, lateness, telling
from casework.matters.clocks import Reckoner
from casework.matters.events import Act, note
from casework.matters.state import AWAITS_SUPPLEMENT, OPEN, locked
from casework.matters.steps import Kind, Step, ahead
from casework.models import Clock, Matter, MatterEvent, ProcedureVersion, Stop
from casework.procedure import Procedure
from office import dates

AT_ONCE = 2000
logger = logging.getLogger(__name__)


def follow_the_clocks(now: datetime) -> int:
    """Do what is due for every running clock; return for how many matters something was done.

    Each matter is a transaction of its own; what was not done, for whatever reason, is due the next time.
    """
    reckoner = Reckoner()
    versions = _readable()
    unanswered = Stop.objects.filter(last=None, due_at__lt=now, matter__state__in=AWAITS_SUPPLEMENT)
    waiting = unanswered.filter(matter__version__in=versions)
    closed = [_tried(one.matter_id, _close, now, reckoner) for one in waiting]
    due = _with_something_due(now, reckoner, versions)
    followed = [_tried(one, _follow, now, reckoner) for one in due]
    return sum(closed) + sum(followed)


def _readable() -> dict[int, Procedure]:
    """Return the procedures to follow; under one that cannot be read all stays due until it can."""
    read = {one.pk: one.procedure for one in ProcedureVersion.objects.all()}
    return {pk: procedure for pk, procedure in read.items() if procedure.is_readable}


def _with_something_due(now: datetime, reckoner: Reckoner, versions: dict[int, Procedure]) -> list[int]:
    """Look at the clocks whose moment has come, and put off those that have nothing due yet."""
    looked_at = Clock.objects.filter(
        state=Clock.State.RUNNING, follow_at__lte=now, matter__version__in=versions
    )
    put_off: list[Clock] = []
    due: set[int] = set()
    for clock in looked_at.annotate(version=F("matter__version_id")).iterator(chunk_size=AT_ONCE):
        rule = clocks.rule_of(versions[clock.version], clock)
        first = next(iter(ahead(clock, rule, reckoner)), None)
        if first is not None and first.at <= now:
            due.add(clock.matter_id)
            continue
        clock.follow_at = first.at if first else None
        put_off.append(clock)
    bulk.write(Clock, put_off, ["follow_at"], only_if=["due_at"])
    return sorted(due)


def _tried(
    matter_id: int, act: Callable[[int, datetime, Reckoner], bool], now: datetime, reckoner: Reckoner
) -> bool:
    try:
        with transaction.atomic():
            return act(matter_id, now, reckoner)
    except Exception:  # one matter with a fault keeps no other from being followed
        logger.exception("matter %s: what is due was not done", matter_id)
        return False


def _close(matter_id: int, now: datetime, _: Reckoner) -> bool:
    return closing.close_unanswered(matter=Matter(pk=matter_id), now=now) is not None


def _follow(matter_id: int, now: datetime, reckoner: Reckoner) -> bool:
    matter = locked(matter_id)
    if matter.state not in OPEN:
        return False
    done = False
    running = matter.clocks.filter(state=Clock.State.RUNNING, follow_at__lte=now)
    for clock in running.select_related("assignment__unit").order_by("due_at", "id"):
        rule = clocks.rule_of(matter.procedure, clock)
        left = ahead(clock, rule, reckoner)
        due = [one for one in left if one.at <= now]
        if any(one.kind == Kind.ACCEPT for one in due):
            return acceptance.accept_by_silence(matter=matter, now=now) is not None
        for step in due:
            _do(matter, clock, step, due, now)
        left = [one for one in left if one.at > now]
        clock.follow_at = left[0].at if left else None
        clock.save(update_fields=["follow_at", "followed", "reminded"])
        done = done or bool(due)
    return done


def _do(matter: Matter, clock: Clock, step: Step, due: list[Step], now: datetime) -> None:
    """Do one step; of several reminders that were missed the last alone, and none where it is too late."""
    if step.kind == Kind.REMIND:
        clock.reminded = step.share
        last = max(one.share for one in due)
        if step.share == last and not clock.is_over(now):
            _remind(matter, clock, step.share, now)
        return
    clock.followed = [*clock.followed, step.kind.value]
    {
        Kind.RISE: _rise,
        Kind.CHASE: _chase,
        Kind.SUPERVISE: _supervise,
        Kind.LEADING_GROUP: _refer,
    }[step.kind](matter, clock, now)


def _remind(matter: Matter, clock: Clock, share: int, now: datetime) -> None:
    _tell(matter, clock, Act.REMINDED, f"{clock.label}时限已过{share}%，截止 {clock.due_in_words}", now)


def _chase(matter: Matter, clock: Clock, now: datetime) -> None:
    _tell(matter, clock, Act.CHASED, _overdue(clock), now)


def _supervise(matter: Matter, clock: Clock, now: datetime) -> None:
    _tell(matter, clock, Act.SUPERVISED, _overdue(clock), now)


def _refer(matter: Matter, clock: Clock, now: datetime) -> None:
    """Bring it before the leading group; what waits there already waits once."""
    if matter.referred_at is None:
        unit = f"{clock.assignment.unit}" if clock.assignment else ""
        lateness.put_before_leading_group(matter, f"{unit}{_overdue(clock)}", now=now, by=None)


def _rise(matter: Matter, clock: Clock, now: datetime) -> None:
    """Raise the category one step for a limit that ran out, not one for each unit that is late."""
    categories = matter.procedure.categories
    before = matter.category
    cause = {"rule": clock.rule, "cycle": clock.cycle}
    if not categories.rises_when_late or matter.events.filter(act=Act.ROSE, data=cause).exists():
        return
    matter.category = matter.procedure.risen(before)
    if matter.category == before:
        return
    matter.save(update_fields=["category"])
    text = f"{_overdue(clock)}，{matter.procedure.category(before)}升为{matter.category_label}"
    note(matter, Act.ROSE, now=now, by=None, assignment=clock.assignment, text=text, data=cause)


def _overdue(clock: Clock) -> str:
    """Say what is late; units read it, so of a limit of the whole matter the day alone."""
    until = clock.due_in_words
    if clock.assignment_id is None and clock.due_at is not None:
        until = dates.day(clock.due_at)
    return f"{clock.label}逾期，应于{until}前完成"


def _tell(matter: Matter, clock: Clock, act: MatterEvent.Act, text: str, now: datetime) -> None:
    data = {"clocks": [clock.rule]} if act == Act.SUPERVISED else None
    note(matter, act, now=now, by=None, assignment=clock.assignment, text=text, data=data)
    if clock.assignment is not None:
        clock.assignment.matter = matter
        key = f"{act.value}-{clock.pk}-{clock.extended}-{clock.reminded}"
        telling.tell(clock.assignment, act.label, text, key=key, now=now)
