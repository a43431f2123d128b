"""What can be claimed and what cannot: each refusal says why, nothing is stored by halves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from benefits.claims import papers
from benefits.claims.making import Asked, make_claim
from benefits.claims.sealing import change_account, opened_account
from benefits.funds.pools import enter_money
from benefits.models import Claim, ClaimPaper, FixedList, Payment
from benefits.payments.paying import order_payments, request_payment
from casework.matters.closing import withdraw_matter
from casework.models import Matter, ProcedureVersion, Stop
from office.errors import Refused
from office.models import AuditEntry
from tests.benefits.county import BenefitCounty, ready
from tests.casework.desk import at
from tests.kit.at_once import DONE, at_once

pytestmark = pytest.mark.django_db
WHEN = "2026-03-02T09:10"
State = ClaimPaper.State


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"amount": Decimal("100000.01")}, "申请金额超过上限"),
        ({"amount": Decimal("0.001")}, "精确到分"),
        ({"amount": Decimal("NaN")}, "不是大于零的数"),
        ({"amount": Decimal(-1)}, "不是大于零的数"),
        ({"account": "示例银行 12-34"}, "没有完整的账号"),
        ({"papers": {0: State.HANDED_IN}}, "材料与办事指南不一致"),
    ],
)
def test_a_claim_that_cannot_be_right_is_refused(
    county: BenefitCounty, changed: dict[str, Any], why: str
) -> None:
    """GY-R13."""
    with pytest.raises(Refused, match=why):
        county.claim(WHEN, **changed)
    assert not Matter.objects.exists()


def test_an_amount_and_an_account_survive_to_the_cent_and_the_digit(county: BenefitCounty) -> None:
    """GY-R13: neither audit nor matter holds the account; the amount is the same everywhere."""
    claim = county.claim(WHEN, amount=Decimal("1234.56"), account="示例银行 6222 0000 0000 001").claim
    claim.refresh_from_db()
    assert claim.amount_asked == Decimal("1234.56")
    assert claim.matter.fields["amount"] == "1234.56"
    assert "6222" not in claim.account
    assert opened_account(claim.pk, claim.account) == "示例银行 6222 0000 0000 001"
    change_account(claim=claim, account="示例银行 6222000000000018", acting_user=None)
    assert "6222" not in "".join(str(one.after) for one in AuditEntry.objects.all())
    decision = county.decide(county_in_hand(county, claim), WHEN)
    day = date(2026, 3, 2)
    told = {"amount": decision.amount, "requested_on": day, "ordered_on": day}
    Payment.objects.create(decision=decision, state=Payment.State.ORDERED, **told)
    with pytest.raises(Refused, match="支付令已经开出"):
        change_account(claim=claim, account="示例银行 6222000000000026", acting_user=None)


def county_in_hand(county: BenefitCounty, claim: Claim) -> Claim:
    matter = county.judge(county.accept(claim.matter, WHEN), claim.matter.category, WHEN)
    county.sign(county.assign(matter, WHEN)[0], WHEN)
    return claim


def test_the_day_decides_whether_an_item_is_open(county: BenefitCounty) -> None:
    """GY-R13: in force, within the days to claim, on both sides of each boundary."""
    days = {"claims_from": date(2026, 3, 2), "claims_to": date(2026, 3, 6), "valid_to": date(2026, 3, 9)}
    item = county.publish("HQ-002", **days)
    for when, why in (
        ("2026-03-01T23:59", "起申报"),
        ("2026-03-07T00:00", "截止申报"),
        ("2026-03-10T00:00", "不在有效期内"),
    ):
        with pytest.raises(Refused, match=why):
            county.claim(when, version=item)
    assert county.claim("2026-03-02T00:00", version=item).claim.pk
    assert county.claim("2026-03-06T23:59", version=item, firm=county.other_firm).claim.pk


def test_nobody_claims_what_comes_without_a_claim_or_by_a_cancelled_firm(county: BenefitCounty) -> None:
    """GY-R12, GY-R13."""
    automatic = county.publish("HQ-003", category="without_application")
    with pytest.raises(Refused, match="免申即享"):
        county.claim(WHEN, version=automatic)
    told = {"drawn_up_by": county.operator, "confirmed_by": county.reviewer, "drawn_up_at": at(WHEN)}
    fixed = FixedList.objects.create(version=county.item, state=FixedList.State.CONFIRMED, **told)
    fixed.firms.add(county.firm)
    with pytest.raises(Refused, match="已列入"):
        county.claim(WHEN)
    assert county.claim(WHEN, from_list=fixed).claim.from_list == fixed
    county.other_firm.is_cancelled = True
    county.other_firm.save()
    with pytest.raises(Refused, match="已经注销"):
        county.claim(WHEN, firm=county.other_firm)


def test_the_same_again_is_refused_until_the_days_of_the_procedure_are_over(county: BenefitCounty) -> None:
    """GY-R13: while it goes on, and within 365 days of what was granted, whatever the version."""
    claim, _ = county.in_hand("2025-03-03T09:10")
    with pytest.raises(Refused, match=claim.matter.number):
        county.claim("2025-03-04T09:10")
    county.decide(claim, "2025-03-04T09:10")
    Matter.objects.filter(pk=claim.matter_id).update(state=Matter.State.CLOSED)
    with pytest.raises(Refused, match=claim.matter.number):
        county.claim("2026-03-02T09:10")
    assert county.claim("2026-03-03T09:10").claim.pk


def test_where_the_platform_above_takes_in_nobody_claims_here(county: BenefitCounty) -> None:
    """GY-R13: told where to; with the platform's number it is taken in."""
    ProcedureVersion.objects.update(own_intake=False)
    with pytest.raises(Refused, match="由省惠企政策平台统一受理"):
        county.claim(WHEN)
    assert county.claim(WHEN, higher_number="S-1").claim.matter.higher_number == "S-1"


def test_defects_are_named_once_and_completely(county: BenefitCounty) -> None:
    """GY-R13, GY-R14: the clocks stand still until all that was named is there, once."""
    claim = county.claim(WHEN).claim
    licence, proof = claim.version.papers.all()
    check = {"claim": claim, "files_of": {}, "now": at(WHEN), "acting_user": county.clerk}
    with pytest.raises(Refused, match="不能免提交"):
        papers.check_papers(states={proof.pk: State.WAIVED}, **check)
    papers.check_papers(states={licence.pk: State.WAIVED}, **check)
    assert papers.notice_text(claim) == "请补交：入规证明。"
    ask = {"claim": claim, "now": at(WHEN), "acting_user": county.clerk}
    with pytest.raises(Refused, match="应一次性告知"):
        papers.ask_for_missing(what="请补交公章。", **ask)
    papers.ask_for_missing(what=papers.notice_text(claim), **ask)
    with pytest.raises(Refused, match="应一次性告知"):
        papers.ask_for_missing(what="请再补交：入规证明。", **ask)
    later = {**check, "now": at("2026-03-04T09:00")}
    assert papers.check_papers(states={licence.pk: State.WAIVED}, **later).left == ("入规证明",)
    assert papers.check_papers(states={proof.pk: State.HANDED_IN}, **later).is_complete
    assert Stop.objects.get().last == date(2026, 3, 4)


def test_a_form_sent_again_is_answered_as_it_was(county: BenefitCounty) -> None:
    """GY-R13: the same form twice is one claim with one code."""
    told = asked(county)
    made = [
        make_claim(asked=told, source="web", now=at(WHEN), acting_user=None, key="a" * 32) for _ in range(2)
    ]
    assert [one.is_again for one in made] == [False, True]
    assert made[0].receipt == made[1].receipt
    other = asked(county, firm=county.other_firm)
    with pytest.raises(Refused, match="已经用过"):
        make_claim(asked=other, source="web", now=at(WHEN), acting_user=None, key="a" * 32)


def asked(county: BenefitCounty, **more: Any) -> Asked:
    told = {"firm": county.firm, "version": county.item, "amount": Decimal("1.00"), **more}
    handed_in = {one.pk: State.HANDED_IN for one in county.item.papers.all()}
    return Asked(papers=handed_in, contact="测试联系人", phone="13900000000", is_promised=True, **told)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_is_not_paid_and_what_is_ordered_is_not_withdrawn() -> None:
    """GY-R13, GY-R14: the firm and whoever orders at the same moment."""
    county = BenefitCounty()
    claim = county.claim(WHEN, account="示例银行 6222000000000018").claim
    county.decide(county_in_hand(county, claim), WHEN)
    day, keeper = date(2026, 3, 2), county.operator
    budget = {"level": "city", "year": 2026, "kind": "budget", "amount": Decimal(100000), "remark": "预算"}
    enter_money(**budget, today=day, acting_user=keeper)
    payment = request_payment(claim=claim, now=at(WHEN), acting_user=county.officer)
    assert payment is not None
    done, refused = at_once(
        lambda: withdraw_matter(matter=claim.matter, reason="", now=at(WHEN), acting_user=None),
        lambda: order_payments(payments=[payment], today=day, acting_user=keeper),
    )
    assert done == DONE
    is_withdrawn = Matter.objects.get().state == Matter.State.WITHDRAWN
    assert ("已经撤销" in refused) == is_withdrawn
    assert ("不能撤回" in refused) == Payment.objects.filter(state=Payment.State.ORDERED).exists()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_forms_at_once_one_makes_the_claim() -> None:
    """GY-R13: form and window at the same moment; the sealed contact is nowhere in the audit."""
    county = BenefitCounty()

    def claim(key: str) -> object:
        return make_claim(asked=asked(county), source="web", now=at(WHEN), acting_user=None, key=key)

    done, refused = at_once(lambda: claim("a" * 32), lambda: claim("b" * 32))
    assert (done, "同一事项已经申请" in refused) == (DONE, True)
    assert at_once(*[lambda: claim("c" * 32)] * 2)[1] != DONE
    told = asked(county, firm=county.other_firm)
    both = [
        lambda: make_claim(asked=told, source="web", now=at(WHEN), acting_user=None, key="d" * 32),
    ] * 2
    assert at_once(*both) == [DONE, DONE]
    assert Claim.objects.count() == 2
    assert "13900000000" not in "".join(str(one.after) for one in AuditEntry.objects.all())
