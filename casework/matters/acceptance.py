"""Decide on acceptance: accept, or propose a refusal that another person confirms; judge and sort."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casework.matters import clocks, parties
from casework.matters.clocks import Reckoner
from casework.matters.events import Act, happened, note
from casework.matters.state import State, at_state, move_on, require_state
from casework.models import Matter
from casework.procedure.words import Event, Stage
from office import dates, roles
from office.errors import Refused
from office.models import User

REPEAT = "repeat"  # a refusal that every procedure knows: decided before, nothing new


@transaction.atomic
def accept_matter(*, matter: Matter, now: datetime, acting_user: User) -> Matter:
    """Accept; after the end of a limit that accepts by silence it counts as accepted from that end."""
    parties.require(acting_user, matter.procedure, Stage.ACCEPTANCE, "matter.run")
    current = at_state(matter, State.REGISTERED, State.REFUSING, to="受理")
    if on := silent_since(current, now):
        return accepted(current, on, None, by_silence=True)
    require_state(current, State.REGISTERED, to="受理")
    return accepted(current, now, acting_user, by_silence=False)


@transaction.atomic
def accept_by_silence(*, matter: Matter, now: datetime) -> Matter | None:
    """Nobody decided in time: the matter counts as accepted from the end of the limit, whenever this runs."""
    current = at_state(matter, State.REGISTERED, State.REFUSING, to="受理")
    on = silent_since(current, now)
    return accepted(current, on, None, by_silence=True) if on else None


def silent_since(matter: Matter, now: datetime) -> datetime | None:
    """Return when the limit for the decision ended, if it has and its end accepts."""
    rules = [one.id for one in matter.procedure.clocks if one.expiry_accepts]
    clock = matter.clocks.filter(rule__in=rules, state=clocks.State.RUNNING).first() if rules else None
    return clock.due_at if clock is not None and clock.is_over(now) else None


def accepted(matter: Matter, now: datetime, by: User | None, *, by_silence: bool) -> Matter:
    matter.accepted_at, matter.accepted_by_silence = now, by_silence
    matter.refusal = matter.refusal_reason = ""
    matter.refusal_proposed_by = matter.refusal_confirmed_by = None
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
    if refusal not in {one.id for one in procedure.intake.refusals}:
        raise Refused("没有这一不予受理事由", "请从规程所列的事由中选择。")
    if not reason.strip():
        raise Refused("没有写明不予受理的理由", "请写明具体理由和反映人可以找哪里。")
    current = at_state(matter, State.REGISTERED, State.HELD, to="不予受理")
    return put_refusal(current, refusal, reason.strip(), now=now, by=acting_user)


def put_refusal(matter: Matter, refusal: str, reason: str, *, now: datetime, by: User) -> Matter:
    """Write a refusal into a locked matter; where the procedure asks for two, it waits for the other one."""
    _require_time_left(matter, now)
    parties.require_no_part(by, matter)
    matter.refusal, matter.refusal_reason = refusal, reason[:500]
    matter.refusal_proposed_by = by
    if matter.procedure.intake.refusal_by_two:
        matter.state = State.REFUSING
        matter.save()
        note(matter, Act.REFUSAL_PROPOSED, now=now, by=by, text=refusal_in_words(matter))
        return matter
    return _refused(matter, now, by)


@transaction.atomic
def settle_refusal(*, matter: Matter, agrees: bool, opinion: str, now: datetime, acting_user: User) -> Matter:
    """Confirm or send back a refusal; never by whoever proposed it."""
    roles.require(acting_user, "matter.run")
    current = at_state(matter, State.REFUSING, to="审核不予受理")
    if current.refusal_proposed_by_id == acting_user.pk:
        raise Refused("不予受理须由提出人以外的人员审核", "请由另一人审核。")
    parties.require_no_part(acting_user, current)
    if agrees:
        _require_time_left(current, now)
        current.refusal_confirmed_by = acting_user
        return _refused(current, now, acting_user)
    if not opinion.strip():
        raise Refused("没有写明不同意的理由", "请写明为什么应当受理或者核实。")
    counts = current.events.filter(act=Act.REGISTERED).exists()  # what was held has no clock yet
    current.state = State.REGISTERED if counts else State.HELD
    current.refusal, current.refusal_reason = "", ""
    current.refusal_proposed_by = None
    current.save()
    note(current, Act.REFUSAL_RETURNED, now=now, by=acting_user, text=opinion)
    return current


def _require_time_left(matter: Matter, now: datetime) -> None:
    if on := silent_since(matter, now):
        raise Refused(f"受理期限已于{dates.moment(on)}届满，按规程视为受理", "请研判、交办。")


def refusal_in_words(matter: Matter) -> str:
    """Say why a matter is not accepted, and where the reporter may go instead."""
    if matter.refusal == REPEAT:
        return f"重复反映：{matter.refusal_reason}"
    rule = next((one for one in matter.procedure.intake.refusals if one.id == matter.refusal), None)
    return f"{rule.label}：{matter.refusal_reason}。{rule.go_to}" if rule else matter.refusal_reason


def _refused(matter: Matter, now: datetime, by: User) -> Matter:
    """A refusal in time meets the limit for the decision; all others do not run on."""
    matter.state, matter.closed_at = State.REFUSED, now
    matter.save()
    note(matter, Act.REFUSED, now=now, by=by, text=refusal_in_words(matter))
    clocks.end(matter, Event.ACCEPTED, now=now, reckoner=Reckoner())
    clocks.void(matter.clocks.filter(state__in=clocks.OPEN), now=now)
    return matter


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
    reckoner = Reckoner()
    clocks.changed(current, now=now, reckoner=reckoner, is_first=True)
    happened(current, Event.JUDGED, now=now, by=acting_user, text=text, reckoner=reckoner)
    return current
