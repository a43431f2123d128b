from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from benefits.claims.deciding import join_decision
from benefits.models import Claim, Payment
from benefits.rules import rules
from benefits.rules.checking import disagreements
from casework.matters import assigning, handling, merging
from casework.models import Assignment, Matter
from casework.procedure.loading import load_procedure
from office.errors import Refused
from tests.benefits.county import BenefitCounty, ready
from tests.benefits.test_incoming import line, taken
from tests.casework.desk import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


def test_a_claim_is_decided_by_the_reply_of_its_unit(county: BenefitCounty) -> None:
    """GY-R14: the decision carries amount and clause, and is the unit's reply; without one nobody replies."""
    claim, assignment = county.in_hand("2026-03-02T09:10")
    with pytest.raises(Refused, match="还没有作出审批决定"):
        county.reply(assignment, "2026-03-03T09:00", "paid")
    decision = county.decide(claim, "2026-03-03T10:00")
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.REPLIED
    assert (assignment.law, assignment.proposed_outcome) == ("第三条", "paid")
    assert decision.amount == Decimal("80000.00")


def test_more_than_the_ceiling_is_refused(county: BenefitCounty) -> None:
    claim, _ = county.in_hand("2026-03-02T09:10")
    with pytest.raises(Refused, match="超过上限"):
        county.decide(claim, "2026-03-03T10:00", amount=Decimal("100000.01"))
    assert county.decide(claim, "2026-03-03T10:00", amount=Decimal("100000.00")).pk


def test_a_refusal_goes_to_the_call_back_at_once(county: BenefitCounty) -> None:
    claim, _ = county.in_hand("2026-03-02T09:10")
    county.decide(
        claim,
        "2026-03-03T10:00",
        is_granted=False,
        amount=None,
        reason="不属于首次入规",
        remedy="10个工作日内可以提出异议",
    )
    claim.matter.refresh_from_db()
    assert claim.matter.state == Matter.State.CALLING


def with_a_helper(county: BenefitCounty, when: str, **asked: Any) -> tuple[Claim, Assignment, Assignment]:
    claim = county.claim(when, account="测试银行 00000000", **asked).claim
    matter = county.judge(county.accept(claim.matter, when), claim.matter.category, when)
    lead, helper = county.assign(matter, when, county.unit, county.other_unit)
    assigning.sign_for_assignment(assignment=helper, now=at(when), acting_user=county.other_officer)
    return claim, county.sign(lead, when), helper


def test_who_helps_ends_with_the_one_in_charge(county: BenefitCounty) -> None:
    """GY-R14: an opinion after the money completes; a new refusal leaves nobody waiting."""
    county.money("80000")
    claim, lead, helper = with_a_helper(county, "2026-03-02T09:10")
    join: dict[str, Any] = {"opinion": "同意", "acting_user": county.other_officer}
    county.decide(claim, "2026-03-02T10:00")
    payment = county.request(claim, "2026-03-02T10:10")
    county.order("2026-03-02", payment)
    county.bank(payment, "2026-03-02", "2026-03-02T11:00")
    join_decision(claim=claim, **join, now=at("2026-03-03T10:00"))
    claim.matter.refresh_from_db()
    helper.refresh_from_db()
    assert (helper.state, claim.matter.state) == (Assignment.State.COMPLETED, Matter.State.CALLING)
    claim, lead, helper = with_a_helper(county, "2026-03-02T09:10", firm=county.other_firm)
    county.decide(claim, "2026-03-02T10:00")
    back: dict[str, Any] = {"assignment": lead, "reason": "重审", "acting_user": county.operator}
    handling.return_reply(**back, now=at("2026-03-02T10:30"))
    with pytest.raises(Refused, match="主办单位还没有作出审批决定"):
        join_decision(claim=claim, **join, now=at("2026-03-02T10:40"))
    county.decide(claim, "2026-03-02T11:00")
    join_decision(claim=claim, **join, now=at("2026-03-02T11:10"))
    handling.return_reply(**back, now=at("2026-03-02T11:30"))
    refusal: dict[str, Any] = {"is_granted": False, "amount": None, "reason": "不符合", "remedy": "可以异议"}
    county.decide(claim, "2026-03-02T14:00", **refusal)
    claim.matter.refresh_from_db()
    helper.refresh_from_db()
    assert (helper.state, claim.matter.state) == (Assignment.State.COMPLETED, Matter.State.CALLING)


def test_the_same_is_granted_once_and_merged_with_its_like(county: BenefitCounty) -> None:
    """GY-R14: own and of the province: one grant; merged with the same firm and item, before an order."""
    county.money("500000")
    own, _ = county.in_hand("2026-03-02T09:10", account="测试银行 00000000")
    other, _ = county.in_hand("2026-03-02T09:10", firm=county.other_firm)
    county.decide(own, "2026-03-02T10:00")
    payment = county.request(own, "2026-03-02T10:10")
    taken(county, line(county, "SC-1", county.firm, received="2026-03-03 09:10"))
    again = Claim.objects.get(matter__higher_number="SC-1")
    now = "2026-03-20T10:10"
    matter = county.judge(county.accept(again.matter, now), again.matter.category, now)
    county.sign(county.assign(matter, now)[0], now)
    with pytest.raises(Refused, match=f"已经批准兑现，编号{own.matter.number}"):
        county.decide(again, "2026-03-20T11:00")
    merge: dict[str, Any] = {"now": at("2026-03-20T11:10"), "acting_user": county.clerk}
    with pytest.raises(Refused, match="不是同一企业"):
        merging.merge_matter(matter=own.matter, into=other.matter, **merge)
    county.order("2026-03-20", payment)
    with pytest.raises(Refused, match="支付令已经开出，不能并案"):
        merging.merge_matter(matter=own.matter, into=matter, **merge)
    county.refund(payment, "2026-03-20")
    county.request(own, "2026-03-20T16:10")
    merging.merge_matter(matter=own.matter, into=matter, **merge)
    assert [one.state for one in Payment.objects.all()] == ["refunded"]
    assert county.decide(again, "2026-03-20T16:20").is_granted


def test_rules_name_what_their_procedure_has() -> None:
    """A clock of the guide or the channel of a list that is written wrongly is a fault with its place."""
    name, known = rules()
    guide = known.guide.model_copy(update={"clocks": ("decison",)})
    fixing = known.fixing.model_copy(update={"channel": "machted"})
    wrong = known.model_copy(update={"guide": guide, "fixing": fixing})
    places = [place for place, _ in disagreements(wrong, load_procedure(name))]
    assert places == [("guide", "clocks", 0), ("fixing", "channel")]
