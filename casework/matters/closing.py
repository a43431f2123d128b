"""How a matter ends: told, called back and closed by the rules of its procedure, or withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casework.matters import clocks, parties
from casework.matters.events import Act, happened, note
from casework.matters.state import ENDED, OPEN, State, at_state, move_on
from casework.models import Assignment, Matter
from casework.procedure.words import Event, Stage
from office import roles
from office.errors import Refused
from office.models import User

OVER = (Assignment.State.HANDED_BACK, Assignment.State.TAKEN_BACK)


@transaction.atomic
def tell_reporter(*, matter: Matter, text: str, now: datetime, acting_user: User) -> Matter:
    """Tell the reporter what came of it (告知); the page of progress shows this text."""
    parties.require(acting_user, matter.procedure, Stage.TELLING, "matter.run")
    if not text.strip():
        raise Refused("没有填写告知内容", "请写明办理结果和反映人可以怎样申请复核。")
    current = at_state(matter, State.COMPLETED, to="告知")
    current.told_at = now
    move_on(current, Stage.TELLING)
    current.save(update_fields=["told_at", "state"])
    happened(current, Event.TOLD, now=now, by=acting_user, text=text.strip())
    return current


@transaction.atomic
def close_matter(
    *, matter: Matter, outcome: str, finding: str = "", now: datetime, acting_user: User
) -> Matter:
    """Close a matter (办结) with its outcome; closed is not solved."""
    procedure = matter.procedure
    parties.require(acting_user, procedure, Stage.CLOSED, "matter.run")
    rule = procedure.outcome(outcome)
    if rule is None:
        raise Refused(
            "没有这一办理结果", f"办理结果为：{'、'.join(one.label for one in procedure.outcomes)}。"
        )
    if procedure.findings and finding not in {one.id for one in procedure.findings}:
        raise Refused("没有认定是否属实", f"请选择：{'、'.join(one.label for one in procedure.findings)}。")
    current = at_state(matter, State.REPLIED, State.COMPLETED, State.CALLING, State.CLOSED, to="办结")
    if "countersign" in rule.needs and current.countersigned_by_id is None:
        raise Refused(f"“{rule.label}”须经会签", f"请{roles.in_words('matter.countersign')}会签后再办结。")
    return _closed(current, outcome, finding, now, acting_user)


def _closed(matter: Matter, outcome: str, finding: str, now: datetime, by: User | None) -> Matter:
    rule = matter.procedure.outcome(outcome)
    matter.state, matter.closed_at = State.CLOSED, now
    matter.outcome, matter.finding = outcome, finding
    matter.is_solved = bool(rule and rule.solved)
    matter.save()
    happened(matter, Event.CLOSED, now=now, by=by, text=rule.label if rule else outcome)
    clocks.void(matter.clocks.filter(state__in=clocks.OPEN))
    return matter


@transaction.atomic
def withdraw_matter(*, matter: Matter, reason: str, now: datetime, acting_user: User | None) -> Matter:
    """The reporter takes a matter back (撤回); without `acting_user` by number and query code."""
    if acting_user is not None:
        roles.require(acting_user, "matter.run")
    if matter.procedure.withdrawal is None:
        raise Refused("按规程不能撤回", "请等待办理结果。")
    current = at_state(matter, *OPEN, to="撤回")
    end_as(current, State.WITHDRAWN, now=now)
    note(current, Act.WITHDRAWN, now=now, by=acting_user, text=reason.strip() or "反映人撤回")
    return current


def end_as(matter: Matter, state: Matter.State, *, now: datetime) -> None:
    """End a matter without an outcome: nobody has to meet its clocks any more."""
    if state not in ENDED:
        raise ValueError(f"{state} ends nothing")
    matter.state, matter.closed_at = state, now
    matter.save(update_fields=["state", "closed_at"])
    matter.assignments.exclude(state__in=OVER).update(
        state=Assignment.State.TAKEN_BACK, ended_at=now, ended_reason=state.label
    )
    clocks.void(matter.clocks.filter(state__in=clocks.OPEN))
