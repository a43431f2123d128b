"""Notice to supplement (补正): stops the clocks whose rule says so, once, until the answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from casework.matters import clocks, parties
from casework.matters.clocks import Reckoner, last_minute, rule_of
from casework.matters.events import Act, note
from casework.matters.state import State, at_state, standing
from casework.models import Matter, Stop
from departments.access import own_units
from office import roles
from office.calendar import days
from office.errors import Refused
from office.models import User

WHILE = (State.REGISTERED, State.ACCEPTED, State.JUDGED, State.ASSIGNED, State.REPLIED)
TO = "通知补正"


@transaction.atomic
def ask_supplement(*, matter: Matter, what: str, now: datetime, acting_user: User) -> Stop:
    """Say once and completely what is missing; what has run out already does not stand still."""
    _require(acting_user, matter)
    if not what.strip():
        raise Refused("没有写明须补正的内容", "请一次写明需要补正的全部内容。")
    current = at_state(matter, *WHILE, to=TO)
    rule = current.procedure.supplement
    if rule is None:
        raise Refused("按规程不通知补正", "请按已有材料办理。")
    if current.stops.count() >= rule.times:
        raise Refused("本事项已经通知过补正，应一次性告知", "请按已有材料办理。")
    if current.stops.filter(last=None).exists():
        raise Refused("上一次补正通知还没有答复", "请等待补正，或者登记补正完成。")
    reckoner = Reckoner()
    today, due_at = timezone.localdate(now), None
    if rule.answer_within is not None:
        due_at = last_minute(reckoner.clock.limit(days.local(now), rule.answer_within.span))
    stop = Stop.objects.create(matter=current, first=today, what=what.strip()[:500], due_at=due_at)
    for clock in current.clocks.filter(state=clocks.State.RUNNING):
        of_clock = rule_of(current.procedure, clock)
        if of_clock and of_clock.stops and not clock.is_over(now):
            clock.pauses = [*clock.pauses, *clocks.pauses_of(of_clock, today, None)]
            reckoner.put(clock).save()
    note(current, Act.STOPPED, now=now, by=acting_user, text=stop.what)
    return stop


@transaction.atomic
def supplement_received(*, matter: Matter, now: datetime, acting_user: User | None) -> Stop:
    """The answer came; the clocks run on from the next day. Without `acting_user` the reporter brought it."""
    if acting_user is not None:
        _require(acting_user, matter)
    current = at_state(matter, *WHILE, to="登记补正")
    stop = current.stops.select_for_update().filter(last=None).first()
    if stop is None:
        raise Refused("没有待补正的通知", "请刷新页面，查看最新情况。")
    stop.last = timezone.localdate(now)
    stop.save(update_fields=["last"])
    reckoner = Reckoner()
    for clock in current.clocks.filter(state__in=clocks.OPEN):
        if any(last is None for _, last in clock.pauses):
            clocks.let_run(clock, stop.last)
            reckoner.put(clock).save()
    note(current, Act.RESUMED, now=now, by=acting_user)
    return stop


def _require(user: User, matter: Matter) -> None:
    """Whoever runs the matter may ask, and the unit that has it in hand."""
    if roles.allowed(user, "matter.handle"):
        if not standing(matter).filter(unit__in=own_units(user)).exists():
            raise Refused("这一事项没有交办给您所在的单位", "请从“我的工作”中打开本单位的事项。")
        return
    roles.require(user, "matter.run")
    parties.require_no_part(user, matter)
