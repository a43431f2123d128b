"""A firm may take its claim back, and two of its claims are merged, as long as nothing was paid (GY-R13)."""

from __future__ import annotations

from benefits.claims.requests import GONE_OUT, locked_payments, take_back
from benefits.models import Claim, Payment
from casework.models import Matter
from office.errors import Refused
from office.models import User

DONE = (Matter.State.COMPLETED, Matter.State.CALLING, Matter.State.CLOSING)


def end_requests(claim: Claim, matter: Matter, by: User | None, to: str = "撤回") -> None:
    """Take back what was requested and not ordered; refuse once an order is out."""
    payments = locked_payments(claim)
    if why := _why_kept(matter, payments, to):
        raise Refused(why, "不要这笔资金或者权益的，请与专窗联系。")
    take_back(payments, by)


def require_same(ended: Claim | None, kept: Claim | None) -> None:
    """Refuse to merge a claim with anything but a claim of the same firm for the same item."""
    asked = {(one.firm_id, one.version.item_id) if one else None for one in (ended, kept)}
    if len(asked) == 1:
        return
    raise Refused("两件事项不是同一企业对同一惠企政策事项的申请，不能并案", "请分别办理。")


def why_kept(claim: Claim, matter: Matter) -> str:
    """Say why a claim cannot be taken back any more; nothing while it can."""
    return _why_kept(matter, list(Payment.objects.filter(decision__claim=claim)), "撤回")


def _why_kept(matter: Matter, payments: list[Payment], to: str) -> str:
    if matter.state in DONE:
        return f"申请已经办成，不能{to}"
    return f"支付令已经开出，不能{to}" if any(one.state in GONE_OUT for one in payments) else ""
