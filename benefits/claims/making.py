"""Make a claim: a matter under the procedure of benefits, with the guide of the day it was made (GY-R13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from benefits.catalogue.drafting import in_force
from benefits.claims.sealing import seal_account
from benefits.models import Claim, ClaimPaper, Firm, FixedList, ItemVersion
from benefits.rules import rules
from casework.matters.registration import Receipt, Reported, register_matter
from casework.models import Matter
from casework.procedures.stored import in_use
from office import dates, roles
from office.errors import Refused
from office.models import User

OVER = (Matter.State.REFUSED, Matter.State.WITHDRAWN, Matter.State.MERGED, Matter.State.TRANSFERRED)


@dataclass(frozen=True)
class Asked:
    """What a firm asks for; `papers` by the id of a needed paper, what is not there is missing."""

    firm: Firm
    version: ItemVersion
    amount: Decimal | None = None
    account: str = ""
    papers: Mapping[int, str] = field(default_factory=dict)
    contact: str = ""
    phone: str = ""
    text: str = ""
    from_list: FixedList | None = None


@dataclass(frozen=True)
class Claimed:
    claim: Claim
    receipt: Receipt


@transaction.atomic
def make_claim(*, asked: Asked, source: str, now: datetime, acting_user: User | None) -> Claimed:
    """Register a claim; without `acting_user` the firm itself made it."""
    if acting_user is not None:
        roles.require(acting_user, "benefit.claim")
    today = timezone.localtime(now).date()
    Firm.objects.select_for_update().get(pk=asked.firm.pk)  # of two forms at once one waits for the other
    _check(asked, today)
    procedure_id, _ = rules()
    version = asked.version
    receipt = register_matter(
        version=in_use(procedure_id),
        reported=Reported(
            source=source,
            title=f"{asked.firm.name}申请{version.name}"[:120],
            text=asked.text.strip() or f"申请兑现{version.name}。",
            fields=_fields(asked),
            about=version.department,
            category=version.category,
            name=asked.contact,
            phone=asked.phone,
            firm=asked.firm.name,
            may_be_named=True,
        ),
        now=now,
        acting_user=acting_user,
    )
    claim = Claim.objects.create(
        matter=receipt.matter,
        firm=asked.firm,
        version=version,
        from_list=asked.from_list,
        amount_asked=asked.amount,
    )
    if asked.account.strip():
        claim.account = seal_account(claim.pk, asked.account)
        claim.save(update_fields=["account"])
    missing = ClaimPaper.State.MISSING
    ClaimPaper.objects.bulk_create(
        ClaimPaper(claim=claim, paper=paper, state=asked.papers.get(paper.pk, missing))
        for paper in version.papers.all()
    )
    return Claimed(claim, receipt)


def _check(asked: Asked, today: date) -> None:
    version = asked.version
    if asked.firm.is_cancelled:
        raise Refused(f"{asked.firm.name}已经注销", "不能申请兑现，请核对统一社会信用代码。")
    if not in_force(today).filter(pk=version.pk).exists():
        raise Refused(f"“{version.name}”在{dates.day(today)}不在有效期内", "请在清单中查找现行有效的事项。")
    if version.claims_from and today < version.claims_from:
        raise Refused(f"“{version.name}”自{dates.day(version.claims_from)}起申报", "请到时再申请。")
    if version.claims_to and today > version.claims_to:
        raise Refused(f"“{version.name}”已于{dates.day(version.claims_to)}截止申报", "请在下一申报期内申请。")
    if asked.amount is not None and version.ceiling is not None and asked.amount > version.ceiling:
        raise Refused(f"申请金额超过上限{version.ceiling}元", "请按兑现标准核对金额。")
    if earlier := _going_on(asked.firm, version):
        raise Refused(
            f"同一事项已经申请，编号{earlier.matter.number}", "请凭原编号查询办理情况，不必重复申请。"
        )


def _going_on(firm: Firm, version: ItemVersion) -> Claim | None:
    """A claim of the same firm that goes on or was granted; a refused one may come again."""
    same = Claim.objects.filter(firm=firm, version__item=version.item_id).exclude(matter__state__in=OVER)
    going_on = same.exclude(matter__state=Matter.State.CLOSED).first()
    return going_on or same.filter(version=version, decisions__is_granted=True).first()


def _fields(asked: Asked) -> dict[str, str]:
    found = {"firm": asked.firm.name, "credit_code": asked.firm.credit_code, "item": asked.version.name}
    if asked.amount is not None:
        found["amount"] = str(int(asked.amount))
    return found
