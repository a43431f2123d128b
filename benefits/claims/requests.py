"""Take back payments of a claim that are not ordered; who comes next gets what was set aside."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone

from benefits.funds import pools
from benefits.models import Claim, Payment
from office import audit
from office.models import User

GONE_OUT = (Payment.State.ORDERED, Payment.State.PAID)


def locked_payments(claim: Claim) -> list[Payment]:
    """Lock the pools and every payment of a claim whose matter is locked: whoever orders one waits."""
    found = Payment.objects.filter(decision__claim=claim)
    if not found.exists():  # none is requested while the matter is locked
        return []
    pools.locked_pools()
    return list(found.select_for_update(of=("self",)).order_by("pk"))


def gone_out(payments: Iterable[Payment]) -> Decimal:
    return sum((one.amount for one in payments if one.state in GONE_OUT), Decimal())


def take_back(payments: Iterable[Payment], by: User | None) -> None:
    """Delete what was not ordered of locked payments, with an audit row each."""
    open_ones = [one for one in payments if one.state in pools.NOT_ORDERED]
    for one in open_ones:
        audit.record("撤销支付申请", one, acting_user=by, after={"金额": f"{one.amount:.2f}"})
        one.delete()
    if open_ones:
        pools.let_in_order(pools.locked_pools(), timezone.localdate())
