"""What a unit does with an assignment: reach the reporter, reply, help with what follows."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from casework.matters import beside, clocks, parties
from casework.matters.clocks import Reckoner
from casework.matters.events import UNDONE, Act, happened, note
from casework.matters.state import (
    ANSWERED,
    DONE,
    HANDLED,
    State,
    after_answer,
    assignment_at,
    at_state,
    locked_assignment,
)
from casework.models import Assignment, Clock, Matter
from casework.procedure.words import Event, Stage
from office.errors import Refused
from office.models import User

Each = Assignment.State
AFTER = {
    Event.REPLIED: (Event.REPLIED, Event.COMPLETED, Event.TOLD, Event.CALLED_BACK),
    Event.COMPLETED: (Event.COMPLETED, Event.TOLD, Event.CALLED_BACK),
}


@transaction.atomic
def note_contact(*, assignment: Assignment, now: datetime, acting_user: User) -> Assignment:
    """Note that the unit has reached the reporter, through the centre where it may not know who that is."""
    matter, current = _in_hand(assignment, acting_user, Stage.HANDLING, "登记联系情况")
    if current.contacted_at is None:
        current.contacted_at = now
        current.save(update_fields=["contacted_at"])
        happened(matter, Event.CONTACTED, now=now, by=acting_user, assignment=current)
    return current


@transaction.atomic
def reply_to_assignment(
    *,
    assignment: Assignment,
    reply: str,
    outcome: str,
    law: str = "",
    promised_on: date | None = None,
    now: datetime,
    acting_user: User,
) -> Assignment:
    """Say what was done (回复); what still follows has a promised day, and another clock runs for it."""
    procedure = assignment.matter.procedure
    rule = procedure.outcome(outcome)
    if not reply.strip():
        raise Refused("没有填写办理情况", "请写明做了什么、结果怎样。")
    if rule is None:
        raise Refused(
            "没有这一办理结果", f"办理结果为：{'、'.join(one.label for one in procedure.outcomes)}。"
        )
    if not rule.call_back:
        raise Refused(f"“{rule.label}”由回访的人员认定", "请按办理的实际情况选择。")
    if "law" in rule.needs and not law.strip():
        raise Refused(f"“{rule.label}”须写明依据的条款", "请填写法律、法规或者文件的名称和条款。")
    if promised_on is not None and promised_on < timezone.localdate(now):
        raise Refused("后续承诺日早于今天", "请填写今天或者以后的日期。")
    matter, current = _in_hand(assignment, acting_user, Stage.HANDLING, "回复")
    beside.require_what_it_needs(matter, Event.REPLIED, outcome, now=now)
    current.state, current.replied_at, current.replied_by = Each.REPLIED, now, acting_user
    current.reply, current.law = reply.strip(), law.strip()[:300]
    current.proposed_outcome, current.promised_on = outcome, promised_on
    current.save()
    said = {"reply": current.reply, "law": current.law}  # a later answer never replaces this one
    happened(matter, Event.REPLIED, now=now, by=acting_user, assignment=current, text=rule.label, data=said)
    if matter.procedure.has(Stage.FOLLOW_UP) and not rule.follow_up:
        _completed(matter, current, "没有后续事项", now, acting_user)
    after_answer(matter)
    return current


@transaction.atomic
def complete_assignment(
    *, assignment: Assignment, completion: str, now: datetime, acting_user: User
) -> Assignment:
    """Say that what followed is done (办成): the reply alone never closes a matter."""
    if not completion.strip():
        raise Refused("没有填写后续办理情况", "请写明后续事项怎样办成。")
    parties.require(acting_user, assignment.matter.procedure, Stage.FOLLOW_UP, "matter.handle")
    parties.require_own(acting_user, assignment.unit)
    return _complete(assignment, completion.strip(), now, acting_user)


@transaction.atomic
def complete_beside(
    *, assignment: Assignment, completion: str, now: datetime, acting_user: User
) -> Assignment:
    """As `complete_assignment`, where a room above keeps this step and has asked whether the user may."""
    beside.require_done_beside(assignment.matter, Event.COMPLETED)
    return _complete(assignment, completion, now, acting_user)


def _complete(assignment: Assignment, completion: str, now: datetime, by: User) -> Assignment:
    matter, current = assignment_at(assignment, Each.REPLIED, to="登记办成")
    beside.require_what_it_needs(matter, Event.COMPLETED, now=now)
    _completed(matter, current, completion, now, by)
    after_answer(matter)
    return current


@transaction.atomic
def undo_beside(
    *, assignment: Assignment, reason: str, undone_at: datetime, now: datetime, acting_user: User
) -> Assignment:
    """What had been completed came undone, such as money that came back: its limit runs on from then."""
    beside.require_done_beside(assignment.matter, Event.COMPLETED)
    matter = at_state(assignment.matter, *HANDLED, *ANSWERED, to="撤销办成")
    current = locked_assignment(assignment, matter, Each.COMPLETED, to="撤销办成")
    _take_up_clocks(matter, current, Event.COMPLETED, current.completed_at, undone_at)
    current.state, current.completed_at, current.completion = Each.REPLIED, None, ""
    current.save(update_fields=["state", "completed_at", "completion"])
    matter.state = State.REPLIED
    matter.save(update_fields=["state"])
    undone = {UNDONE: Event.COMPLETED.value}
    note(matter, Act.NOTED, now=now, by=acting_user, assignment=current, text=reason, data=undone)
    return current


def _completed(matter: Matter, one: Assignment, completion: str, now: datetime, by: User) -> None:
    one.state, one.completed_at, one.completion = Each.COMPLETED, now, completion
    one.save(update_fields=["state", "completed_at", "completion"])
    happened(matter, Event.COMPLETED, now=now, by=by, assignment=one)


def _in_hand(assignment: Assignment, user: User, stage: Stage, to: str) -> tuple[Matter, Assignment]:
    parties.require(user, assignment.matter.procedure, stage, "matter.handle")
    parties.require_own(user, assignment.unit)
    states = (
        (Each.IN_HAND,) if assignment.matter.procedure.has(Stage.SIGNING) else (Each.IN_HAND, Each.WAITING)
    )
    found = assignment_at(assignment, *states, to=to)
    parties.require_other_handler(user, found[0])
    return found


@transaction.atomic
def return_reply(*, assignment: Assignment, reason: str, now: datetime, acting_user: User) -> Assignment:
    """Send an answer back as not enough (退回重新办理); the limit runs on as if there were none."""
    parties.require(acting_user, assignment.matter.procedure, Stage.ASSIGNMENT, "matter.run")
    if not reason.strip():
        raise Refused("没有写明退回的理由", "请写明还缺什么，承办单位会看到。")
    matter = at_state(assignment.matter, *HANDLED, *ANSWERED, to="退回重新办理")
    parties.require_no_part(acting_user, matter)
    current = locked_assignment(assignment, matter, *DONE, to="退回重新办理")
    _take_up_clocks(matter, current, Event.REPLIED, current.replied_at, now)
    current.state = Each.IN_HAND
    current.replied_at = current.replied_by = current.completed_at = None
    current.save()
    matter.state, matter.countersigned_by = State.ASSIGNED, None
    matter.save(update_fields=["state", "countersigned_by"])
    note(matter, Act.RETURNED, now=now, by=acting_user, assignment=current, text=reason.strip())
    return current


def _take_up_clocks(
    matter: Matter, assignment: Assignment, event: Event, happened_at: datetime | None, now: datetime
) -> None:
    """Let the limits of an event run on, those of the whole matter too; what began after it is void."""
    reckoner = Reckoner()
    for clock in matter.clocks.filter(cycle=matter.times_reopened):
        rule = clocks.rule_of(matter.procedure, clock)
        if rule is None or clock.assignment_id not in {assignment.pk, None}:
            continue
        counts_as_done = clock.state == Clock.State.MET and not clock.is_late
        if rule.begins in AFTER[event] and (clock.state in clocks.OPEN or counts_as_done):
            clocks.void([clock], now=now)
        elif event in rule.ends and clock.met_at and happened_at and clock.met_at >= happened_at:
            clocks.unmeet(clock, since=clock.met_at, now=now, reckoner=reckoner)
