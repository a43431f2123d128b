"""The full ranking as a workbook: for those inside only (YC-R3, YC-R10)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from openpyxl.worksheet.worksheet import Worksheet
from pytest_django.fixtures import Settings

from evaluations import services
from evaluations.models import RoundMember
from office.files import stored
from office.models import User
from reports.results.ranking import ranking, ranking_workbook, safe
from tests.evaluations.county import County
from tests.evaluations.states import county_at
from tests.evaluations.unit_rounds import computed, units_round
from tests.kit.files import own_folders


@pytest.fixture
def county(db: None, settings: Settings) -> County:
    """A county whose round is computed; it may vote without HTTPS (demonstration)."""
    settings.DEMO = True
    return county_at("computed")


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows below the title and the headings."""
    headings = [str(cell.value) for cell in sheet[2]]
    return [
        dict(zip(headings, values, strict=True)) for values in sheet.iter_rows(min_row=3, values_only=True)
    ]


def test_the_workbook_holds_everything_exactly(county: County) -> None:
    book = ranking(services.current_result(county.round))
    assert book.sheetnames == ["单位排名", "人员成绩", "科室成绩", "口径"]
    first, second = rows(book["单位排名"])
    shown = (first["名次"], first["单位"], first["得分（分）"], first["未取整得分"])
    assert shown == (1, "县甲局", 93.33, pytest.approx(280 / 3))
    assert all(isinstance(row["未取整得分"], float) for row in (first, second))
    assert (second["名次"], second["等次"]) == (2, "不合格")
    assert "诫勉谈话" in second["处置建议"]
    assert "条款七" in second["处置建议"]
    assert (first["有效评价（人次）"], first["选票（张）"]) == (30, 10), "three persons, ten ballots"
    people = {row["姓名"]: row for row in rows(book["人员成绩"])}
    assert (people["乙科员一"]["得分（分）"], people["乙科员一"]["有效评价（人次）"]) == (55.0, 10)
    assert people["乙科员二"]["得分（分）"] is None
    assert people["乙科员二"]["提示"] == "样本不足"
    readings = rows(book["口径"])
    assert any("个人（科室）最少有效票数：5" in row["本轮取值"] for row in readings)
    assert all(row["条款"] for row in readings)


def test_numbers_stand_to_the_right_and_headings_repeat_in_print(county: County) -> None:
    sheet = ranking(services.current_result(county.round))["单位排名"]
    columns = {str(cell.value): cell.column for cell in sheet[2]}
    assert sheet.cell(3, columns["得分（分）"]).alignment.horizontal == "right"
    assert sheet.cell(3, columns["得分（分）"]).number_format == "0.00"
    assert sheet.cell(3, columns["单位"]).alignment.horizontal == "left"
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.freeze_panes == "A3"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@name", "\t=1"])
def test_text_that_looks_like_a_formula_is_escaped(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert safe("县甲局") == "县甲局"
    assert safe(-5) == -5


def test_a_post_that_looks_like_a_formula_stays_text(county: County) -> None:
    RoundMember.objects.filter(name="甲科长").update(post='=HYPERLINK("http://example.com")')
    book = ranking(services.current_result(county.round))
    (row,) = (row for row in rows(book["人员成绩"]) if row["姓名"] == "甲科长")
    assert row["岗位"].startswith("'=")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_only_those_inside_download_it(county: County) -> None:
    """Roles with `result.download`; a department sees its own result elsewhere, the public none of it."""
    result = services.current_result(county.round)
    path = f"/office/results/{result.pk}/ranking.xlsx"
    for role, user in county.users.items():
        inside = role in ("centre_operator", "centre_reviewer", "leading_group", "inspectorate")
        assert signed_in(user).get(path).status_code == (200 if inside else 403), role
    assert Client().get(path).status_code == 302


def test_publication_leaves_the_workbook_outside_the_published_files(
    db: None, settings: Settings, tmp_path: Path
) -> None:
    own_folders(settings, tmp_path)
    county = county_at("published", varied=True)
    publication = county.round.publications.get()
    (name,) = stored.names(stored.private(), "reports")
    assert [name for name in publication.manifest if name.endswith(".xlsx")] == ["results.xlsx"]
    public = Client().get(f"/results/{publication.pk}/results.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(public.content)).sheetnames == ["成绩单", "说明"]
    name = name.rpartition("/")[2]
    assert Client().get(f"/results/{publication.pk}/{name}").status_code == 404
    answer = signed_in(county.operator).get(f"/office/results/{publication.result_id}/ranking.xlsx")
    content = b"".join(answer.streaming_content)
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames[0] == "单位排名"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_workbook_of_an_earlier_version_is_made_anew(db: None, settings: Settings, tmp_path: Path) -> None:
    """Earlier ones list answers below five, which the centre does not read any more."""
    own_folders(settings, tmp_path)
    county = county_at("signed_off")
    result = services.current_result(county.round)
    stored.put(stored.private(), f"reports/ranking-{result.pk}.xlsx", b"as it was")
    book = openpyxl.load_workbook(io.BytesIO(ranking_workbook(result)))
    assert "人员成绩" in book.sheetnames


def test_units_that_are_ranked_together_stand_by_rank_whatever_their_series(db: None) -> None:
    """舞阳 ranks all departments in one list; towns have their own."""
    county = County()
    others = {"比较满意": 1, "基本满意": 1, "不了解情况": 1}

    def said(group: str, satisfied: int) -> dict[str, Any]:
        return {
            "group": group,
            "answers": {"ballot": {"overall": {"满意": satisfied, **others, "不满意": 60 - satisfied}}},
        }

    facts = {
        "甲局": said("行政执法", 30),
        "乙局": said("行政审批", 50),
        "丙局": said("行政执法", 40),
        "东镇": said("乡镇", 55),
        "西镇": said("乡镇", 57),
    }
    round_ = units_round(
        county, "wuyang-units-2022", facts, period="2022-Q3", channels={"answers.ballot": "counts"}
    )
    result = computed(county, round_)
    found = rows(ranking(result)["单位排名"])
    assert [(row["名次"], row["单位"]) for row in found] == [
        (1, "乙局"), (2, "丙局"), (3, "甲局"), (1, "西镇"), (2, "东镇"),
    ]  # fmt: skip
