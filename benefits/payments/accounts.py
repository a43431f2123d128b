"""The account money goes to: registered at the window, opened for the order alone (GY-R14)."""

from __future__ import annotations

from django.db import transaction

from benefits.claims.sealing import opened_account, seal_account
from benefits.models import Claim, Payment
from benefits.payments.completing import locked_claim
from office import audit, roles
from office.errors import Refused
from office.models import User

LONGEST = 120


@transaction.atomic
def register_account(*, claim: Claim, account: str, acting_user: User) -> Claim:
    """Seal an account in place of the one before; not while an order for that one is out."""
    roles.require(acting_user, "benefit.claim")
    _, current = locked_claim(claim)
    text = " ".join(account.split())
    if not text or len(text) > LONGEST:
        raise Refused("没有填写收款账户", f"请填写户名、开户行和账号，不超过{LONGEST}个字。")
    if Payment.objects.filter(decision__claim=current, state=Payment.State.ORDERED).exists():
        raise Refused("支付令已经下达，不能更改收款账户", "账户有误的，请在资金退回登记后更改。")
    verb = "更改收款账户" if current.account else "登记收款账户"
    current.account = seal_account(current.pk, text)
    current.save(update_fields=["account"])
    audit.record(verb, current, acting_user=acting_user)
    return current


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
