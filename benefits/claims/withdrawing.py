"""A firm may take its claim back as long as nothing was paid or granted (GY-R13)."""

from __future__ import annotations

from benefits.models import Claim, Payment
from casework.models import Matter
from office.errors import Refused

ON_THE_WAY = (Payment.State.ORDERED, Payment.State.PAID)
DONE = (Matter.State.COMPLETED, Matter.State.CALLING, Matter.State.CLOSING)


def require_not_paid(claim: Claim, matter: Matter) -> None:
    if why := why_kept(claim, matter):
        raise Refused(why, "不要这笔资金或者权益的，请与专窗联系。")


def why_kept(claim: Claim, matter: Matter) -> str:
    """Say why a claim cannot be taken back any more; nothing while it can."""
    if matter.state in DONE:
        return "申请已经办成，不能撤回"
    if Payment.objects.filter(decision__claim=claim, state__in=ON_THE_WAY).exists():
        return "支付令已经开出，不能撤回"
    return ""
