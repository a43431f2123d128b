"""The account money goes to is opened for the order alone (GY-R14)."""

from __future__ import annotations

from django.db import transaction

from benefits.claims.sealing import opened_account
from benefits.models import Payment
from office import audit, roles
from office.errors import Refused
from office.models import User


@transaction.atomic
def account_for_order(*, payment: Payment, acting_user: User) -> str:
    """Open the account of a payment that is ordered; the audit says who did."""
    roles.require(acting_user, "benefit.pool")
    if payment.state != Payment.State.ORDERED:
        raise Refused("没有下达支付令，不能打开收款账户", "请先下达支付令。")
    claim = payment.decision.claim
    account = opened_account(claim.pk, claim.account)
    audit.record("打开收款账户", payment, acting_user=acting_user, after={"用途": "支付令"})
    return account
