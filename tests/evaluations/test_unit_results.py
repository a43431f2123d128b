"""Results of schemes that judge no persons: pages, score sheets, approval, what-if."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest
from django.test import Client
from docx import Document
from pytest_django.fixtures import Settings

from departments.models import Department, Membership
from evaluations import services
from evaluations.models import Result, SchemeVersion
from evaluations.schemes.stored import policy_of
from office.errors import Refused
from tests.evaluations.county import NOW, SERVED, County, fresh
from tests.evaluations.gatherer import Gatherer
from tests.evaluations.pages import said
from tests.evaluations.states import county_at
from tests.evaluations.unit_rounds import computed, jilin_county
from tests.kit.files import own_folders

pytestmark = pytest.mark.django_db
Browse = Callable[[str], Client]


@pytest.fixture
def county(db: None, settings: Settings, tmp_path: Path) -> County:
    own_folders(settings, tmp_path)
    return jilin_county()


@pytest.fixture
def result(county: County) -> Result:
    return services.current_result(county.round)


def unit(name: str) -> int:
    return Department.objects.get(name=name, is_active=True).pk


def test_the_ranking_of_the_centre_has_pools_lists_flags_and_no_persons(
    result: Result, browse: Browse
) -> None:
    """JL-R1 JL-R7"""
    page = said(browse("centre_reviewer"), f"/office/rounds/{result.round_id}/result/")
    for word in ("各局（室、公司）", "各基层单位", "一票否决", "已扣完", "优秀", "数据来源"):
        assert word in page, word
    assert "人员</th>" not in page
    assert "样本足够" not in page


def test_a_unit_unfolds_to_every_block(result: Result, browse: Browse) -> None:
    """JL-R2"""
    page = said(browse("centre_reviewer"), f"/office/rounds/{result.round_id}/result/{unit('乙局')}/")
    for word in ("日常考评", "月度动态信息未按时上报", "年终评议", "领导评议", "加分项目", "评分表"):
        assert word in page, word
    assert "<h2>人员</h2>" not in page
    assert "9 + 8 + 7" not in page, "three supervisors' marks are not listed"


def test_a_score_sheet_has_item_full_marks_points_and_remark(result: Result, browse: Browse) -> None:
    """FC-R12: as page, workbook, PDF and .docx, for one unit and for all."""
    client = browse("centre_operator")
    page = said(client, f"/office/rounds/{result.round_id}/result/{unit('乙局')}/sheet/")
    for word in ("项目", "满分", "得分情况", "备注", "38.00", "不单独公布", "张三迟报"):
        assert word in page, word
    one = client.get(f"/office/results/{result.pk}/sheets/{unit('乙局')}/xlsx/")
    sheet = openpyxl.load_workbook(BytesIO(one.getvalue())).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["项目", "满分", "得分情况", "备注"]
    lines = {row[0]: row for row in sheet.iter_rows(min_row=3, values_only=True)}
    assert lines["日常考评"][1:3] == (40, 38)
    every = client.get(f"/office/results/{result.pk}/sheets/xlsx/")
    rows = list(openpyxl.load_workbook(BytesIO(every.getvalue())).worksheets[0].iter_rows(min_row=3))
    assert {row[0].value for row in rows} == {"甲局", "乙局", "丙局", "丁局", "戊局"}
    for path in (f"sheets/{unit('乙局')}/pdf/", "ranking.pdf"):
        answer = client.get(f"/office/results/{result.pk}/{path}")
        assert answer.status_code == 200
        assert b"".join(answer).startswith(b"%PDF")
    ranking = Document(BytesIO(b"".join(client.get(f"/office/results/{result.pk}/ranking.docx"))))
    assert any("仅供内部使用" in one.text for one in ranking.paragraphs)
    cells = {cell.text for table in ranking.tables for row in table.rows for cell in row.cells}
    assert {"名次", "得分（分）", "甲局", "戊局"} <= cells
    for path, units in (
        (f"sheets/{unit('乙局')}/docx/", ["乙局"]),
        ("sheets/docx/", ["甲局", "乙局", "戊局"]),
    ):
        answer = client.get(f"/office/results/{result.pk}/{path}")
        document = Document(BytesIO(b"".join(answer)))
        titles = [one.text for one in document.paragraphs]
        assert {f"{name}评分表" for name in units} <= set(titles)
        cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
        assert cells[0] == ["项目", "满分", "得分情况", "备注"]
        assert any(row[:3] == ["日常考评", "40", "38.00"] for row in cells)


def test_the_workbook_of_the_ranking_has_parts_instead_of_persons(result: Result, browse: Browse) -> None:
    answer = browse("centre_operator").get(f"/office/results/{result.pk}/ranking.xlsx")
    book = openpyxl.load_workbook(BytesIO(b"".join(answer)))
    assert book.sheetnames == ["单位排名", "分项得分", "名单", "口径"]
    headings = [cell.value for cell in book["分项得分"][2]]
    assert headings[:4] == ["单位", "综合得分（分）", "日常考评（分）", "年终评议（分）"]
    assert "有效评价（人次）" not in [cell.value for cell in book["单位排名"][2]]
    supervisors = headings.index("监督员评议（分）")
    assert book["分项得分"].cell(3, supervisors + 1).value is None, "three marks are no mean of their own"


def test_the_leading_group_approves_what_the_text_sends_to_it(county: County, result: Result) -> None:
    """JL-R9: computed, checked by another, approved by a third, then served."""
    round_ = fresh(result.round)
    services.sign_off_round(round=round_, now=NOW, acting_user=county.reviewer)
    with pytest.raises(Refused, match="还没有经领导小组批准"):
        services.serve_round(round=round_, today=SERVED, acting_user=county.operator)
    with pytest.raises(Refused, match="没有这项操作的权限"):
        services.approve_round(round=round_, now=NOW, acting_user=county.reviewer)
    services.approve_round(round=round_, now=NOW, acting_user=county.leader)
    assert fresh(round_).state == "approved"
    assert services.serve_round(round=round_, today=SERVED, acting_user=county.operator).state == "served"


def test_nobody_approves_what_they_computed_or_checked(county: County, result: Result) -> None:
    """JL-R9"""
    round_ = fresh(result.round)
    services.sign_off_round(round=round_, now=NOW, acting_user=county.leader)
    with pytest.raises(Refused, match="不能批准自己经手的结果"):
        services.approve_round(round=round_, now=NOW, acting_user=county.leader)
    services.return_result(round=round_, reason="请核对", now=NOW, acting_user=county.reviewer)
    computed(county, round_, reason="已核对", by=county.reviewer)
    with pytest.raises(Refused, match="不能审定自己计算的结果"):
        services.sign_off_round(round=round_, now=NOW, acting_user=county.reviewer)


def test_a_scheme_that_asks_nobody_needs_no_approval(db: None, settings: Settings) -> None:
    settings.DEMO = True
    other = county_at("signed_off")
    with pytest.raises(Refused, match="没有规定由领导小组批准"):
        services.approve_round(round=other.round, now=NOW, acting_user=other.leader)


def test_the_page_of_approval_shows_what_changed_by_unit(
    county: County, result: Result, browse: Browse
) -> None:
    """JL-R9: beside the reason of the second computation."""
    round_ = fresh(result.round)
    services.return_result(round=round_, reason="乙局漏记", now=NOW, acting_user=county.reviewer)
    gatherer = Gatherer(county, fresh(round_))
    services.reopen_channel(
        channel=gatherer.channel("occurrences"), reason="乙局漏记", acting_user=county.reviewer
    )
    gatherer.occurred("乙局", "item:monthly_report_late", date="2021-06-10")
    gatherer.settle("occurrences")
    computed(county, round_, reason="补记一次")
    services.sign_off_round(round=fresh(round_), now=NOW, acting_user=county.reviewer)
    page = said(browse("leading_group"), f"/office/rounds/{round_.pk}/do/approve/")
    for word in ("补记一次", "日常考评 38.00→37.00", "营商环境建设领导小组", "三(三)"):
        assert word in page, word
    assert "人员结果" not in page
    assert "已批准" in said(
        browse("leading_group"), f"/office/rounds/{round_.pk}/do/approve/", _mark(browse, round_.pk)
    )


def _mark(browse: Browse, round_id: int) -> dict[str, str]:
    page = said(browse("leading_group"), f"/office/rounds/{round_id}/do/approve/")
    return {"seen_mark": page.partition('name="seen_mark" value="')[2].partition('"')[0]}


def test_a_unit_reads_its_own_result_with_what_the_office_noted(
    county: County, result: Result, browse: Browse
) -> None:
    """JL-R9: from service on; a panel of three is not shown alone."""
    round_ = fresh(result.round)
    Membership.objects.all().delete()
    Membership.objects.create(user=county.users["department_officer"], department_id=unit("乙局"))
    client, path = browse("department_officer"), f"/office/rounds/{round_.pk}/result/{unit('乙局')}/"
    assert client.get(path).status_code == 403
    services.sign_off_round(round=round_, now=NOW, acting_user=county.reviewer)
    services.approve_round(round=round_, now=NOW, acting_user=county.leader)
    services.serve_round(round=round_, today=SERVED, acting_user=county.operator)
    page = said(client, path)
    for word in ("张三迟报", "不单独公布", "月度动态信息未按时上报", "达标"):
        assert word in page, word
    assert "人员" not in page.partition("<main")[2].partition("处置建议")[0]
    assert client.get(f"/office/results/{result.pk}/sheets/{unit('乙局')}/pdf/").status_code == 200
    assert client.get(f"/office/results/{result.pk}/sheets/{unit('甲局')}/pdf/").status_code == 403
    assert client.get(f"/office/results/{result.pk}/sheets/pdf/").status_code == 403


def asked_under(version: SchemeVersion, **chosen: str) -> str:
    """The form filled in with the readings that a scheme begins with, but for those chosen."""
    filled: dict[str, object] = {"scheme": version.pk, "show": 1}
    for name, option in policy_of(version).options.items():
        if option.type not in ("weights", "values"):
            value = "on" if option.default is True else option.default
            filled |= {} if value is False else {name: value}
    return f"?{urlencode(filled | chosen)}"


def test_what_if_says_who_would_move_and_stores_nothing(result: Result, browse: Browse) -> None:
    client, path = browse("inspectorate"), f"/office/rounds/{result.round_id}/what-if"
    before = Result.objects.count()
    asked = asked_under(result.scheme_version, vetoed_rank="ranked")
    page = said(client, f"{path}/{asked}")
    for word in ("不是评价结果", "丁局", "名次"):
        assert word in page, word
    assert Result.objects.count() == before
    book = openpyxl.load_workbook(BytesIO(b"".join(client.get(f"{path}.xlsx{asked}"))))
    assert "丁局" in [row[0].value for row in book.worksheets[0].iter_rows(min_row=2)]
    assert Client().get(f"{path}/").status_code == 302
    assert browse("department_officer").get(f"{path}/").status_code == 403


def test_what_if_under_a_scheme_that_does_not_fit_says_so(result: Result, browse: Browse) -> None:
    other = SchemeVersion.objects.filter(scheme_id="guangyuan-2022").latest("pk")
    SchemeVersion.objects.filter(pk=other.pk).update(is_active=True)
    path = f"/office/rounds/{result.round_id}/what-if/{asked_under(other)}"
    assert "不适用于所选的方案" in said(browse("centre_operator"), path)


def test_what_if_lists_no_score_that_rests_on_fewer_than_five(county: County, browse: Browse) -> None:
    """Readings tried one after another would give away what three supervisors said."""
    found = services.current_result(county.round)
    path = f"/office/rounds/{found.round_id}/what-if/?scheme={found.scheme_version_id}&show=1"
    path += "&vetoed_rank=unranked&empty_panel=carry&own_mark=left_out&veto_events=not_deducted"
    path += "&applicability=per_unit&over_hundred=capped&streak_months=0&streak_gap=skipped"
    page = said(browse("centre_operator"), path)
    assert "得分：" not in page
