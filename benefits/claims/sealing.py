"""Seal the account that money goes to; only who orders the payment opens it, and the audit says so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.db import transaction
from django.utils.crypto import salted_hmac

from benefits.models import Claim, Payment
from casework.matters.state import ENDED, locked
from office import audit, roles
from office.errors import Refused
from office.models import User

BLOCK = 256  # bytes: the length of what is sealed says nothing of an account

NUMBER = re.compile(r"\d{8,30}")
LONGEST = 120
UNTYPED = ("Cc", "Cs", "Cf")


def checked_account(text: str) -> str:
    """Return bank and number as they are sealed; refuse what no payment can go to."""
    plain = unicodedata.normalize("NFKC", text)
    plain = " ".join("".join(one for one in plain if unicodedata.category(one) not in UNTYPED).split())
    if len(plain) > LONGEST:
        raise Refused(f"收款账户超过{LONGEST}字", "请填写开户银行和账号。")
    if not NUMBER.search(plain.replace(" ", "").replace("-", "")):
        raise Refused("收款账户中没有完整的账号", "请填写开户银行和账号，账号为8至30位数字。")
    return plain


@transaction.atomic
def change_account(*, claim: Claim, account: str, acting_user: User | None) -> None:
    """Replace the account before the payment is ordered; without `acting_user` the firm did."""
    if acting_user is not None:
        roles.require(acting_user, "benefit.claim")
    matter = locked(claim.matter_id)
    current = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    current.matter = matter
    rows = Payment.objects.select_for_update(of=("self",)).filter(decision__claim=current)
    if why := why_account_stays(current, list(rows)):  # whoever orders one of them waits
        raise Refused(f"{why}，收款账户不能再改", "没有到账的，请与专窗联系。")
    current.account = seal_account(current.pk, checked_account(account))
    current.save(update_fields=["account"])
    audit.record("更改收款账户", current, acting_user=acting_user, after={"编号": matter.number})


def may_change_account(claim: Claim) -> bool:
    return not why_account_stays(claim, list(Payment.objects.filter(decision__claim=claim)))


def why_account_stays(claim: Claim, payments: Sequence[Payment]) -> str:
    """Say why the account cannot be changed any more, without full stop; nothing while it can.

    After an order it stays until the money is there or came back; then as long as something is due.
    """
    states = {one.state for one in payments}
    if claim.matter.state in ENDED and Payment.State.REFUNDED not in states:  # what came back is paid anew
        return f"{claim.matter.number}已经办结"
    if Payment.State.ORDERED in states:
        return "支付令已经开出"
    paid = sum(one.amount for one in payments if one.state == Payment.State.PAID)
    decision = claim.decisions.filter(cycle=claim.matter.times_reopened).first()
    if paid and decision is not None and (decision.amount or 0) <= paid:
        return "资金已经足额到账"
    return ""


def seal_account(claim_id: int, account: str) -> str:
    text = account.strip().encode()
    padded = text.ljust(-(-max(len(text), 1) // BLOCK) * BLOCK)
    return _box().encrypt(padded, [_owner(claim_id)]).hex()


def opened_account(claim_id: int, sealed: str) -> str:
    try:
        return _box().decrypt(bytes.fromhex(sealed), [_owner(claim_id)]).decode().strip()
    except (InvalidTag, ValueError) as error:
        raise Refused("服务器的密钥已经更换，收款账户不能再打开", "请专窗与企业重新确认账户。") from error


def _owner(claim_id: int) -> bytes:
    return f"claim {claim_id}".encode()


def _box() -> AESSIV:
    return AESSIV(salted_hmac("benefits.account", "", algorithm="sha512").digest())
