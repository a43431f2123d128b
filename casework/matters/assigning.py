"""Give a matter to the units that settle it; they sign for it, or hand it back with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from casework.matters import clocks, parties
from casework.matters.clocks import Reckoner
from casework.matters.events import Act, happened, note
from casework.matters.state import State, assignment_at, at_state
from casework.models import Assignment, Matter
from casework.procedure.words import Event, Stage
from departments.models import Department
from office.calendar import days
from office.errors import Refused
from office.models import User

Each = Assignment.State


@transaction.atomic
def assign_matter(
    *,
    matter: Matter,
    units: Sequence[Department],
    demands: str = "",
    now: datetime,
    acting_user: User,
    reckoner: Reckoner | None = None,
) -> list[Assignment]:
    """Assign to one or several units (交办): the first is in charge, the others help; each has its clocks."""
    parties.require(acting_user, matter.procedure, Stage.ASSIGNMENT, "matter.run")
    if not units:
        raise Refused("没有选择承办单位", "请至少选择一个承办单位。")
    if len({unit.pk for unit in units}) < len(units):
        raise Refused("同一单位选择了两次", "请核对承办单位。")
    current = at_state(matter, State.JUDGED, State.ASSIGNED, to="交办")
    return _assigned(
        current, units, demands=demands, now=now, by=acting_user, reckoner=reckoner or Reckoner()
    )


def _assigned(
    matter: Matter,
    units: Sequence[Department],
    *,
    demands: str,
    now: datetime,
    by: User,
    reckoner: Reckoner,
) -> list[Assignment]:
    running = matter.assignments.exclude(state__in=(Each.HANDED_BACK, Each.TAKEN_BACK))
    there = set(running.values_list("unit_id", flat=True))
    if again := [str(unit) for unit in units if unit.pk in there]:
        raise Refused(f"已经交办给{'、'.join(again)}", "请选择其他单位。")
    matter.state = State.ASSIGNED
    matter.save(update_fields=["state"])
    made: list[Assignment] = []
    for unit in units:
        one = Assignment.objects.create(
            matter=matter,
            unit=unit,
            is_lead=not there and not made,
            demands=demands.strip()[:500],
            assigned_at=now,
            assigned_by=by,
        )
        text = f"交办{unit}{'' if one.is_lead else '（协办）'}"
        happened(matter, Event.ASSIGNED, now=now, by=by, assignment=one, text=text, reckoner=reckoner)
        made.append(one)
    return made


@transaction.atomic
def sign_for_assignment(*, assignment: Assignment, now: datetime, acting_user: User) -> Assignment:
    """Confirm that an assignment came (签收); once is enough."""
    parties.require(acting_user, assignment.matter.procedure, Stage.SIGNING, "matter.handle")
    parties.require_own(acting_user, assignment.unit)
    matter, current = assignment_at(assignment, Each.WAITING, to="签收")
    current.state, current.signed_at, current.signed_by = Each.IN_HAND, now, acting_user
    current.save(update_fields=["state", "signed_at", "signed_by"])
    happened(matter, Event.SIGNED, now=now, by=acting_user, assignment=current)
    return current


@transaction.atomic
def hand_back(*, assignment: Assignment, reason: str, now: datetime, acting_user: User) -> Assignment:
    """Hand an assignment back because the unit is not responsible (退回), within the procedure's time."""
    matter = assignment.matter
    rule = matter.procedure.hand_back
    parties.require(acting_user, matter.procedure, Stage.SIGNING, "matter.handle")
    parties.require_own(acting_user, assignment.unit)
    if rule is None:
        raise Refused("按规程不能退回", "请办理；确有困难的，向评价中心说明。")
    if not reason.strip():
        raise Refused("没有写明退回理由", "请写明为什么不属于本单位职责。")
    matter, current = assignment_at(assignment, Each.WAITING, Each.IN_HAND, to="退回")
    limit = Reckoner().clock.limit(days.local(current.assigned_at), rule.within.span)
    if not limit.is_met_by(days.local(now)):
        raise Refused(
            f"已过退回期限（{limit.why('交办')}）", "请办理；确不属于本单位职责的，向评价中心说明。"
        )
    current.state, current.ended_at, current.ended_reason = Each.HANDED_BACK, now, reason.strip()[:500]
    current.save(update_fields=["state", "ended_at", "ended_reason"])
    clocks.void(current.clocks.filter(state__in=clocks.OPEN))
    matter.hand_backs += 1
    note(matter, Act.HANDED_BACK, now=now, by=acting_user, assignment=current, text=current.ended_reason)
    _after_hand_back(matter, now)
    return current


def _after_hand_back(matter: Matter, now: datetime) -> None:
    """Let it be assigned anew; once more than the procedure allows and it goes up."""
    rule = matter.procedure.hand_back
    left = matter.assignments.exclude(state__in=(Each.HANDED_BACK, Each.TAKEN_BACK)).exists()
    if rule is not None and matter.hand_backs > rule.times:
        matter.state = State.REFERRED
        note(matter, Act.REFERRED, now=now, by=None, text=f"第{matter.hand_backs}次退回")
    elif not left:
        matter.state = State.JUDGED
    matter.save(update_fields=["state", "hand_backs"])
