"""Decide on acceptance: accept, or propose a refusal that another person confirms; judge and sort."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casework.matters import clocks, parties
from casework.matters.clocks import Reckoner
from casework.matters.events import Act, happened, note
from casework.matters.state import State, at_state, move_on
from casework.models import Matter
from casework.procedure.words import Event, Stage
from office import roles
from office.errors import Refused
from office.models import User


@transaction.atomic
def accept_matter(*, matter: Matter, now: datetime, acting_user: User) -> Matter:
    parties.require(acting_user, matter.procedure, Stage.ACCEPTANCE, "matter.run")
    current = at_state(matter, State.REGISTERED, to="受理")
    return _accepted(current, now, acting_user, by_silence=False)


@transaction.atomic
def accept_by_silence(*, matter: Matter, now: datetime, on: datetime) -> Matter:
    """Nobody decided in time: the matter counts as accepted from the end of the limit (`on`)."""
    current = at_state(matter, State.REGISTERED, State.REFUSING, to="受理")
    return _accepted(current, on, None, by_silence=True)


def _accepted(matter: Matter, now: datetime, by: User | None, *, by_silence: bool) -> Matter:
    matter.accepted_at, matter.accepted_by_silence = now, by_silence
    matter.refusal = matter.refusal_reason = ""
    matter.refusal_proposed_by = None
    move_on(matter, Stage.ACCEPTANCE)
    matter.save()
    text = "逾期未作决定，视为受理" if by_silence else ""
    happened(matter, Event.ACCEPTED, now=now, by=by, text=text)
    return matter


@transaction.atomic
def propose_refusal(*, matter: Matter, refusal: str, reason: str, now: datetime, acting_user: User) -> Matter:
    """Refuse with one of the procedure's reasons; where it asks for two, another person confirms."""
    procedure = matter.procedure
    parties.require(acting_user, procedure, Stage.ACCEPTANCE, "matter.run")
    rule = next((one for one in procedure.intake.refusals if one.id == refusal), None)
    if rule is None:
        raise Refused("没有这一不予受理事由", "请从规程所列的事由中选择。")
    if not reason.strip():
        raise Refused("没有写明不予受理的理由", "请写明具体理由和反映人可以找哪里。")
    current = at_state(matter, State.REGISTERED, State.HELD, to="不予受理")
    current.refusal, current.refusal_reason = refusal, reason.strip()[:500]
    current.refusal_proposed_by = acting_user
    current.state = State.REFUSING if procedure.intake.refusal_by_two else State.REFUSED
    current.save()
    text = f"{rule.label}：{current.refusal_reason}"
    if current.state == State.REFUSING:
        note(current, Act.REFUSAL_PROPOSED, now=now, by=acting_user, text=text)
    else:
        _refused(current, now, acting_user, f"{text}。{rule.go_to}")
    return current


@transaction.atomic
def settle_refusal(*, matter: Matter, agrees: bool, opinion: str, now: datetime, acting_user: User) -> Matter:
    """Confirm or send back a refusal; never by whoever proposed it."""
    procedure = matter.procedure
    roles.require(acting_user, "matter.run")
    current = at_state(matter, State.REFUSING, to="审核不予受理")
    if current.refusal_proposed_by_id == acting_user.pk:
        raise Refused("不予受理须由提出人以外的人员审核", "请由另一人审核。")
    rule = next(one for one in procedure.intake.refusals if one.id == current.refusal)
    if not agrees:
        current.state, current.refusal, current.refusal_reason = State.REGISTERED, "", ""
        current.refusal_proposed_by = None
        current.save()
        note(current, Act.REFUSAL_RETURNED, now=now, by=acting_user, text=opinion)
        return current
    current.state, current.refusal_confirmed_by = State.REFUSED, acting_user
    current.save()
    _refused(current, now, acting_user, f"{rule.label}：{current.refusal_reason}。{rule.go_to}")
    return current


def _refused(matter: Matter, now: datetime, by: User, text: str) -> None:
    """A refusal in time meets the limit for the decision; all others do not run on."""
    note(matter, Act.REFUSED, now=now, by=by, text=text)
    clocks.end(matter, Event.ACCEPTED, now=now)
    clocks.void(matter.clocks.filter(state__in=clocks.OPEN))


@transaction.atomic
def judge_matter(
    *, matter: Matter, category: str, opinion: str, cause: str = "", now: datetime, acting_user: User
) -> Matter:
    """Sort a matter into its category (研判): the limits of the category hold from here."""
    procedure = matter.procedure
    parties.require(acting_user, procedure, Stage.JUDGING, "matter.run")
    if category not in {one.id for one in procedure.categories.items}:
        raise Refused(f"没有这一{procedure.categories.label}", "请刷新页面后重新选择。")
    if cause and cause not in procedure.causes:
        raise Refused("没有这一原因类别", f"原因类别为：{'、'.join(procedure.causes)}。")
    current = at_state(matter, State.ACCEPTED, to="研判")
    current.category = current.first_category = category
    current.opinion, current.cause = opinion.strip()[:500], cause
    move_on(current, Stage.JUDGING)
    current.save()
    text = f"{procedure.categories.label}：{procedure.category(category)}"
    happened(current, Event.JUDGED, now=now, by=acting_user, text=text, reckoner=Reckoner())
    return current
