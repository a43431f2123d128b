"""Tolerance and clearing in the register: what came before counts, others decide, results stay (WY-R10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from departments.models import Department, Membership
from evaluations.models import Clearing, Disposition, DispositionEvent, RiskReport, ToleranceCase
from evaluations.services import current_result
from evaluations.tolerance import clearing, services
from evaluations.tolerance.clearing import Finding
from office.calendar import provisional
from office.errors import Refused
from office.models import Holiday, User
from tests.evaluations.county import County, at_ten, fresh
from tests.evaluations.pages import said
from tests.evaluations.states import county_at
from tests.evaluations.unit_rounds import computed, through_appeals, units_round
from tests.kit.stored_states import stored

Browse = Callable[[str], Client]
TODAY = timezone.localdate()
HERE = "/office/rounds/tolerance/"
COUNTED = {"甲局": (30, 8, 2, 0, 0), "乙局": (25, 12, 3, 0, 0), "丙局": (10, 5, 5, 20, 0)}
WORDS = ("满意", "比较满意", "基本满意", "不满意", "不了解情况")
RISK = {
    "matter": "容缺受理试点",
    "basis": "上级试点通知",
    "ways": "先办后补",
    "risk": "材料可能不齐",
    "measures": "限期补正",
    "decided_by": "局党组会议",
}
TESTS = ("motive", "rules", "procedure", "nature", "result", "repair")
FINDINGS = dict.fromkeys(TESTS, "已核实")


def facts() -> dict[str, dict[str, Any]]:
    return {
        name: {"group": "行政审批", "answers": {"ballot": {"overall": dict(zip(WORDS, counts, strict=True))}}}
        for name, counts in COUNTED.items()
    }


@stored
def wuyang_county() -> County:
    """Units of 舞阳, whose appeals have ended: 丙局 is last."""
    county = county_at("founded")
    round_ = units_round(
        county, "wuyang-units-2022", facts(), period="2026-Q3", channels={"answers.ballot": "counts"}
    )
    county.round = through_appeals(county, computed(county, round_))
    return county


@pytest.fixture
def county(db: None) -> County:
    county = wuyang_county()
    Membership.objects.update(department=Department.objects.get(name="丙局"))
    county.users["department_officer"] = User.objects.get(username="department_officer")
    return county


def of(county: County, name: str) -> Disposition:
    found = Disposition.objects.filter(subject__name=name).first()
    assert found
    return found


def risk(county: County, reported: datetime, decided: datetime | None) -> RiskReport:
    return services.report_risk(
        department=Department.objects.get(name="丙局"),
        texts=RISK,
        decision_at=decided,
        now=reported,
        acting_user=county.users["department_officer"],
    )


def applied(county: County, **changes: Any) -> ToleranceCase:
    wanted = {
        "disposition": of(county, "丙局"),
        "grounds": "先行先试",
        "report": None,
        "now": timezone.now(),
        "acting_user": county.users["department_officer"],
    }
    return services.apply_for_tolerance(**{**wanted, **changes})


def decided(county: County, case: ToleranceCase, **changes: Any) -> ToleranceCase:
    wanted = {
        "case": case,
        "outcome": ToleranceCase.State.EXEMPT,
        "findings": FINDINGS,
        "reasons": "出于公心，及时纠正",
        "body": "县纪委监委",
        "number": "示纪〔2026〕3号",
        "decided_on": TODAY,
        "now": timezone.now(),
        "today": TODAY,
        "acting_user": county.users["inspectorate"],
    }
    return services.decide_tolerance(**{**wanted, **changes})


def opened(county: County, **changes: Any) -> Clearing:
    wanted = {
        "department": Department.objects.get(name="丙局"),
        "staff_member": None,
        "disposition": of(county, "丙局"),
        "report_number": "示举〔2026〕7号",
        "finding": Finding.FALSE,
        "found_on": date(2026, 3, 2),
        "harm": "被通报批评",
        "harm_circle": Clearing.Circle.UNIT,
        "consented_on": date(2026, 3, 3),
        "today": date(2026, 3, 4),
        "acting_user": county.reviewer,
    }
    return clearing.open_clearing(**{**wanted, **changes})


def test_a_risk_report_counts_only_before_the_decision_and_its_time_stays(county: County) -> None:
    """WY-R10: the decision of 2026-03-05 14:00, reported on the 2nd and on the 6th."""
    decision = at_ten(date(2026, 3, 5)) + timedelta(hours=4)
    early = risk(county, at_ten(date(2026, 3, 2)), None)
    late = risk(county, at_ten(date(2026, 3, 6)), decision)
    services.note_decision_time(
        report=early,
        decision_at=decision,
        now=at_ten(date(2026, 3, 6)),
        acting_user=county.users["department_officer"],
    )
    early.refresh_from_db()
    assert (early.kind, late.kind) == ("事前报备", "事后补报，不单独作为容错依据")
    with pytest.raises(TypeError, match="never edited"):
        late.save()
    with pytest.raises(Refused, match="不能再改"):
        services.note_decision_time(
            report=early,
            decision_at=decision,
            now=timezone.now(),
            acting_user=county.users["department_officer"],
        )
    with pytest.raises(Refused, match="事后补报不单独作为容错依据"):
        applied(county, grounds="", report=late)
    assert applied(county, grounds="", report=early).report == early


@pytest.mark.both_databases
def test_tolerance_is_decided_by_the_body_with_the_power_and_changes_no_result(
    county: County, browse: Browse
) -> None:
    """WY-R10: applied for by the unit, tested one by one, decided by others with a number."""
    officer, inspector = browse("department_officer"), browse("inspectorate")
    disposition = of(county, "丙局")
    assert "申请容错" in said(officer, HERE)
    assert "等待决定" in said(officer, f"{HERE}apply/{disposition.pk}/", {"grounds": "先行先试"})
    case = ToleranceCase.objects.get()
    assert officer.get(f"{HERE}apply/{of(county, '甲局').pk}/").status_code == 404
    with pytest.raises(Refused, match="已有一件容错申请"):
        applied(county)
    before = current_result(county.round).outcome
    assert "1 件容错申请待决定" in said(inspector, "/office/")
    for changes, why in (
        ({"findings": {**FINDINGS, "repair": " "}}, "缺：挽回"),
        ({"body": "县财政局"}, "县财政局无权决定"),
        ({"number": ""}, "没有填写文号"),
        ({"decided_on": TODAY + timedelta(days=1)}, "决定日期"),
    ):
        with pytest.raises(Refused, match=why):
            decided(county, case, **changes)
    belongs = Membership.objects.create(user=county.users["inspectorate"], department=disposition.department)
    with pytest.raises(Refused, match="您所在的单位"):
        decided(county, case)
    belongs.delete()
    typed = {f"test-{one}": "已核实" for one in TESTS}
    typed |= {"outcome": "exempt", "reasons": "出于公心", "body": "县委组织部", "number": "示组〔2026〕1号"}
    page = f"{HERE}cases/{case.pk}/"
    assert "登记决定" not in said(officer, page)
    assert officer.post(page, typed).status_code == 403
    assert "已登记决定" in said(inspector, page, {**typed, "decided_on": TODAY.isoformat()})
    assert "积分、亮牌和结果只由新的结果改变" in said(browse("centre_reviewer"), page)
    assert "结果尚未更正" in said(browse("centre_reviewer"), "/office/")
    assert current_result(fresh(county.round)).outcome == before
    disposition.refresh_from_db()
    assert disposition.state == Disposition.State.PROPOSED
    acts = disposition.events.filter(act=DispositionEvent.Act.TOLERANCE)
    assert [one.text for one in acts] == ["申请容错", "免予处置（县委组织部，示组〔2026〕1号）"]
    with pytest.raises(Refused, match="已有决定"):
        decided(county, case)
    with pytest.raises(Refused, match="已用于另一件"):
        decided(county, applied(county), body="县委组织部", number="示组〔2026〕1号")
    with pytest.raises(IntegrityError, match="nobody_tolerates_on_their_own_word"):
        ToleranceCase.objects.filter(pk=case.pk).update(decided_by=case.applied_by)


def test_a_name_is_cleared_only_when_proven_false_harmed_and_agreed(county: County) -> None:
    """WY-R10: not proven is not false; nobody is cleared against their will."""
    for changes, why in (
        ({"finding": Finding.UNPROVEN}, "无法查实不等于不属实"),
        ({"finding": Finding.PARTLY}, "不能澄清正名"),
        ({"harm": " "}, "没有写明造成的影响"),
        ({"consented_on": None}, "本人没有同意"),
        ({"report_number": ""}, "没有举报件编号"),
        ({"found_on": date(2026, 3, 5)}, "不能晚于今天"),
    ):
        with pytest.raises(Refused, match=why):
            opened(county, **changes)
    assert not Clearing.objects.exists()
    one = opened(county)
    assert one.due_on == date(2026, 3, 16)
    assert one.rests_on["why"] == "查实 3月2日，从 3月3日 起算，10 个工作日，截止 3月16日 17:00"


@pytest.mark.both_databases
def test_clearing_stays_within_the_harm_and_somebody_else_visits(county: County, browse: Browse) -> None:
    """WY-R10"""
    one = opened(county)
    page = f"{HERE}clearings/{one.pk}/"
    reviewer, inspector = browse("centre_reviewer"), browse("inspectorate")
    assert "1 件已逾期" in said(reviewer, "/office/")
    assert one.report_number not in said(reviewer, page), "sealed"
    assert one.report_number in said(inspector, page)
    wide = {"way": "circular", "circle": "5", "cleared_on": "2026-03-10"}
    assert "大于影响范围" in said(reviewer, page, wide)
    assert "已登记澄清" in said(reviewer, page, {**wide, "way": "meeting", "circle": "3"})
    visit = {"visited_on": "2026-06-08", "visit": "影响已经消除。"}
    assert "不能回访自己办理的" in said(reviewer, page, visit)
    assert "已登记回访" in said(inspector, page, visit)
    assert reviewer.post(page, {"number": "示纪〔2026〕9号"}).status_code == 403
    assert "没有认定文号" not in said(inspector, page, {"number": "示纪〔2026〕9号"})
    one.refresh_from_db()
    assert (one.state, one.visit_due_on) == (Clearing.State.VISITED, date(2026, 6, 8))
    assert one.false_report_number == "示纪〔2026〕9号"
    with pytest.raises(Refused, match="错告不追究"):
        clearing.note_false_accusation(clearing=one, number=" ", acting_user=county.users["inspectorate"])
    with pytest.raises(IntegrityError, match="no_name_is_cleared_wider_than_the_harm"):
        Clearing.objects.filter(pk=one.pk).update(circle=Clearing.Circle.PUBLIC)


def test_pages_begin_a_clearing_and_report_a_risk(county: County, browse: Browse) -> None:
    reviewer, officer = browse("centre_reviewer"), browse("department_officer")
    unit = Department.objects.get(name="丙局")
    new = f"{HERE}clearings/new/"
    assert "先选择单位" in said(reviewer, new)
    typed = {
        "report_number": "示举〔2026〕8号",
        "finding": "unproven",
        "found_on": TODAY.isoformat(),
        "harm": "议论",
        "harm_circle": "2",
        "consented_on": TODAY.isoformat(),
    }
    assert "无法查实不等于不属实" in said(reviewer, f"{new}?unit={unit.pk}", typed)
    assert "请在期限内澄清" in said(reviewer, f"{new}?unit={unit.pk}", {**typed, "finding": "false"})
    sent = {**RISK, "department": unit.pk}
    assert "时间以系统记录为准" in said(officer, f"{HERE}risks/new/", sent)
    report = RiskReport.objects.get()
    assert abs(report.reported_at - timezone.now()) < timedelta(minutes=5)
    assert "容缺受理试点" in said(browse("inspectorate"), HERE)
    assert "容缺受理试点" not in said(reviewer, HERE), "no watch list: its unit, and those who weigh it"
    assert reviewer.get(f"{HERE}risks/{report.pk}/").status_code == 403
    page = f"{HERE}risks/{report.pk}/"
    assert "已登记决策时间" in said(officer, page, {"decision_at": "2026-01-05T09:00"})
    assert "事后补报" in said(officer, page)


def test_a_clearing_over_a_year_without_a_calendar_is_settled_once(county: County) -> None:
    Holiday.objects.create(day=date(2025, 1, 1))
    Holiday.objects.filter(day__year=2026).delete()
    one = opened(county, found_on=date(2025, 12, 26), consented_on=date(2025, 12, 26))
    assert one.is_provisional
    Holiday.objects.create(day=date(2026, 1, 1))
    provisional.settle()
    one.refresh_from_db()
    assert (one.is_provisional, one.due_on) == (False, date(2026, 1, 12))


def test_what_is_about_a_person_is_seen_and_applied_for_by_the_units_reviewer_alone(
    county: County, browse: Browse
) -> None:
    """WY-R10: an officer reads nothing about a person here that the register keeps from them."""
    one = of(county, "丙局")
    Disposition.objects.filter(pk=one.pk).update(target="principal", person_name="丙局长")
    officer, reviewer = browse("department_officer"), browse("department_reviewer")
    assert "丙局长" not in said(officer, HERE)
    assert officer.get(f"{HERE}apply/{one.pk}/").status_code == 404
    with pytest.raises(Refused, match="涉及个人"):
        applied(county)
    assert "丙局长" in said(reviewer, HERE)
    case = applied(county, acting_user=User.objects.get(username="department_reviewer"))
    assert officer.get(f"{HERE}cases/{case.pk}/").status_code == 404
    assert "丙局长" in said(reviewer, f"{HERE}cases/{case.pk}/")
