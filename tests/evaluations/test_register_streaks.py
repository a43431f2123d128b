"""Rounds walked one after the other: what follows from standing first or last twice, three times, again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from evaluations import services
from evaluations.account import queries
from evaluations.models import Disposition, Round
from office.errors import Refused
from office.models import Holiday
from office.roles import Role
from tests.evaluations.county import AFTER_APPEALS, NOW, SERVED
from tests.evaluations.pages import said
from tests.evaluations.registers import decide, serve
from tests.evaluations.states import county_at
from tests.evaluations.unit_rounds import computed, through_appeals, units_round, zone
from tests.evaluations.units import UnitsCounty
from tests.kit.files import own_folders

pytestmark = pytest.mark.django_db
UNITS = {"县区": ("甲县", "乙县", "丙县", "丁县"), "市级部门": ("甲局",)}
FIRST, LAST = "甲县", "乙县"
ANSWERS = {FIRST: "非常满意", "丙县": "满意", "丁县": "基本满意", LAST: "不满意", "甲局": "满意"}
ASPECTS = ("policy", "service", "solving")
PERIODS = {
    "2026-1": date(2026, 3, 1),
    "2026-2": date(2026, 6, 1),
    "2026-3": date(2026, 9, 1),
    "2027-1": date(2026, 9, 2),
}
OFFICE, TARGETS = "市政务服务和资源交易中心", "市委目标绩效办"


def walk(county: UnitsCounty, period: str, base_date: date) -> Round:
    """One round from its list to its publication, which later rounds look back at: 甲县 first, 乙县 last."""
    county.urls.clear()
    county.create(period=period, title=f"{period}次评价", base_date=base_date)
    county.prepare(slips=6)
    county.open()
    for _ in range(5):
        county.vote({name: dict.fromkeys(ASPECTS, word) for name, word in ANSWERS.items()})
    county.close()
    county.tally()
    county.without("answers.realtime")
    county.compute()
    services.sign_off_round(round=county.round, now=NOW, acting_user=county.reviewer)
    services.serve_round(round=county.round, today=SERVED, acting_user=county.operator)
    services.end_appeals(round=county.round, today=AFTER_APPEALS, acting_user=county.operator)
    return services.mark_published(round=county.round, now=NOW, acting_user=county.operator)


def proposed(round_: Round, name: str) -> dict[str, Decimal | None]:
    rows = Disposition.objects.filter(round=round_, subject__name=name).order_by("pk")
    return {one.word: one.points for one in rows}


def account(year: int, name: str) -> Any:
    return next(one for one in queries.units_in(year) if one.name == name)


def test_three_rounds_running_and_one_in_the_next_year(settings: Settings, tmp_path: Path) -> None:
    """GY-R9, GY-R10, GY-R11: put right, summoned, reported on; 0.2, 0.5, 0.8 are totals; awards."""
    own_folders(settings, tmp_path)
    settings.DEMO = True
    county = UnitsCounty("guangyuan-2022", UNITS)
    Holiday.objects.create(day=date(2026, 10, 1), name="国庆节")
    rounds = [walk(county, period, day) for period, day in PERIODS.items()]
    minus = [Decimal("-0.20"), Decimal("-0.50"), Decimal("-0.80"), Decimal("-0.20")]
    report = "班子成员集体在市委常委会会议上检视述职"
    each = [proposed(one, LAST) for one in rounds]
    assert [one["年度扣分"] for one in each] == minus, "the year's end begins the count anew"
    first, second, third, fourth = ({*one} - {"年度扣分"} for one in each)
    assert (first, second) == ({"专项整改"}, {"专项整改", "市政府约谈"})
    assert third == fourth == {"专项整改", report, "不得推荐评先"}, "runs go on across the year's end"
    tops = [proposed(one, FIRST) for one in rounds]
    assert [one["年度加分"] for one in tops] == [-points for points in minus]
    assert {*tops[2]} - {*tops[1]} == {"推荐评先", "增加个人推荐评先名额"}
    points = Disposition.objects.filter(kind="points", round__in=rounds[:3], subject__name=LAST)
    assert account(2026, LAST).points.pending == Decimal("-0.80"), "a total, not a sum of three"
    for number, row in enumerate(points.order_by("pk"), start=1):
        decide(county, row, body=TARGETS, number=f"示绩效〔2026〕{number}号")
    assert account(2026, LAST).points.counted == Decimal("-0.80")
    assert account(2027, LAST).points.pending == Decimal("-0.20")
    assert "连续4次位列末位名单" in account(2027, LAST).runs
    inside = Client()
    inside.force_login(county.users[Role.INSPECTORATE])
    page = said(inside, f"/office/rounds/account/2026/units/{points[0].department_id}/")
    assert "-0.8" in page
    told = Disposition.objects.get(round=rounds[2], word=report)
    with pytest.raises(Refused, match="由市委决定"):
        decide(county, told, body=OFFICE, number="示政务〔2026〕3号")
    decide(county, told, body="市委", number="示委〔2026〕3号")
    serve(county, told)
    paper = told.papers.get()
    assert (paper.label, paper.due_on) == ("检视述职报告", date(2026, 10, 28)), "five working days"
    put_right = Disposition.objects.get(round=rounds[2], word="专项整改", subject__name=LAST)
    decide(county, put_right, body=OFFICE, number="示政务〔2026〕4号")
    assert put_right.rectification.notice_on == date(2026, 10, 21), "a decision begins it"


def test_two_years_running_below_the_mark_reach_the_post_of_the_principal(
    settings: Settings, tmp_path: Path
) -> None:
    """JL-R10: both years walked from the list to the notice; one failing year proposes no post."""
    own_folders(settings, tmp_path)
    settings.DEMO = True
    county = county_at("founded")
    posts = {"调离岗位", "免职", "降职", "改任非领导职务"}
    facts: dict[str, dict[str, Any]] = {name: {**one, "occurrences": {}} for name, one in zone().items()}
    for year, wanted in ((2021, set()), (2022, posts)):
        walked = units_round(county, "jilin-jkq-2021", facts, period=str(year), base_date=date(year, 12, 1))
        result = computed(county, walked)
        round_ = through_appeals(county, result)
        services.mark_published(round=round_, now=NOW, acting_user=county.operator)
        found = {*proposed(round_, "丁局")}
        assert found & posts == wanted
        assert {"通报批评", "年度绩效考评扣分", "诫勉谈话"} <= found
    reasons = {one.because for one in Disposition.objects.filter(word="免职")}
    assert len(reasons) == 1
    assert reasons.pop() == "单位连续 2 年不达标"
