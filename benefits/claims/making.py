"""Make a claim: a matter under the procedure of benefits, with the guide of the day it was made (GY-R13)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from benefits.claims import checking, papers
from benefits.claims.asked import Asked
from benefits.claims.sealing import checked_account, seal_account
from benefits.models import Claim, Firm
from benefits.rules import rules
from casework.matters import files, numbers
from casework.matters.registration import LONGEST_TITLE, Receipt, Reported, register_matter
from casework.models import ProcedureVersion
from casework.procedures.stored import in_use
from casework.reporters.sealing import LONGEST
from casework.reporting import sending
from office import roles
from office.errors import Refused
from office.models import User

__all__ = ["Asked", "Claimed", "make_claim"]


@dataclass(frozen=True)
class Claimed:
    """`is_again`: the same form had come in before, and is answered as it was then."""

    claim: Claim
    receipt: Receipt
    is_again: bool = False


def make_claim(
    *, asked: Asked, source: str, now: datetime, acting_user: User | None, key: str = ""
) -> Claimed:
    """Register a claim; without `acting_user` the firm itself made it. `key` is that of the form."""
    if acting_user is not None:
        roles.require(acting_user, "benefit.claim")
    today = timezone.localtime(now).date()
    stored = in_use(rules()[0])
    with files.storing() as names, transaction.atomic():
        numbers.one_at_a_time(stored)  # of two forms at once one waits for the other
        asked = replace(asked, firm=Firm.objects.select_for_update().get(pk=asked.firm.pk))
        if key and (again := _again(stored, key, asked.firm)):
            return again
        checking.check(asked, today, by_firm=acting_user is None)
        receipt = register_matter(
            version=stored,
            reported=_reported(asked, source),
            now=now,
            acting_user=acting_user,
            code=numbers.code_of_form(key) if key else "",
        )
        if key:
            sending.remember(stored, key, receipt.matter)
        claim = _stored(asked, receipt)
        first = papers.First(asked.papers, asked.files)
        papers.put_first(claim=claim, first=first, names=names, now=now, by=acting_user)
        return Claimed(claim, receipt)


def _again(stored: ProcedureVersion, key: str, firm: Firm) -> Claimed | None:
    earlier = sending.earlier(stored, key)
    if earlier is None:
        return None
    claim = Claim.objects.select_related("matter", "firm", "version").get(matter=earlier)
    if claim.firm_id != firm.pk:
        raise Refused("这份表单已经用过", "请重新打开申请页面。")
    return Claimed(claim, Receipt(earlier, numbers.code_of_form(key)), is_again=True)


def _amount(asked: Asked) -> Decimal | None:
    return asked.amount if rules()[1].gives_money(asked.version.kind) else None


def _reported(asked: Asked, source: str) -> Reported:
    """What the desks of matters show of a claim; the amount is the claim's, to the cent."""
    firm, version, amount = asked.firm, asked.version, _amount(asked)
    fields = {"firm": firm.name, "credit_code": firm.credit_code, "item": version.name}
    return Reported(
        source=source,
        title=f"{firm.name}申请{version.name}"[:LONGEST_TITLE],
        text=asked.text.strip() or f"申请兑现{version.name}。",
        fields=fields if amount is None else {**fields, "amount": f"{amount:.2f}"},
        about=version.department,
        category=version.category,
        name=asked.contact,
        phone=asked.phone,
        firm=firm.name[: LONGEST["firm"]],
        higher_number=asked.higher_number,
    )


def _stored(asked: Asked, receipt: Receipt) -> Claim:
    claim = Claim.objects.create(
        matter=receipt.matter,
        firm=asked.firm,
        version=asked.version,
        from_list=asked.from_list,
        amount_asked=_amount(asked),
        is_promised=asked.is_promised,
    )
    if asked.account.strip():
        claim.account = seal_account(claim.pk, checked_account(asked.account))
        claim.save(update_fields=["account"])
    return claim
