"""Halls and service windows: kept with their units, brought in from a workbook, seen by their departments."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import ProtectedError

from departments.models import Department, Hall, Window
from departments.windows import services
from departments.windows.list_import import import_windows, preview_windows
from office.errors import Refused
from office.models import AuditEntry
from office.roles import Role
from tests.kit.files import table, uploaded
from tests.kit.people import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/office/import/windows/"
LIST = "/office/departments/window/"
HEAD = ["办事大厅", "窗口号", "窗口名称", "进驻单位", "办理事项", "在用"]


@pytest.fixture(autouse=True)
def departments() -> list[Department]:
    return [
        Department.objects.create(name=name, order=order)
        for order, name in enumerate(("县公安局", "县税务局"))
    ]


def take_in(*rows: list[Any]) -> None:
    content = table(HEAD, *rows)
    plan = preview_windows(content=content, acting_user=None)
    assert plan.faults == []
    import_windows(content=content, file_name="窗口.xlsx", acting_user=None, expected_digest=plan.digest())


def faults(*rows: list[Any]) -> list[tuple[int, str]]:
    found = preview_windows(content=table(HEAD, *rows), acting_user=None)
    return [(fault.row, fault.reason) for fault in found.faults]


@pytest.mark.both_databases
def test_windows_come_in_through_the_page_each_with_its_unit() -> None:
    """WY-R9"""
    client = signed_in(Role.CENTRE_OPERATOR)
    rows = (
        ["政务服务大厅", "3号窗口", "户籍", "县公安局", "落户\n迁移", ""],
        ["", 4, "办税", "税务局", "", "是"],
        ["合计", "2个", "", "", "", ""],
    )
    content = table(["全县服务窗口一览表"], HEAD, *rows)
    preview = client.post(PAGE, {"file": uploaded(content)}).context["preview"]
    assert preview["rows"] == [("服务窗口", [2, 0, 0, 0])]
    assert "新增办事大厅“政务服务大厅”，导入后请补充地址和办公时间。" in preview["notes"]
    client.post(PAGE, {"digest": preview["digest"]})
    units = {
        one.name: (one.kind, one.peer_group, str(one.parent))
        for one in Department.objects.filter(kind="window")
    }
    assert units == {
        "政务服务大厅3号窗口（户籍）": ("window", "服务窗口", "县公安局"),
        "政务服务大厅4号窗口（办税）": ("window", "服务窗口", "县税务局"),
    }
    assert Window.objects.get(number="3").matters == "落户\n迁移"
    assert AuditEntry.objects.filter(verb="导入服务窗口").count() == 1


@pytest.mark.both_databases
def test_what_is_exported_comes_in_without_a_change() -> None:
    take_in(
        ["政务服务大厅", "A12", "户籍", "县公安局", "落户\n迁移", "是"],
        ["政务服务大厅", "综合窗口", "综合", "县税务局", "", "否"],
    )
    content = b"".join(signed_in(Role.CENTRE_OPERATOR).get(f"{LIST}export/"))
    plan = preview_windows(content=content, acting_user=None)
    assert (plan.faults, plan.changes, plan.unchanged) == ([], [], 2)


def test_a_window_that_changes_changes_its_unit() -> None:
    take_in(["政务服务大厅", "3", "户籍", "县公安局", "", ""])
    unit = Window.objects.get().unit
    take_in(["政务服务大厅", "3号", "出入境", "县税务局", "", "否"])
    unit.refresh_from_db()
    assert (unit.name, str(unit.parent), unit.is_active) == (
        "政务服务大厅3号窗口（出入境）",
        "县税务局",
        False,
    )
    assert Department.objects.filter(kind="window").count() == 1


def test_faults_are_named_by_cell_and_nothing_is_written() -> None:
    rows = [
        ["政务服务大厅", "1", "户籍", "县公安局", "", ""],
        ["政务服务大厅", "1号", "户籍", "县公安局", "", ""],
        ["政务服务大厅", "", "户籍", "县公安局", "", ""],
        ["政务服务大厅", "2", "", "县公安局", "", ""],
        ["政务服务大厅", "3", "户籍", "", "", ""],
        ["政务服务大厅", "4", "户籍", "没有的局", "", ""],
        ["政务服务大厅", "5", "户籍", "县公安局", "", "也许"],
        ["政务服务大厅", "6", "长" * 41, "县公安局", "", ""],
        ["厅" * 60, "123456789012", "很长的窗口名称", "县公安局", "", ""],
    ]
    assert faults(*rows) == [
        (3, "twice"),
        (4, "blank"),
        (5, "blank"),
        (6, "blank"),
        (7, "unknown unit"),
        (8, "yes or no"),
        (9, "too long"),
        (10, "too long"),
    ]
    with pytest.raises(Refused):
        import_windows(content=table(HEAD, *rows), file_name="a.xlsx", acting_user=None)
    assert not Hall.objects.exists()


def test_a_window_kept_in_the_office_has_its_unit_and_is_not_deleted(departments: list[Department]) -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    hall = Hall.objects.create(name="政务服务大厅")
    form = {
        "hall": hall.pk,
        "number": "3",
        "name": "户籍",
        "department": departments[0].pk,
        "is_active": "on",
    }
    assert client.post(f"{LIST}add/", form).status_code == 302
    window = Window.objects.get()
    assert (window.unit.name, window.unit.kind) == ("政务服务大厅3号窗口（户籍）", "window")
    assert "已有这一窗口号" in client.post(f"{LIST}add/", form).content.decode()
    assert client.post(f"{LIST}{window.pk}/delete/", {"post": "yes"}).status_code == 403
    with pytest.raises(ProtectedError):
        window.unit.delete()
    entry = AuditEntry.objects.get(verb="新增", after__has_key="窗口号")
    assert entry.after["窗口号"] == "3"


def test_a_hall_that_is_renamed_renames_its_windows() -> None:
    take_in(["政务服务大厅", "3", "户籍", "县公安局", "", ""])
    client = signed_in(Role.CENTRE_OPERATOR)
    hall = Hall.objects.get()
    address = f"/office/departments/hall/{hall.pk}/change/"
    mark = client.get(address).context["seen_mark"]
    form = {"name": "便民服务中心", "order": "1", "hours": "9:00—17:00", "seen_mark": mark}
    assert client.post(address, form).status_code == 302
    assert Window.objects.get().unit.name == "便民服务中心3号窗口（户籍）"


def test_a_window_whose_unit_cannot_bear_its_name_is_refused(departments: list[Department]) -> None:
    hall = Hall.objects.create(name="政务服务大厅")
    Department.objects.create(name="政务服务大厅3号窗口（户籍）")
    with pytest.raises(Refused, match="已有单位叫"):
        services.keep(Window(hall=hall, number="3", name="户籍", department=departments[0]))
    assert not Window.objects.exists()


def test_department_people_see_their_own_windows() -> None:
    take_in(
        ["政务服务大厅", "3", "户籍", "县公安局", "", ""], ["政务服务大厅", "4", "办税", "县税务局", "", ""]
    )
    client = signed_in(Role.DEPARTMENT_OFFICER, Department.objects.get(name="县公安局"))
    listed = client.get(LIST).context["cl"].queryset
    assert [one.name for one in listed] == ["户籍"]
    units = client.get("/office/departments/department/").context["cl"].queryset
    assert {one.name for one in units} == {"县公安局", "政务服务大厅3号窗口（户籍）"}
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
