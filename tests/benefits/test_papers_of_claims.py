"""Papers of a claim: 交办通知书 with its reply slip, the letter with the decision."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from benefits.models import ClaimDecision, FixedList
from casework.models import Assignment
from reports.documents.content import Content, faults, words
from reports.documents.kinds import PAPERS, SUBJECTS, Given, papers_about
from reports.models import IssuingBody
from tests.benefits.county import BenefitCounty, ready
from tests.casework.desk import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


def made(kind: str, pk: int, **answers: str) -> Content:
    """Build a paper with what the data suggest and what somebody wrote."""
    paper = PAPERS[kind]
    found: Any = SUBJECTS[paper.about].find(pk)
    assert paper.why_not(found) == ""
    suggested = {ask.name: ask.initial for ask in paper.asks(found)}
    body = IssuingBody(name="某县政务服务中心", code="某政务")
    content = paper.build(found, Given(body, date(2026, 3, 10), {**suggested, **answers}))
    assert faults(content) == []
    return content


def test_the_notice_of_assignment_says_what_and_until_when(county: BenefitCounty) -> None:
    """GY-R13: number, firm, item, class, papers, both moments, both limits, the reply slip; no contact."""
    version = county.publish("HQ-002", limit_count=20, limit_unit="working_days")
    _, assignment = county.in_hand("2026-03-02T09:10", version=version, account="测试银行 12345678")
    kinds = {
        one.kind
        for one in papers_about("matter_assignment", SUBJECTS["matter_assignment"].find(assignment.pk))
    }
    assert "benefit_assignment" in kinds
    assert "matter_assignment" not in kinds, "the notice is the sheet of a claim"
    said = words(made("benefit_assignment", assignment.pk, copies="县纪委监委"))
    for part in (
        assignment.matter.number,
        "测试甲公司",
        "即申即享",
        "营业执照（缺）；入规证明（缺）",
        "2026年3月2日 09:10",
        "10:10",
        "3月16日",
        "指南时限并列",
        "3月30日",
        "回执",
        "□ 退回",
        "县纪委监委",
        str(county.officer),
    ):
        assert part in said, part
    for other in ("测试联系人", "12345678", version.contact_phone):
        assert other not in said, "neither contact nor account, nor the phone of the department"


def test_the_letter_says_what_was_decided_and_the_way_on(county: BenefitCounty) -> None:
    """GY-R14: the amount, or the clause, the reason and the remedy; no answer that was sent back."""
    claim, assignment = county.in_hand("2026-03-02T09:10")
    granted = county.decide(claim, "2026-03-03T10:00")
    letter = made("benefit_decision", granted.pk)
    assert (letter.title, letter.addressee) == ("审批决定书", "测试甲公司")
    assert "依据第三条，批准兑现80000.00元。" in words(letter)
    Assignment.objects.filter(pk=assignment.pk).update(state="in_hand")
    found = SUBJECTS["benefit_decision"].find(granted.pk)
    assert "重新办理" in PAPERS["benefit_decision"].why_not(found)
    fixed = FixedList.objects.create(
        version=county.item, drawn_up_by=county.officer, drawn_up_at=at("2026-03-01T09:00")
    )
    type(claim).objects.filter(pk=claim.pk).update(from_list=fixed)
    assert "你单位列入即申即享名单的“规上工业企业首次入规奖励”" in words(
        PAPERS["benefit_decision"].build(
            ClaimDecision.objects.get(pk=granted.pk), Given(IssuingBody(name="某"), date(2026, 3, 10), {})
        )
    )
    refusal = {"is_granted": False, "amount": None, "reason": "不属于首次入规", "remedy": "可以提出异议"}
    other, _ = county.in_hand("2026-03-02T09:10", firm=county.other_firm)
    county.decide(other, "2026-03-03T10:00", **refusal)
    decision = ClaimDecision.objects.get(claim=other)
    assert decision.decided_at == at("2026-03-03T10:00")
    said = words(made("benefit_decision", decision.pk))
    for part in (
        "不予兑现告知书",
        "依据第三条，决定不予兑现",
        "理由：不属于首次入规。",
        "救济途径：可以提出异议。",
    ):
        assert part in said, part
