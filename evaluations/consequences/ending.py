"""How dispositions end: fulfilled, lapsed by date, lifted by their body; and what is restored after that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from evaluations.consequences.history import note
from evaluations.consequences.numbers import claim_other, read_number
from evaluations.consequences.reach import locked_row, refuse_unless
from evaluations.consequences.serving import is_served, state_of
from evaluations.models import Disposition, DispositionEvent, DispositionPaper
from evaluations.models.consequences import RUNNING
from office import audit, dates, roles
from office.errors import Refused
from office.models import User

State, Act = Disposition.State, DispositionEvent.Act
Guard = Callable[[Disposition], Refused | None]
_guards: list[Guard] = []


def before_fulfilling(guard: Guard) -> Guard:
    """Register a check of a package above, which says what hinders while its own work is not done."""
    if guard not in _guards:
        _guards.append(guard)
    return guard


@transaction.atomic
def fulfil(
    *, disposition: Disposition, fulfilled_on: date, now: datetime, today: date, acting_user: User
) -> Disposition:
    """Note the day on which what was decided was done; papers that it asks for are accepted before."""
    roles.require(acting_user, "register.check")
    one = locked_row(disposition, acting_user=acting_user)
    if not is_served(one):
        raise Refused(f"这项处置目前为“{one.get_state_display()}”，还没有送达，不能登记履行", "请先送达。")
    if one.fulfilled_on:
        raise Refused(f"这项处置已于{dates.day(one.fulfilled_on)}履行", "请重新打开本页查看。")
    if open_ := one.papers.exclude(state=DispositionPaper.State.ACCEPTED).count():
        raise Refused(f"还有{open_}份材料没有核收，不能登记履行", "请先核收材料。")
    if fulfilled_on > today:
        raise Refused(f"履行日期{dates.day(fulfilled_on)}晚于今天", "履行之后再登记。")
    if one.served_on and fulfilled_on < one.served_on:
        raise Refused(f"履行日期早于送达日期{dates.day(one.served_on)}", "请核对日期。")
    finish(one, fulfilled_on, now, acting_user)
    return one


def finish(one: Disposition, fulfilled_on: date, now: datetime, acting_user: User) -> None:
    """Write that a locked row is fulfilled; what has lapsed stays so and has the day besides."""
    if hindrance := _hindrance(one):
        raise hindrance
    one.fulfilled_on = fulfilled_on
    if one.state != State.LAPSED:
        one.state = State.FULFILLED
    one.save(update_fields=["fulfilled_on", "state"])
    audit.record("登记履行", one, acting_user=acting_user, after={"日期": fulfilled_on.isoformat()})
    note([one], Act.FULFILLED, dates.day(fulfilled_on), now=now, by=acting_user)


def _hindrance(one: Disposition) -> Refused | None:
    return next((found for guard in _guards if (found := guard(one))), None)


def finish_if_done(one: Disposition, today: date, now: datetime, acting_user: User) -> None:
    """Write that a locked row is fulfilled, once it is served and nothing that it asks for is left to do."""
    if not is_served(one) or one.fulfilled_on:
        return
    if not one.papers.exclude(state=DispositionPaper.State.ACCEPTED).exists() and _hindrance(one) is None:
        finish(one, today, now, acting_user)


@transaction.atomic
def follow_the_calendar(*, now: datetime, today: date) -> int:
    """Move what is in force or over by this day to its state; any night may be missed."""
    due = Q(effect_until__lt=today) | Q(state=State.SERVED, effect_from__lte=today, effect_until__gte=today)
    rows = Disposition.objects.select_for_update(of=("self",)).filter(due, state__in=RUNNING).order_by("pk")
    moved = list(rows)
    lapsed = []
    for one in moved:
        one.state = state_of(one, today)
        one.save(update_fields=["state"])
        if one.state == State.LAPSED and one.effect_until:
            lapsed.append(one)
            audit.record("处置期满", one, acting_user=None, after={"影响期止": one.effect_until.isoformat()})
    note(lapsed, Act.LAPSED, now=now, by=None)
    return len(moved)


@transaction.atomic
def lift(
    *,
    disposition: Disposition,
    body: str,
    number: str,
    lifted_on: date,
    reason: str,
    now: datetime,
    today: date,
    acting_user: User,
) -> Disposition:
    """The body takes its decision back or ends its effect early (撤销、解除), with a number of its own."""
    roles.require(acting_user, "register.decide")
    one = locked_row(disposition, acting_user=acting_user)
    refuse_unless([one], State.DECIDED, *RUNNING, to="撤销、解除")
    if one.points is not None:
        raise Refused("带有考核分的处置不能由决定撤销，考核分只随更正后的结果撤回", "请先更正结果。")
    if body.strip() != one.body:
        raise Refused(
            f"这项处置由{one.body}决定，{body.strip() or '所填机关'}不能撤销、解除", "请由原决定机关办理。"
        )
    if not reason.strip():
        raise Refused("没有写明撤销、解除的理由", "请写明理由。")
    if lifted_on > today or (one.decided_on and lifted_on < one.decided_on):
        raise Refused("撤销、解除的日期不在决定日期和今天之间", "请核对日期。")
    written = read_number(number, lifted_on)
    claim_other(one.body, written, lifted_on, but_for=one)
    one.restore_flagged = is_served(one)
    one.state, one.withdrawn_on, one.withdrawn_number = State.WITHDRAWN, lifted_on, written
    one.reason = reason.strip()[:500]
    one.save()
    after = {"文号": written, "日期": lifted_on.isoformat(), "理由": one.reason}
    audit.record("撤销、解除处置", one, acting_user=acting_user, after=after)
    note([one], Act.WITHDRAWN, f"{one.body} {written}：{one.reason}", now=now, by=acting_user)
    return one


@transaction.atomic
def note_restored(*, disposition: Disposition, text: str, now: datetime, acting_user: User) -> Disposition:
    """Note what was put right after something that had effect was withdrawn."""
    roles.require(acting_user, "register.decide")
    one = locked_row(disposition, acting_user=acting_user)
    if not one.restore_flagged:
        raise Refused("这项处置没有等待恢复的事项", "请重新打开本页查看。")
    if not text.strip():
        raise Refused("没有写明恢复了什么", "请写明由谁、何时、恢复了什么。")
    one.restore_flagged = False
    one.save(update_fields=["restore_flagged"])
    audit.record("登记恢复情况", one, acting_user=acting_user, after={"情况": text.strip()})
    note([one], Act.RESTORED, text.strip(), now=now, by=acting_user)
    return one
