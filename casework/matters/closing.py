"""How a matter ends: told, called back and closed by the rules of its procedure, or withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casework.matters import beside, clocks, parties, telling
from casework.matters.events import Act, happened, note
from casework.matters.state import (
    ANSWERED,
    AWAITS_SUPPLEMENT,
    ENDED,
    OPEN,
    State,
    at_state,
    move_on,
    standing,
)
from casework.models import Assignment, Matter
from casework.procedure.parts import Outcome
from casework.procedure.words import Event, Stage
from office import roles
from office.errors import Refused
from office.models import User

Each = Assignment.State
WITHDRAWABLE = tuple(one for one in OPEN if one != State.REVIEWING)


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
    current = at_state(matter, State.CLOSING, to="办结")
    parties.require_no_part(acting_user, current)
    if "countersign" in rule.needs and current.countersigned_by_id is None:
        raise Refused(f"“{rule.label}”须经会签", f"请{roles.in_words('matter.countersign')}会签后再办结。")
    if "countersign" in rule.needs and current.countersigned_by_id == acting_user.pk:
        raise Refused("会签人不能自己办结", "请由另一人办结。")
    _require_reached(current, rule)
    beside.require_what_it_needs(current, Event.CLOSED, outcome, now=now)
    return _closed(current, outcome, finding, now, acting_user)


def _require_reached(matter: Matter, outcome: Outcome) -> None:
    """Not reached is an outcome of its own where the procedure says so, and of nothing else."""
    call_back = matter.procedure.call_back
    in_vain = matter.is_reached is False
    if not outcome.call_back and not in_vain:
        raise Refused(f"反映人并非没有联系上，不能按“{outcome.label}”办结", "请选择实际的办理结果。")
    named = call_back.not_reached if call_back and in_vain else None
    if named and outcome.id != named:
        label = next(one.label for one in matter.procedure.outcomes if one.id == named)
        raise Refused("多次回访没有联系上反映人", f"按规程，请按“{label}”办结。")


def _closed(matter: Matter, outcome: str, finding: str, now: datetime, by: User | None) -> Matter:
    rule = matter.procedure.outcome(outcome)
    matter.state, matter.closed_at = State.CLOSED, now
    matter.outcome, matter.finding = outcome, finding
    matter.is_solved = bool(rule and rule.solved)
    matter.referred_at, matter.referred_why = None, ""
    matter.save()
    happened(matter, Event.CLOSED, now=now, by=by, text=rule.label if rule else outcome)
    clocks.void(matter.clocks.filter(state__in=clocks.OPEN), now=now)
    return matter


@transaction.atomic
def countersign(*, matter: Matter, now: datetime, acting_user: User) -> Matter:
    """Agree to an outcome that needs it (会签), such as a lawful no."""
    roles.require(acting_user, "matter.countersign")
    current = at_state(matter, *ANSWERED, to="会签")
    parties.require_no_part(acting_user, current)
    if current.countersigned_by_id is not None:
        raise Refused("本事项已经会签", "请刷新页面，查看最新情况。")
    needing = [one.id for one in matter.procedure.outcomes if "countersign" in one.needs]
    if not standing(current).filter(proposed_outcome__in=needing).exists():
        raise Refused("承办单位没有提出须会签的办理结果", "请按承办单位的答复办理。")
    current.countersigned_by = acting_user
    current.save(update_fields=["countersigned_by"])
    note(current, Act.COUNTERSIGNED, now=now, by=acting_user)
    return current


@transaction.atomic
def close_unanswered(*, matter: Matter, now: datetime) -> Matter | None:
    """The reporter did not bring in time what was missing; close as the procedure says."""
    current = at_state(matter, *AWAITS_SUPPLEMENT, to="办结")
    rule = current.procedure.supplement
    waiting = current.stops.filter(last=None, due_at__lt=now.replace(second=0, microsecond=0)).exists()
    if rule is None or rule.unanswered is None or not waiting:
        return None
    if standing(current).filter(replied_at__isnull=False).exists():  # a unit took the answer and went on
        return None
    _leave(current, "逾期未补正", now)
    return _closed(current, rule.unanswered, "", now, None)


def _leave(matter: Matter, why: str, now: datetime) -> None:
    """Take back what no unit has to handle any more."""
    for one in standing(matter).filter(state=Each.WAITING):
        telling.take_back(one, now=now)
    standing(matter).update(state=Each.TAKEN_BACK, ended_at=now, ended_reason=why)


def may_be_withdrawn(matter: Matter) -> bool:
    """Whether its reporter alone stands behind it, and nobody is deciding on a review."""
    allowed = matter.procedure.withdrawal is not None and matter.state in WITHDRAWABLE
    return allowed and not matter.merged_ones.exists()


@transaction.atomic
def withdraw_matter(*, matter: Matter, reason: str, now: datetime, acting_user: User | None) -> Matter:
    """The reporter takes a matter back (撤回); without `acting_user` by number and query code."""
    if acting_user is not None:
        roles.require(acting_user, "matter.run")
    rule = matter.procedure.withdrawal
    if rule is None:
        raise Refused("按规程不能撤回", "请等待办理结果。")
    current = at_state(matter, *WITHDRAWABLE, to="撤回")
    if current.merged_ones.exists():
        raise Refused("还有其他人反映同一事项，不能撤回", "本事项继续办理，结果照常告知。")
    beside.withdrawn_beside(current, acting_user)
    end_as(current, State.WITHDRAWN, now=now)
    note(current, Act.WITHDRAWN, now=now, by=acting_user, text=reason.strip() or f"{rule.who}撤回")
    return current


def end_as(matter: Matter, state: Matter.State, *, now: datetime) -> None:
    """End a matter without an outcome: nobody has to meet its clocks any more."""
    if state not in ENDED:
        raise ValueError(f"{state} ends nothing")
    matter.state, matter.closed_at = state, now
    matter.referred_at, matter.referred_why = None, ""
    matter.save()
    _leave(matter, state.label, now)
    clocks.void(matter.clocks.filter(state__in=clocks.OPEN), now=now)
