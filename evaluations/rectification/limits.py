"""The limits of a rectification: plan in working days, the whole in days, from the day of the notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from evaluations.models import Rectification, RectificationEvent, RectificationItem
from office import audit
from office.calendar import days, provisional
from office.calendar.deadlines import Clock, Limit, Span, Unit

State, ItemState = Rectification.State, RectificationItem.State


@dataclass(frozen=True)
class Promised:
    """The two ends that a rectification begins with."""

    plan: Limit
    done: Limit

    @property
    def is_provisional(self) -> bool:
        return self.plan.is_provisional or self.done.is_provisional

    def as_columns(self) -> dict[str, Any]:
        return {
            "plan_due_at": _moment(self.plan),
            "done_due_at": _moment(self.done),
            "is_provisional": self.is_provisional,
            "rests_on": {"plan": self.plan.rests_on(), "done": self.done.rests_on()},
        }


def promised(clock: Clock, notice_on: date, *, plan_working_days: int, done_days: int) -> Promised:
    return Promised(
        clock.limit(notice_on, Span(plan_working_days)),
        clock.limit(notice_on, Span(done_days, Unit.DAYS)),
    )


def _moment(limit: Limit) -> datetime:
    if limit.ends_at is None:
        raise ValueError("a limit whose clock is stopped has no end")
    return timezone.make_aware(limit.ends_at)


def closing(clock: Clock, day: date) -> datetime:
    """Return close of business on a day."""
    return timezone.make_aware(datetime.combine(day, clock.hours.closing(day)))


def is_over(end: datetime, now: datetime) -> bool:
    """Whether a limit is over: the closing minute is in time."""
    return now.replace(second=0, microsecond=0) > end


@dataclass(frozen=True)
class Lateness:
    """Whether something is late, and for how many working days; less than one counts 0."""

    is_late: bool
    working_days: int = 0

    def __bool__(self) -> bool:
        return self.is_late

    def __str__(self) -> str:
        if not self.is_late:
            return ""
        return f"逾期{self.working_days}个工作日" if self.working_days else "已逾期"


IN_TIME = Lateness(is_late=False)


def lateness_of_item(clock: Clock, item: RectificationItem, now: datetime, *, runs: bool = True) -> Lateness:
    """An item is late until somebody asked for its closing; what was returned runs on."""
    if item.due_on is None:
        return IN_TIME
    if item.done_on is not None:
        days_late = clock.calendar.count(item.due_on, item.done_on)
        return Lateness(days_late > 0, days_late)
    if not runs:
        return IN_TIME
    return _until(clock, closing(clock, item.due_on), now)


def lateness_of_plan(clock: Clock, one: Rectification, now: datetime) -> Lateness:
    return _until(clock, one.plan_due_at, now) if one.state == State.PLANNING else IN_TIME


def _until(clock: Clock, end: datetime, now: datetime) -> Lateness:
    if not is_over(end, now):
        return IN_TIME
    return Lateness(
        is_late=True, working_days=clock.calendar.count(timezone.localdate(end), timezone.localdate(now))
    )


@provisional.settles
def settle(clock: Clock) -> None:
    """Compute the ends that hung on a year without a calendar again, now that it is entered."""
    waiting = Rectification.objects.select_for_update(of=("self",)).filter(
        is_provisional=True, state__in=(State.PLANNING, State.HANDED_IN, State.UNDER_WAY)
    )
    for one in waiting.select_related("department", "disposition"):
        ends = promised(
            clock, one.notice_on, plan_working_days=one.plan_working_days, done_days=one.done_days
        )
        if ends.is_provisional:
            continue
        before = {"整改方案截止": _said(one.plan_due_at), "完成截止": _said(one.done_due_at)}
        for name, value in ends.as_columns().items():
            setattr(one, name, value)
        one.save(update_fields=list(ends.as_columns()))
        after = {"整改方案截止": _said(one.plan_due_at), "完成截止": _said(one.done_due_at)}
        RectificationEvent.objects.create(
            rectification=one,
            act=RectificationEvent.Act.RECKONED,
            at=timezone.now(),
            text=f"方案截止{after['整改方案截止']}，完成截止{after['完成截止']}",
        )
        audit.record("重新推算整改期限", one, acting_user=None, before=before, after=after)


def _said(moment: datetime) -> str:
    return days.local(moment).isoformat(" ", "minutes")
