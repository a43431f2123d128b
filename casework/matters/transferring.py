"""Pass a matter on to discipline, police or courts (移送): by letter, and both sides sign."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casework.matters.closing import end_as
from casework.matters.events import Act, note
from casework.matters.state import OPEN, State, at_state
from casework.models import Matter, Transfer
from office import roles
from office.errors import Refused
from office.models import User


@transaction.atomic
def transfer_matter(
    *, matter: Matter, to: str, reason: str, letter_number: str, now: datetime, acting_user: User
) -> Transfer:
    """Pass on with a letter; from here on the house shows number and days alone."""
    roles.require(acting_user, "matter.run")
    rule = matter.procedure.transfer
    if rule is None:
        raise Refused("按规程不能移送", "请按规程办理。")
    if to not in rule.to:
        raise Refused("没有这一接收机关", f"接收机关为：{'、'.join(rule.to.values())}。")
    if not reason.strip() or not letter_number.strip():
        raise Refused("没有填写移送理由或者移送函编号", "请填写后再移送。")
    current = at_state(matter, *(one for one in OPEN if one != State.REVIEWING), to="移送")
    transfer = Transfer.objects.create(
        matter=current,
        to=to,
        to_label=rule.to[to][:60],
        reason=reason.strip()[:500],
        letter_number=letter_number.strip()[:60],
        at=now,
        by=acting_user,
    )
    end_as(current, State.TRANSFERRED, now=now)
    note(
        current,
        Act.TRANSFERRED,
        now=now,
        by=acting_user,
        text=f"移送{transfer.to_label}，移送函{transfer.letter_number}",
    )
    return transfer


@transaction.atomic
def note_taken_over(
    *, matter: Matter, their_number: str, received_by: str, now: datetime, acting_user: User
) -> Transfer:
    """Note who signed on the other side, and their number."""
    roles.require(acting_user, "matter.run")
    if not received_by.strip():
        raise Refused("没有填写接收签字人", "请按签收的移送函填写。")
    current = at_state(matter, State.TRANSFERRED, to="登记移送接收")
    transfer = Transfer.objects.select_for_update(of=("self",)).get(matter=current)
    if transfer.received_at is not None:
        raise Refused("移送接收已经登记", "请刷新页面，查看最新情况。")
    transfer.their_number, transfer.received_by = their_number.strip()[:60], received_by.strip()[:60]
    transfer.received_at, transfer.noted_by = now, acting_user
    transfer.save()
    note(
        current, Act.TAKEN_OVER, now=now, by=acting_user, text=f"接收编号{transfer.their_number or '未提供'}"
    )
    return transfer
