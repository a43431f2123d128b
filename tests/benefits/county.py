"""A small county with items, firms and claims; each step of a claim is one call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Self

from benefits.catalogue.drafting import Draft, draft_version, hand_in, settle_version
from benefits.claims.deciding import Decided, decide_claim
from benefits.claims.making import Asked, Claimed, make_claim
from benefits.funds import pools
from benefits.models import Claim, ClaimDecision, Firm, FundEntry, ItemVersion, Payment
from benefits.payments import paying
from benefits.rules import rules
from casework.models import Assignment
from tests.casework.desk import Desk, at
from tests.kit.stored_states import stored

PROCEDURE = rules()[0]
SAYS: dict[str, Any] = {
    "name": "规上工业企业首次入规奖励",
    "category": "at_once",
    "kind": "grant",
    "level": "city",
    "document_title": "测试市促进工业发展若干措施",
    "document_number": "测府发〔2025〕1号",
    "clause": "第三条",
    "audience": "首次纳入规模以上统计的工业企业",
    "standard": "一次性奖励10万元",
    "ceiling": Decimal("100000.00"),
    "steps": "申请、审核、拨付",
    "contact_phone": "0800-0000001",
    "valid_from": date(2022, 1, 1),
}
CONDITIONS = (
    {"label": "industry", "test": "is", "value": "工业", "says": "工业企业"},
    {"label": "first_above_scale", "test": "is", "value": "是", "says": "当年首次纳入规模以上统计"},
)
PAPERS = ({"name": "营业执照", "may_be_waived": True}, {"name": "入规证明"})


class BenefitCounty(Desk):
    """The desk's county with a published item of its unit and a firm."""

    def __init__(self) -> None:
        super().__init__()
        self.stock()

    @classmethod
    def of(cls, desk: Desk) -> Self:
        """The same county, where a desk is there already."""
        county = cls.__new__(cls)
        vars(county).update(vars(desk))
        county.stock()
        return county

    def stock(self) -> None:
        self.item = self.publish("HQ-001")
        self.firm = Firm.objects.create(credit_code="91510800MA0000001A", name="测试甲公司")
        self.other_firm = Firm.objects.create(credit_code="91510800MA0000002B", name="测试乙公司")

    def draft(
        self,
        code: str,
        conditions: Sequence[dict[str, str]] = CONDITIONS,
        papers: Sequence[dict[str, Any]] = PAPERS,
        **says: Any,
    ) -> ItemVersion:
        draft = Draft(code, self.unit, {**SAYS, **says}, conditions, papers)
        return draft_version(draft=draft, acting_user=self.officer)

    def publish(self, code: str, today: date = date(2022, 1, 1), **says: Any) -> ItemVersion:
        version = hand_in(version=self.draft(code, **says), acting_user=self.officer)
        return settle_version(version=version, approves=True, why="", today=today, acting_user=self.operator)

    def claim(self, when: str, **asked: Any) -> Claimed:
        told = {"firm": self.firm, "version": self.item, "amount": Decimal("100000.00"), **asked}
        return make_claim(
            asked=Asked(contact="测试联系人", phone="13900000000", **told),
            source="window",
            now=at(when),
            acting_user=self.clerk,
        )

    def in_hand(self, when: str, signed: str = "", **asked: Any) -> tuple[Claim, Assignment]:
        """Claim, accept, judge and assign at one moment; the department signs then or later."""
        claim = self.claim(when, **asked).claim
        matter = self.accept(claim.matter, when)
        matter = self.judge(matter, matter.category, when)
        (assignment,) = self.assign(matter, when)
        return claim, self.sign(assignment, signed or when)

    def decide(self, claim: Claim, when: str, **decided: Any) -> ClaimDecision:
        told: dict[str, Any] = {
            "is_granted": True,
            "clause": "第三条",
            "approver": "测试负责人",
            "amount": Decimal("80000.00"),
            **decided,
        }
        return decide_claim(claim=claim, decided=Decided(**told), now=at(when), acting_user=self.officer)

    def money(self, amount: str, day: str = "2026-03-01", level: str = "city", **more: Any) -> FundEntry:
        today = date.fromisoformat(day)
        told = {"year": today.year, "kind": "refill", "remark": "测试", **more}
        return pools.enter_money(
            level=level, amount=Decimal(amount), today=today, acting_user=self.operator, **told
        )

    def request(self, claim: Claim, when: str) -> Payment:
        payment = paying.request_payment(claim=claim, now=at(when), acting_user=self.officer)
        assert payment is not None
        return payment

    def order(self, day: str, *payments: Payment) -> list[Payment]:
        return paying.order_payments(
            payments=payments, today=date.fromisoformat(day), acting_user=self.operator
        )

    def bank(self, payment: Payment, bank_on: str, now: str) -> Payment:
        return paying.enter_bank_date(
            payment=payment, bank_on=date.fromisoformat(bank_on), now=at(now), acting_user=self.operator
        )

    def refund(self, payment: Payment, day: str, now: str = "") -> Payment:
        return paying.enter_refund(
            payment=payment,
            refunded_on=date.fromisoformat(day),
            why="户名与账号不符",
            now=at(now or f"{day}T16:00"),
            acting_user=self.operator,
        )

    def granted(self, when: str, amount: str = "80000.00", **asked: Any) -> Claim:
        """A claim that was granted at a moment; every one is of another firm."""
        number = Claim.objects.count()
        firm = Firm.objects.create(credit_code=f"9151{number:014}", name=f"测试企业{number}")
        claim, _ = self.in_hand(when, **{"firm": firm, "account": "测试银行 00000000", **asked})
        self.decide(claim, when, amount=Decimal(amount))
        return claim


@stored
def ready() -> BenefitCounty:
    """Return a county that is built once a session."""
    return BenefitCounty()
