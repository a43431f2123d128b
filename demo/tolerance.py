"""Risk reports of the demo department, an application decided 从轻, another that waits, a name cleared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from departments.models import Department, StaffMember
from evaluations.models import Clearing, Disposition, RiskReport, ToleranceCase
from evaluations.schemes.stored import scheme_of
from evaluations.tolerance import clearing, services
from office.models import User

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEFORE = {
    "matter": "试行部分事项告知承诺办理（示范）",
    "basis": "上级关于推行告知承诺制的要求（示范）。",
    "ways": "一、全部事项试行；二、先在两项低风险事项试行（示范）。",
    "risk": "申请人承诺与实际不符，办理后需要撤销（示范）。",
    "measures": "公布事项清单，办结后十日内核查，发现不符的及时纠正（示范）。",
    "decided_by": "局党组会议（示范）",
}
AFTER = {
    "matter": "调整窗口午间值班安排（示范）",
    "basis": "群众反映午间办事不便（示范）。",
    "ways": "一、全员轮班；二、只留综合窗口值班（示范）。",
    "risk": "部分业务午间无人受理（示范）。",
    "measures": "公布值班事项和咨询电话（示范）。",
    "decided_by": "局长办公会议（示范）",
}


def report_risks(people: Mapping[str, User]) -> RiskReport:
    """One before the decision, whose time is entered later; one after it, which is no ground on its own."""
    common: dict[str, Any] = {"department": _unit(people), "acting_user": people["department"]}
    report = services.report_risk(texts=BEFORE, decision_at=None, now=_at(2026, 9, 2), **common)
    services.note_decision_time(
        report=report,
        decision_at=_at(2026, 9, 4),
        now=_at(2026, 9, 7),
        acting_user=people["department"],
    )
    services.report_risk(texts=AFTER, decision_at=_at(2026, 10, 12), now=_at(2026, 10, 20), **common)
    return report


def tolerate(people: Mapping[str, User], report: RiskReport) -> None:
    """The first of the unit's consequences is decided, the second waits for the body with the power."""
    unit = _unit(people)
    rows = Disposition.objects.filter(department=unit, state__in=services.STILL_OPEN).order_by(
        "-points", "pk"
    )
    open_ = [one for one in rows.select_related("round__scheme_version") if _tolerates(one)]
    grounds = "所涉事项属于事前报备的试行，发现问题后已经及时纠正（示范）。"
    cases = [
        services.apply_for_tolerance(
            disposition=one,
            grounds=grounds,
            report=report,
            now=_at(2026, 10, 23),
            acting_user=people["department"],
        )
        for one in open_[:2]
    ]
    for case in cases[:1]:
        rule = services.rule_for(case.disposition)
        services.decide_tolerance(
            case=case,
            outcome=ToleranceCase.State.LIGHTER,
            findings={
                one.id: f"经核查，{one.label}方面没有发现应当从重的情形（示范）。" for one in rule.tests
            },
            reasons="事前已经报备，程序完备，及时纠正，从轻处置（示范）。",
            body=rule.decided_by[0],
            number="示容〔2026〕1号",
            decided_on=date(2026, 11, 3),
            now=_at(2026, 11, 3),
            today=date(2026, 11, 3),
            acting_user=people["inspectorate"],
        )


def _tolerates(one: Disposition) -> bool:
    return scheme_of(one.round).tolerance is not None


def clear_names(people: Mapping[str, User]) -> None:
    """One is cleared and visited, one waits for its ten working days."""
    unit = _unit(people)
    persons = list(StaffMember.objects.filter(department=unit, left_on=None).order_by("pk")[:2])
    common: dict[str, Any] = {
        "department": unit,
        "disposition": None,
        "finding": clearing.Finding.FALSE,
        "harm": "本人年度评优受到影响，所在科室有议论（示范）。",
        "harm_circle": Clearing.Circle.UNIT,
        "acting_user": people["inspectorate"],
    }
    done = clearing.open_clearing(
        staff_member=persons[0] if persons else None,
        report_number="示范举报件1",
        found_on=date(2026, 10, 14),
        consented_on=date(2026, 10, 15),
        today=date(2026, 10, 15),
        **common,
    )
    clearing.clear_name(
        clearing=done,
        way=Clearing.Way.MEETING,
        circle=Clearing.Circle.UNIT,
        cleared_on=date(2026, 10, 21),
        now=_at(2026, 10, 21),
        today=date(2026, 10, 21),
        acting_user=people["inspectorate"],
    )
    clearing.note_visit(
        clearing=done,
        visited_on=date(2026, 11, 18),
        visit="本人表示影响已经消除，没有新的意见（示范）。",
        today=date(2026, 11, 18),
        acting_user=people["reviewer"],
    )
    clearing.open_clearing(
        staff_member=persons[-1] if persons else None,
        report_number="示范举报件2",
        found_on=date(2026, 11, 20),
        consented_on=date(2026, 11, 23),
        today=date(2026, 11, 23),
        **common,
    )


def _unit(people: Mapping[str, User]) -> Department:
    return Department.objects.get(memberships__user=people["department"])


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, tzinfo=SHANGHAI)
