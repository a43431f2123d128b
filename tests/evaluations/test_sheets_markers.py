"""Markers from a workbook: exactly what was previewed, each fault named, and the list round trip."""

from __future__ import annotations

import pytest
from django.test import Client

from evaluations.gathering.sheets.marker_list import MARKERS
from evaluations.models import Marker
from office.errors import Refused
from office.imports.short_lists import import_list, preview_list
from office.models import AuditEntry, User
from office.roles import Role
from tests.evaluations.jilin import Zone, begun
from tests.kit.files import table, uploaded

pytestmark = pytest.mark.django_db
PAGE = "/office/rounds/sheets/import/"
HEADINGS = ["轮次", "评议组", "姓名", "单位", "账户"]


@pytest.fixture
def zone() -> Zone:
    return begun()


def workbook(*rows: list[str]) -> bytes:
    return table(["评议人名单"], HEADINGS, *rows)


def test_what_is_previewed_is_imported_through_the_page(zone: Zone) -> None:
    """JL-R8: leaders by their accounts, supervisors on paper."""
    User.objects.create_user("lingdao1", role=Role.MARKER)
    content = workbook(
        ["2021年考核评价", "领导评议", "甲某", "", "lingdao1"],
        ["", "监督员评议", "乙某", "区乙局", ""],
        ["", "部门评议", "区甲局", "", "department_reviewer"],
    )
    browser = Client()
    browser.force_login(zone.operator)
    page = browser.post(PAGE, {"file": uploaded(content)})
    assert "新增 领导评议：甲某，用账户lingdao1" in page.content.decode()
    done = browser.post(PAGE, {"digest": page.context["preview"]["digest"]}, follow=True)
    assert "评议人已导入：新增 3" in done.content.decode(), done.context["refusal"]
    rows = {one.name: one for one in Marker.objects.select_related("unit")}
    assert rows["甲某"].way == Marker.Way.ACCOUNT
    assert (rows["乙某"].way, rows["乙某"].unit) == (Marker.Way.PAPER, zone.units["区乙局"])
    assert rows["区甲局"].unit == zone.units["区甲局"]
    assert all(one.sheets.count() == 1 for one in rows.values())
    assert AuditEntry.objects.filter(verb="导入评议人").count() == 1


def test_the_list_goes_out_and_in_without_a_change(zone: Zone) -> None:
    zone.marker("leaders", "甲某")
    zone.marker("supervisors", "乙某", unit="区乙局", paper=True)
    zone.marker("departments", "区甲局", account=zone.users["department_reviewer"])
    browser = Client()
    browser.force_login(zone.operator)
    content = b"".join(browser.get("/office/evaluations/marker/export/").streaming_content)
    plan = preview_list(MARKERS, content=content, acting_user=zone.operator)
    assert (plan.changes, plan.faults, plan.unchanged) == ([], [], 3)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["", "群众评议", "甲某", "", ""], "没有正在收表的评议组“群众评议”"),
        (["去年考核评价", "领导评议", "甲某", "", ""], "没有正在收表的评议组"),
        (["", "领导评议", "", "", "marker"], "姓名空白"),
        (["", "领导评议", "甲某", "县无此局", ""], "单位名单中没有“县无此局”"),
        (["", "领导评议", "甲某", "", "nobody"], "没有启用的账户“nobody”"),
        (["", "领导评议", "甲某", "", "administrator"], "不能打分"),
        (["", "部门评议", "甲某", "区乙局", "department_reviewer"], "属于区甲局，不属于区乙局"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_imported(zone: Zone, row: list[str], why: str) -> None:
    content = workbook(["", "监督员评议", "乙某", "", ""], row)
    with pytest.raises(Refused, match="1 处") as refusal:
        import_list(MARKERS, content=content, file_name="名单.xlsx", acting_user=zone.operator)
    assert why in refusal.value.faults[0]
    assert not Marker.objects.exists()


def test_one_account_or_person_twice_and_who_has_begun_are_refused(zone: Zone) -> None:
    account = User.objects.create_user("lingdao1", role=Role.MARKER)
    sheet = zone.marker("leaders", "甲某", account=account)
    zone.save(sheet, {"区甲局": "28"})
    plan = preview_list(
        MARKERS,
        content=workbook(
            ["", "领导评议", "甲某", "", ""],
            ["", "领导评议", "丙某", "", "lingdao1"],
            ["", "领导评议", "丁某", "", ""],
            ["", "领导评议", "丁某", "", ""],
        ),
        acting_user=zone.operator,
    )
    said = [str(fault) for fault in plan.faults]
    for words in ("已经开始打分，不能更改账户", "已有打分表", "在第5行已经出现"):
        assert any(words in one for one in said), (words, said)


def test_after_the_opening_nobody_is_added(zone: Zone) -> None:
    zone.submit(zone.marker("leaders", "甲某"), {"区甲局": "28"})
    zone.open()
    plan = preview_list(
        MARKERS, content=workbook(["", "领导评议", "丙某", "", ""]), acting_user=zone.operator
    )
    assert "已经由两人开启" in str(plan.faults[0])


def test_a_marker_finds_the_sheet_on_the_start_page(zone: Zone) -> None:
    sheet = zone.marker("departments", "区甲局", account=zone.users["department_reviewer"])
    browser = Client()
    browser.force_login(zone.users["department_reviewer"])
    address = f"/office/rounds/sheets/mark/{sheet.pk}/"
    assert address in browser.get("/office/").content.decode()
    assert "区甲局" not in browser.get(address).content.decode().partition("<table")[2]
    zone.submit(sheet, {"区乙局": "9"})
    assert address not in browser.get("/office/").content.decode()
    assert address in browser.get("/office/rounds/sheets/mine/").content.decode()
