"""A firm may take its claim back as long as nothing was paid or granted (GY-R13)."""

from __future__ import annotations

from benefits.models import Claim, Payment
from casework.models import Matter
from office import audit
from office.errors import Refused
from office.models import User

ON_THE_WAY = (Payment.State.ORDERED, Payment.State.PAID)
NOT_ORDERED = (Payment.State.WAITING, Payment.State.REQUESTED)
DONE = (Matter.State.COMPLETED, Matter.State.CALLING, Matter.State.CLOSING)


def end_requests(claim: Claim, matter: Matter, by: User | None) -> None:
    """Take back what was requested and not ordered; refuse once an order is out."""
    rows = Payment.objects.select_for_update(of=("self",)).filter(decision__claim=claim)
    payments = list(rows)  # whoever orders one of them waits
    if why := _why_kept(matter, payments):
        raise Refused(why, "不要这笔资金或者权益的，请与专窗联系。")
    for one in payments:
        if one.state in NOT_ORDERED:
            audit.record("撤销支付申请", one, acting_user=by, after={"金额": f"{one.amount:.2f}"})
            one.delete()


def why_kept(claim: Claim, matter: Matter) -> str:
    """Say why a claim cannot be taken back any more; nothing while it can."""
    return _why_kept(matter, list(Payment.objects.filter(decision__claim=claim)))


def _why_kept(matter: Matter, payments: list[Payment]) -> str:
    if matter.state in DONE:
        return "申请已经办成，不能撤回"
    return "支付令已经开出，不能撤回" if any(one.state in ON_THE_WAY for one in payments) else ""
