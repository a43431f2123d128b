"""What the centre learns from a round beside its ranking (YC-R3), under the rule of small tables (YC-R10)."""

from __future__ import annotations

from datetime import date, time
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from evaluations import services
from evaluations.results.analysis import analysis_of
from evaluations.results.analysis_table import Table
from office.models import AuditEntry
from office.roles import Role
from surveys import queries
from surveys.models import Sitting, SlipBatch
from tests.evaluations.county import County
from tests.evaluations.pages import Browse, said, starts
from tests.evaluations.unit_rounds import jilin_county
from tests.kit.files import own_folders


def tables(county: County) -> dict[str, Table]:
    return {one.title: one for one in analysis_of(services.current_result(county.round))}


@starts("computed", varied=True)
def test_page_workbook_and_paper_say_the_same(county: County, browse: Browse) -> None:
    page = said(browse("centre_reviewer"), f"{county.pages}analysis/")
    client = browse("centre_reviewer")
    book = openpyxl.load_workbook(BytesIO(client.get(f"{county.pages}analysis.xlsx").content))
    found = tables(county)
    assert book.sheetnames == list(found)
    for title, table in found.items():
        assert f"<h2>{title}</h2>" in page
        cells = [str(cell.value or "") for row in book[title].iter_rows() for cell in row]
        listed = [*table.headings, *(cell for row in table.rows for cell in row)]
        for cell in listed if table.rows else [table.empty]:
            assert cell in page, cell
            assert cell in cells or not cell, cell
    answer = client.get(f"{county.pages}analysis.pdf")
    assert b"".join(answer).startswith(b"%PDF")
    assert AuditEntry.objects.filter(verb="下载评价分析").count() == 2


@starts("computed")
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.CENTRE_OPERATOR, 200),
        (Role.CENTRE_REVIEWER, 200),
        (Role.LEADING_GROUP, 200),
        (Role.INSPECTORATE, 200),
        (Role.DEPARTMENT_OFFICER, 403),
        (Role.DEPARTMENT_REVIEWER, 403),
        (Role.TOWN_ORGANIZER, 403),
    ],
)
def test_the_centre_and_who_supervises_it_read_the_analysis(
    county: County, browse: Browse, role: Role, status: int
) -> None:
    for name in ("analysis/", "analysis.xlsx", "analysis.pdf"):
        assert browse(role.value).get(f"{county.pages}{name}").status_code == status, name


@starts("closed")
def test_before_a_result_there_is_no_analysis(county: County, browse: Browse) -> None:
    assert browse("centre_reviewer").get(f"{county.pages}analysis/").status_code == 404


@starts("computed")
def test_whom_two_answered_on_is_in_no_total(county: County) -> None:
    """乙科员二 has two answers. Beside the tables of all others fifty-two of them would say which two."""
    found = tables(county)
    assert found["薄弱事项"].rows == (("审批服务", "79.00", "50", "县乙局（57.50）、县甲局（93.33）"),)
    ((_, mean, answers, *_),) = found["各类评价主体的平均分"].rows
    assert (mean, answers) == ("79.00", "50")


@starts("computed", varied=True)
def test_from_five_on_everybody_is_in_the_totals(county: County) -> None:
    found = tables(county)
    assert found["薄弱事项"].rows[0][2] == "112"
    assert sum(int(row[2]) for row in found["各类评价主体的平均分"].rows) == 112


@starts("computed")
def test_units_near_a_boundary_are_named_before_consequences_are_decided(
    county: County, browse: Browse
) -> None:
    near = {row[0]: row[2:5] for row in tables(county)["接近界线的单位"].rows}
    assert near["县甲局"] == ("优秀", "77.2–98.4", "全部评价：接近界线")
    page = said(browse("centre_reviewer"), f"{county.pages}result/")
    assert "77.2–98.4" in page
    assert "接近界线" in page


@starts("computed")
def test_what_cannot_be_seen_is_said(county: County, browse: Browse) -> None:
    """Without an earlier round no moves; of single ballots nothing is kept but how many were all alike."""
    found = tables(county)
    assert found["变化最大的单位"].rows == ()
    assert "无从比较" in found["变化最大的单位"].empty
    assert "从结果中看不出来" not in found["异常迹象"].says
    told = [row for row in found["异常迹象"].rows if row[0] == "整张同答"]
    survey = county.round.survey
    strata = survey.controls["strata"]
    assert len(told) == sum(group["alike"] * 3 >= group["counted"] for group in strata if "alike" in group)
    for group in strata:
        group.pop("alike", None)  # as counted by an earlier version
    survey.save(update_fields=["controls"])
    assert "从结果中看不出来" in tables(county)["异常迹象"].says
    page = said(browse("inspectorate"), f"{county.pages}analysis/")
    assert "供内部使用，不对外公布" in page


@starts("computed", varied=True)
def test_what_went_out_stands_beside_what_came_back(county: County, browse: Browse) -> None:
    """Per kind of voter, where all its batches were counted; how few took paper is not said."""
    survey = county.survey
    kinds = {one.name for one in queries.returned_by_kind(survey)}
    rows = tables(county)["发放和回收"].rows
    assert {row[1] for row in rows} == kinds
    assert {(row[2], row[5]) for row in rows} == {("未清点", "不计算")}
    counted, other = survey.controls["strata"]  # which kinds were joined is drawn with the keys
    batches = SlipBatch.objects.filter(survey=survey)
    batches.filter(stratum__kind__in=counted["kind"].split("+")).update(handed_out=18)
    counted["packets"] = 3
    survey.save(update_fields=["controls"])
    out = 18 * batches.exclude(handed_out=None).count()
    rows = tables(county)["发放和回收"].rows
    found = {row[1]: row[2:6] for row in rows}
    percent = f"{100 * counted['counted'] / out:.1f}%"
    assert found[counted["name"].replace("+", "、")] == (str(out), str(counted["counted"]), "不足5", percent)
    assert found[other["name"].replace("+", "、")] == ("未清点", str(other["counted"]), "0", "不计算")
    assert "发放和回收" in said(browse("centre_reviewer"), f"{county.pages}analysis/")


def sitting(county: County, day: int, came: int) -> None:
    survey, (east, _) = county.survey, county.towns
    stratum = str(survey.strata.all()[0].pk)
    Sitting.objects.create(
        survey=survey,
        town=east,
        number=day,
        date=date(2026, 9, day),
        begins=time(9),
        place="大厅",
        state=Sitting.State.HELD,
        invited={stratum: [came - 1, 1 if came > 20 else 0]},
        attended={stratum: [came, 0]},
    )


@starts("computed")
def test_days_with_many_ballots_and_no_sitting_are_pointed_out(county: County, browse: Browse) -> None:
    """From rounded figures, so only what is odd whatever was rounded away."""
    survey = county.survey
    nights = [
        ["2026-09-17", 20],
        ["2026-09-18", 60],
        ["2026-09-19", 70],
        ["2026-09-20", 100],
        ["2026-09-21", 100],
    ]
    survey.turnout = {"as_of": "2026-09-28", "total": 110, "by_kind": {}, "nights": nights}
    survey.save(update_fields=["turnout"])
    for day, came in ((17, 31), (19, 20)):
        sitting(county, day, came)
    found = tables(county)
    assert found["每日回收与现场评价"].rows == (
        ("2026年9月15日至2026年9月16日", "20", "20", "没有", "0", "没有现场评价"),
        ("2026年9月17日", "40", "60", "东门街道第17场", "31", ""),
        ("2026年9月18日", "10", "70", "没有", "0", ""),
        ("2026年9月19日", "30", "100", "东门街道第19场", "20", "多于到场人数"),
        ("2026年9月21日至2026年9月28日", "10", "110", "没有", "0", ""),
    )
    told = [row[1] for row in found["异常迹象"].rows if row[0] == "每日回收"]
    assert told == [
        "2026年9月15日至2026年9月16日新增约20张，没有现场评价",
        "2026年9月19日新增约30张，多于到场人数",
    ]
    told = [row[1] for row in found["异常迹象"].rows if row[0] == "现场评价"]
    assert told == ["东门街道第19场（2026年9月19日）：到场20人，多于邀请和候补的19人"]
    page = said(browse("centre_reviewer"), f"{county.pages}analysis/")
    assert "2026年9月19日新增约30张，多于到场人数" in page


@starts("computed")
def test_a_round_of_which_no_night_was_kept_says_what_would_stand_there(county: County) -> None:
    table = tables(county)["每日回收与现场评价"]
    assert table.rows == ()
    assert "每晚留存的累计数在此与当日的现场评价对照" in table.empty


@pytest.fixture
def zone(db: None, settings: Settings, tmp_path: Path) -> County:
    own_folders(settings, tmp_path)
    return jilin_county()


def test_a_scheme_of_units_is_analysed_by_its_parts(zone: County) -> None:
    """JL-R2 JL-R4: how much of its full marks each part reaches, the weakest first; no panel of seven."""
    found = tables(zone)
    assert "薄弱事项" not in found
    for title in ("各类评价主体的占比", "每日回收与现场评价", "异常迹象"):
        assert "没有无记名选票" in found[title].empty, "nobody voted, and it says so"
    rows = found["薄弱部分"].rows
    shares = [float(row[2].removesuffix("%")) for row in rows]
    assert shares == sorted(shares)
    labels = [row[0] for row in rows]
    assert "企业评议" in labels
    assert not {"领导评议", "监督员评议"} & set(labels), "fewer than ten marked"
    client = Client()
    client.force_login(zone.reviewer)
    page = said(client, f"{zone.pages}analysis/")
    assert all(label in page for label in labels)
