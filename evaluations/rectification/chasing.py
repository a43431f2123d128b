"""What the centre does about a late rectification, and what the clock writes down once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from evaluations.models import Disposition, Rectification, RectificationEvent
from evaluations.rectification.beginning import end_after_withdrawal
from evaluations.rectification.case import (
    RUNNING,
    Act,
    ItemState,
    State,
    locked,
    note,
    require_text,
    tell_the_unit,
)
from evaluations.rectification.standing import Standing, late_ones, standing_of
from office import audit, dates, roles
from office.errors import Refused
from office.models import User


@transaction.atomic
def chase(*, rectification: Rectification, text: str, now: datetime, acting_user: User) -> None:
    """Tell the unit to go on (催办), once a day; it stands on the unit's start page."""
    _step(rectification, Act.CHASED, text, now, acting_user)


@transaction.atomic
def supervise(*, rectification: Rectification, text: str, now: datetime, acting_user: User) -> None:
    """Supervise what stayed late (督办), from the working days on that the scheme names."""
    _step(rectification, Act.SUPERVISED, text, now, acting_user)


@transaction.atomic
def submit_to_leading_group(
    *, rectification: Rectification, text: str, now: datetime, acting_user: User
) -> None:
    """Bring before the leading group what stayed late after it was supervised."""
    _step(rectification, Act.TO_LEADING_GROUP, text, now, acting_user)


def _step(
    rectification: Rectification, act: RectificationEvent.Act, text: str, now: datetime, acting_user: User
) -> None:
    roles.require(acting_user, "rectification.chase")
    one = locked(rectification, State.PLANNING, State.UNDER_WAY, to=act.label)
    said = require_text(text, "要求", 500)
    standing = standing_of(one, now)
    if why := refusal(standing, act, now):
        raise Refused(f"{why}，不能{act.label}", "请核对期限和办理记录。")
    note(one, act, now=now, by=acting_user, text=said)
    today = timezone.localdate(now)
    if act != Act.TO_LEADING_GROUP:
        subject = f"整改{standing.late}，{act.label}：{said}"
        tell_the_unit(
            one, f"整改{act.label}", subject, key=f"{act}-{today}", due_on=today, now=now, by=acting_user
        )
    audit.record(f"整改{act.label}", one, acting_user=acting_user, after={"要求": said})


def refusal(standing: Standing, act: str, now: datetime) -> str:
    """Say why a step is not due; nothing where it is."""
    one, last = standing.one, standing.acts.get(act)
    if not standing.late:
        return "这项整改没有逾期"
    if last and timezone.localdate(last) == timezone.localdate(now):
        return f"今天已经{Act(act).label}"
    if act == Act.SUPERVISED and standing.late.working_days < one.supervision_days:
        return f"逾期满{one.supervision_days}个工作日才督办，现{standing.late}"
    if act == Act.TO_LEADING_GROUP:
        if standing.late.working_days < one.leading_group_days:
            return f"逾期满{one.leading_group_days}个工作日才提交领导小组，现{standing.late}"
        if Act.SUPERVISED not in standing.acts:
            return "还没有督办"
    return ""


STEPS = {Act.CHASED: chase, Act.SUPERVISED: supervise, Act.TO_LEADING_GROUP: submit_to_leading_group}


def follow_the_clock(now: datetime) -> int:
    """Write down once what became late, and end what lost its decision; return how many notes were made.

    Everything shown follows from the day; a night that was missed loses nothing.
    """
    lost = Rectification.objects.filter(
        state__in=RUNNING, disposition__state=Disposition.State.WITHDRAWN
    ).select_related("disposition")
    for one in lost:
        with transaction.atomic():
            end_after_withdrawal(one.disposition, now, None)
    return sum(_note_late(one, now) for one in late_ones(Rectification.objects.all(), now))


def _note_late(standing: Standing, now: datetime) -> int:
    """The day is part of the name: what was returned with a later day may become late once more."""
    one = standing.one
    if one.state == State.PLANNING:
        notes = [
            RectificationEvent(once=f"plan-{timezone.localdate(one.plan_due_at)}", text="整改方案未按时报送")
        ]
    else:
        notes = [
            RectificationEvent(
                once=f"item-{each.item.pk}-{each.item.due_on}",
                item=each.item,
                text=f"第{each.item.number}项没有在{dates.day(each.item.due_on)}前完成",
            )
            for each in standing.items
            if each.late and each.item.state == ItemState.OPEN and each.item.due_on
        ]
    known = set(one.events.exclude(once="").values_list("once", flat=True))
    new = [each for each in notes if each.once not in known]
    for each in new:
        each.rectification, each.act, each.at = one, Act.LATE, now
    RectificationEvent.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
