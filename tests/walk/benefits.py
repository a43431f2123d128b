"""Benefits of the walk's county in the states that pages show: drafted, claimed, decided, paid, waiting."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from benefits.models import (
    Claim,
    ClaimDecision,
    Firm,
    FixedList,
    FundEntry,
    FundPool,
    ItemVersion,
    ListedFirm,
    Payment,
)
from benefits.notice.closing import close_month
from casework.figures.months import Month
from casework.models import Matter
from tests.benefits.county import BenefitCounty
from tests.casework.desk import Desk, at
from tests.walk.checks import ATTACK, SHORT_ATTACK

DAY = "2026-03-02"
REFUSED = {"is_granted": False, "amount": None, "reason": ATTACK, "remedy": ATTACK}


class Benefits:
    """What addresses name, and further addresses of pages that look different in each state."""

    def __init__(self, desk: Desk) -> None:
        self.county = BenefitCounty.of(desk)
        claims, payments = self.claimed()
        drafted = self.county.draft("HQ-002")
        fixed = self.listed()
        notice = close_month(month=Month(2026, 3), now=at("2026-04-02T09:00"), acting_user=desk.operator)
        pool = FundPool.objects.get()
        self.attack()
        version, firm = self.county.item, self.county.firm
        self.values: dict[str, Any] = {
            "claim_id": claims[0].pk,
            "payment_id": payments[0].pk,
            "pool_id": pool.pk,
            "item_id": drafted.item_id,
            "version_id": version.pk,
            "firm_id": firm.pk,
            "list_id": fixed.pk,
            "notice_id": notice.pk,
            "code": version.item.code,
            "number": version.number,
            "month": "2026-03",
        }
        new = f"/office/benefits/claims/new/?firm={self.county.other_firm.pk}"
        claims_page, payments_page = "/office/benefits/claims/", "/office/benefits/payments/"
        self.more = {
            "benefits:claim": [f"{claims_page}{one.pk}/" for one in claims[1:]],
            "benefits:claims": [
                f"{claims_page}?state=all&money={one}" for one in ("waiting", "decide", "request")
            ],
            "benefits:claim-new": [
                "/office/benefits/claims/new/?q=1",
                new,
                f"{new}&item=HQ-003",
                f"{new}&item={ATTACK}",
            ],
            "benefits:claim-papers": [f"{claims_page}{one.pk}/papers/" for one in claims[1:3]],
            "benefits:payment": [f"{payments_page}{one.pk}/" for one in payments[1:]],
            "benefits:payments": [f"{payments_page}?state={one.state}" for one in payments],
            "benefits:item-version": [f"/office/benefits/items/versions/{drafted.pk}/"],
            "benefits:items": ["/office/benefits/items/?state=all&q=a"],
            "benefits:catalogue": ["/benefits/?size=微型&q=a"],
        }

    def claimed(self) -> tuple[list[Claim], list[Payment]]:
        """A claim in each state, the one in hand first; a payment in each state, the ordered one first."""
        county = self.county
        in_hand, _ = county.in_hand(f"{DAY}T09:10", firm=county.firm, account="示例银行 12345678")
        right = county.publish("HQ-003", kind="right", ceiling=None)
        standing, _ = county.in_hand(f"{DAY}T09:10", firm=county.firm, version=right, amount=None)
        county.decide(standing, f"{DAY}T10:00", amount=None, takes_effect_on=date(2026, 3, 3))
        refused, _ = county.in_hand(f"{DAY}T09:10", firm=county.other_firm)
        county.decide(refused, f"{DAY}T10:00", **REFUSED)
        county.money("160000", DAY, remark=ATTACK)
        granted = [county.granted(f"{DAY}T{hour}:00") for hour in (10, 11, 13, 14)]
        paid, ordered, requested = [county.request(one, f"{DAY}T15:00") for one in granted[:3]]
        county.order(DAY, paid, ordered)
        county.bank(paid, DAY, f"{DAY}T16:00")
        waiting = county.request(granted[3], f"{DAY}T15:10")
        back = county.granted(f"{DAY}T15:00", "1.00")
        county.money("1.00", DAY)
        refunded = Payment.objects.create(
            decision=back.decisions.get(),
            state=Payment.State.REFUNDED,
            amount=Decimal("1.00"),
            requested_on=date(2026, 3, 2),
            ordered_on=date(2026, 3, 2),
            refunded_on=date(2026, 3, 3),
            refund_why=ATTACK,
        )
        return [in_hand, standing, refused, *granted, back], [ordered, paid, requested, waiting, refunded]

    def listed(self) -> FixedList:
        county = self.county
        told = {"drawn_up_by": county.operator, "drawn_up_at": at(f"{DAY}T09:00"), "opinion": ATTACK}
        fixed = FixedList.objects.create(version=county.item, **told)
        ListedFirm.objects.create(fixed_list=fixed, firm=county.firm, left_out=ATTACK)
        return fixed

    def attack(self) -> None:
        """Write an attack into what people wrote; short columns take the short one."""
        Firm.objects.update(name=ATTACK)
        texts = (
            "name",
            "document_title",
            "audience",
            "standard",
            "steps",
            "section",
            "returned_why",
            "higher_number",
        )
        ItemVersion.objects.filter(item__code__startswith="HQ-0").update(**dict.fromkeys(texts, ATTACK))
        ClaimDecision.objects.update(clause=ATTACK, approver=SHORT_ATTACK)
        FundEntry.objects.update(remark=ATTACK)
        FundPool.objects.update(name=ATTACK)
        Matter.objects.filter(claim__isnull=False).update(title=ATTACK)
