"""Give a matter to the units that settle it; they sign for it, or hand it back with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from casework.matters import clocks, parties, telling
from casework.matters.clocks import Reckoner
from casework.matters.events import Act, happened, note
from casework.matters.reopening import refer
from casework.matters.state import State, after_answer, assignment_at, at_state, standing
from casework.models import Assignment, Matter
from casework.procedure.words import Event, Stage
from departments.models import Department
from office.calendar import days
from office.errors import Refused
from office.models import User

Each = Assignment.State
DONE_AT = {
    Event.SIGNED: "signed_at",
    Event.CONTACTED: "contacted_at",
    Event.REPLIED: "replied_at",
    Event.COMPLETED: "completed_at",
}


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
    _require_others(current, units)
    return _assigned(
        current, units, demands=demands, now=now, by=acting_user, reckoner=reckoner or Reckoner()
    )


def _require_others(matter: Matter, units: Sequence[Department]) -> None:
    """Where the procedure wants it, the unit a matter is about never handles it, nor what belongs to it."""
    rule, about = matter.procedure.assigning, matter.about_id
    if rule is None or not rule.never_to_the_unit or about is None:
        return
    if own := [str(one) for one in units if about in {one.pk, one.parent_id}]:
        raise Refused(
            f"本事项反映的是{'、'.join(own)}，不能由其自行办理", "请交给它的上级、主管部门或者牵头部门。"
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
    there = set(standing(matter).values_list("unit_id", flat=True))
    if again := [str(unit) for unit in units if unit.pk in there]:
        raise Refused(f"已经交办给{'、'.join(again)}", "请选择其他单位。")
    matter.state = State.ASSIGNED
    matter.save(update_fields=["state"])
    led = standing(matter).filter(is_lead=True).exists()
    made: list[Assignment] = []
    for unit in units:
        one = Assignment.objects.create(
            matter=matter,
            unit=unit,
            cycle=matter.times_reopened,
            is_lead=not led and not made,
            demands=demands.strip()[:500],
            assigned_at=now,
            assigned_by=by,
        )
        text = f"交办{unit}{'' if one.is_lead else '（协办）'}"
        happened(matter, Event.ASSIGNED, now=now, by=by, assignment=one, text=text, reckoner=reckoner)
        _tell(one, now, by)
        made.append(one)
    return made


def _tell(assignment: Assignment, now: datetime, by: User) -> None:
    first = assignment.clocks.filter(state__in=clocks.OPEN, due_at__isnull=False).order_by("due_at").first()
    due_on = timezone.localdate(first.due_at) if first and first.due_at else None
    telling.tell_assigned(assignment, due_on=due_on, now=now, by=by)


@transaction.atomic
def correct_about(
    *, matter: Matter, about: Department, title: str, now: datetime, acting_user: User | None
) -> Matter:
    """Put right which unit a matter is about, before anybody was given it."""
    before_it = (State.REGISTERED, State.REFUSING, State.ACCEPTED, State.JUDGED)
    current = at_state(matter, *before_it, to="更正涉及单位")
    if about.kind not in current.procedure.intake.about:
        raise Refused(f"{about}不属于“{current.procedure.desk}”受理的对象", "请选择其他对象。")
    text = f"涉及单位由{current.about or '未填写'}更正为{about}"
    current.about, current.title = about, title
    current.save(update_fields=["about", "title"])
    note(current, Act.NOTED, now=now, by=acting_user, text=text)
    return current


@transaction.atomic
def sign_for_assignment(*, assignment: Assignment, now: datetime, acting_user: User) -> Assignment:
    """Confirm that an assignment came (签收); once is enough."""
    parties.require(acting_user, assignment.matter.procedure, Stage.SIGNING, "matter.handle")
    parties.require_own(acting_user, assignment.unit)
    matter, current = assignment_at(assignment, Each.WAITING, to="签收")
    parties.require_other_handler(acting_user, matter)
    current.state, current.signed_at, current.signed_by = Each.IN_HAND, now, acting_user
    current.save(update_fields=["state", "signed_at", "signed_by"])
    happened(matter, Event.SIGNED, now=now, by=acting_user, assignment=current)
    telling.sign_with(current, now=now, by=acting_user)
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
    clocks.void(current.clocks.filter(state__in=clocks.OPEN), now=now)
    telling.take_back(current, now=now)
    matter.hand_backs += 1
    _after_leaving(matter)
    goes_up = matter.hand_backs > rule.times and matter.state == State.JUDGED
    told: dict[str, Any] = {
        "now": now,
        "by": acting_user,
        "assignment": current,
        "text": current.ended_reason,
    }
    if goes_up:  # nobody can assign until it is decided, so no limit for that begins
        note(matter, Act.HANDED_BACK, **told)
        studied = f"，提交{rule.studied_by}研究" if rule.studied_by else ""
        refer(matter, f"第{matter.hand_backs}次退回{studied}", now=now, by=None)
    else:
        happened(matter, Event.HANDED_BACK, **told)
    return current


def _after_leaving(matter: Matter) -> None:
    """A unit has left: the matter is assigned anew, or what the others answered is enough."""
    left = list(standing(matter))
    if not left:
        matter.state = State.JUDGED
        matter.save()
        return
    matter.save()
    after_answer(matter)
    for event, column in DONE_AT.items():
        moments = [at for one in left if (at := getattr(one, column))]
        if len(moments) == len(left):
            clocks.end(matter, event, now=max(moments), reckoner=Reckoner())


@transaction.atomic
def take_back(*, assignment: Assignment, reason: str, now: datetime, acting_user: User) -> Assignment:
    """Take an assignment back from a unit (收回交办), so that another gets it."""
    parties.require(acting_user, assignment.matter.procedure, Stage.ASSIGNMENT, "matter.run")
    if not reason.strip():
        raise Refused("没有写明收回的理由", "请写明理由，承办单位会看到。")
    matter, current = assignment_at(assignment, Each.WAITING, Each.IN_HAND, to="收回")
    take_back_one(matter, current, reason.strip(), now=now, by=acting_user)
    _after_leaving(matter)
    return current


def take_back_one(matter: Matter, one: Assignment, reason: str, *, now: datetime, by: User | None) -> None:
    one.state, one.ended_at, one.ended_reason = Each.TAKEN_BACK, now, reason[:500]
    one.save(update_fields=["state", "ended_at", "ended_reason"])
    clocks.void(one.clocks.filter(state__in=clocks.OPEN), now=now)
    telling.take_back(one, now=now)
    note(matter, Act.TAKEN_BACK, now=now, by=by, assignment=one, text=one.ended_reason)
