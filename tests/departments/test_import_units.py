"""Units of every kind come in from lists as offices keep them, and go out and in without a change."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import Workbook

from departments.models import Department, DepartmentAlias, Town, UnitGroup
from departments.units.list_import import UnitPlan, import_units, preview_units
from evaluations.services import load_schemes
from office.errors import Refused
from office.models import AuditEntry
from office.roles import Role
from tests.kit.files import saved, table, uploaded
from tests.kit.people import person, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/office/import/units/"
COUNTIES = ("利州区", "昭化区", "朝天区", "苍溪县", "旺苍县", "剑阁县", "青川县", "广元经开区")
GUANGYUAN = "guangyuan-2022"
SECTIONS, UNITS = "wuyang-sections", "wuyang-units-2022"


@pytest.fixture(autouse=True)
def schemes() -> None:
    load_schemes()


def take_in(*rows: list[Any]) -> UnitPlan:
    content = table(*rows)
    found = preview_units(content=content, acting_user=None)
    assert found.faults == []
    done = import_units(
        content=content, file_name="名单.xlsx", acting_user=None, expected_digest=found.digest()
    )
    assert isinstance(done, UnitPlan)
    return done


def faults(*rows: list[Any]) -> list[tuple[int, str]]:
    found = preview_units(content=table(*rows), acting_user=None)
    return [(fault.row, fault.reason) for fault in found.faults]


def exported() -> bytes:
    answer = signed_in(Role.CENTRE_OPERATOR).get("/office/departments/department/export/")
    return b"".join(answer)


def guangyuan() -> list[list[Any]]:
    """As the city prints it: groups in rows of their own, numbers that start again, totals."""
    return [
        ["2022年“背靠背”评价对象名单", "", ""],
        ["序号", "评价对象", "备注"],
        ["一、县（区）8个", "", ""],
        *[[number, name, ""] for number, name in enumerate(COUNTIES, 1)],
        ["", "小计", ""],
        ["二、市级部门（单位）40个", "", ""],
        *[[number, f"市第{number}局", ""] for number in range(1, 41)],
        ["合计", "48", ""],
    ]


@pytest.mark.both_databases
def test_the_48_of_guangyuan_come_in_through_the_page() -> None:
    """GY-R2: eight counties and forty departments, the list as it is kept."""
    client = signed_in(Role.CENTRE_OPERATOR)
    preview = client.post(PAGE, {"file": uploaded(table(*guangyuan()))}).context["preview"]
    assert preview["rows"] == [("单位名单", [48, 0, 0, 0])]
    assert not Department.objects.exists()
    client.post(PAGE, {"digest": preview["digest"]})
    groups = dict.fromkeys(COUNTIES, ("county", "县区"))
    found = {unit.name: (unit.kind, unit.peer_group) for unit in Department.objects.all()}
    assert found == groups | {f"市第{number}局": ("department", "市级部门") for number in range(1, 41)}
    assert [unit.name for unit in Department.objects.all()][:9] == [*COUNTIES, "市第1局"]
    assert AuditEntry.objects.filter(verb="导入单位名单").count() == 1


def test_a_list_with_merged_groups_and_superior_bodies_comes_in() -> None:
    """JL-R1, JL-R11: three groups, each in a merged cell; vertical units with their superior body."""
    book = Workbook()
    sheet: Any = book.active
    for row in (
        ["序号", "类别", "单位", "上级主管部门"],
        [1, "各局（室、公司）", "经济发展局", None],
        [2, None, "建设公司", None],
        [3, "各基层单位", "北湖街道", None],
        [4, "各双管单位", "税务局", "市税务局"],
        [5, None, "公安分局", "市公安局"],
    ):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    sheet.merge_cells("B5:B6")
    content = saved(book)
    plan = preview_units(content=content, acting_user=None)
    import_units(content=content, file_name="a.xlsx", acting_user=None, expected_digest=plan.digest())
    found = {unit.name: (unit.peer_group, unit.superior) for unit in Department.objects.all()}
    kinds = dict(Department.objects.exclude(kind="department").values_list("name", "kind"))
    assert kinds == {"建设公司": "enterprise", "北湖街道": "town"}
    assert found == {
        "经济发展局": ("局室公司", ""),
        "建设公司": ("局室公司", ""),
        "北湖街道": ("基层单位", ""),
        "税务局": ("双管单位", "市税务局"),
        "公安分局": ("双管单位", "市公安局"),
    }


def test_towns_and_sections_of_wuyang_come_in() -> None:
    """WY-R8: departments by series, towns that know their town, sections that belong to a department."""
    town = Town.objects.create(name="舞泉镇")
    take_in(
        ["单位名称", "系列"],
        ["县公安局", "行政执法"],
        ["县税务局", "驻舞单位"],
        ["舞泉镇", ""],
        ["莲花镇", "乡镇"],
    )
    take_in(["单位", "科室", "系列"], ["县公安局", "户籍科", "行政审批"], ["", "交警大队", "行政执法"])
    units = {unit.name: unit for unit in Department.objects.all()}
    assert (units["县公安局"].kind, units["县公安局"].peer_group) == ("department", "行政执法")
    assert (units["舞泉镇"].kind, units["舞泉镇"].peer_group, units["舞泉镇"].town) == ("town", "乡镇", town)
    assert (units["莲花镇"].kind, units["莲花镇"].town) == ("town", None)
    section = units["县公安局交警大队"]
    assert (section.kind, section.parent, section.peer_group) == ("section", units["县公安局"], "行政执法")


def test_a_list_of_one_policy_leaves_the_groups_of_another() -> None:
    """One county runs several schemes with the same departments."""
    Department.objects.create(name="县公安局")
    plan = take_in(["单位名称", "分组"], ["县公安局", "市级部门（单位）"], ["县医保局", "市级部门"])
    unit = Department.objects.get(name="县公安局")
    assert unit.peer_group == "县直部门"
    assert [(one.scheme_id, one.group) for one in unit.groups.all()] == [(GUANGYUAN, "市级部门")]
    assert [len(plan.new), len(plan.altered)] == [1, 1]
    assert Department.objects.get(name="县医保局").peer_group == "市级部门"
    assert faults(["单位名称", "分组"], ["县公安局", "没有的组"]) == [(2, "unknown group")]


def test_a_company_among_departments_is_a_company() -> None:
    take_in(["单位名称", "分组"], ["国网供电公司", "市级部门"], ["市甲局", "市级部门"])
    found = Department.objects.values_list("name", "kind", "peer_group")
    assert set(found) == {("国网供电公司", "enterprise", "市级部门"), ("市甲局", "department", "市级部门")}


def test_a_scheme_may_be_named_in_a_column() -> None:
    Department.objects.create(name="县公安局")
    take_in(["单位名称", "评价方案", "分组"], ["县公安局", UNITS, "行政执法"])
    assert UnitGroup.objects.get().group == "行政执法"
    assert faults(
        ["单位名称", "评价方案", "分组"],
        ["县公安局", "别的方案", "行政执法"],
        ["县税务局", UNITS, "县区"],
    ) == [(2, "unknown scheme"), (3, "unknown group")]


@pytest.mark.both_databases
def test_what_is_exported_comes_in_without_a_change() -> None:
    take_in(*guangyuan())
    take_in(["单位", "科室", "系列"], ["市第1局", "户籍科", "行政审批"])
    take_in(
        ["单位名称", "单位类别", "上级主管部门", "别名", "评价方案", "分组", "在评价范围内"],
        ["市第2局", "", "省局", "二局、第二局", UNITS, "行政执法", ""],
        ["供电公司", "公共服务企业", "", "", "", "", "否"],
    )
    before = list(Department.objects.values())
    plan = preview_units(content=exported(), acting_user=None)
    assert (plan.faults, plan.changes, plan.unchanged) == ([], [], 50)
    assert list(Department.objects.values()) == before
    assert set(DepartmentAlias.objects.values_list("name", flat=True)) == {"二局", "第二局"}


def test_a_group_of_a_scheme_that_is_out_of_use_stays_in_the_round_trip() -> None:
    unit = Department.objects.create(name="县公安局")
    UnitGroup.objects.create(department=unit, scheme_id="old-2020", group="甲组")
    plan = preview_units(content=exported(), acting_user=None)
    assert (plan.faults, plan.unchanged) == ([], 1)


def test_short_forms_and_other_names_are_understood() -> None:
    unit = Department.objects.create(name="县发展和改革委员会")
    other = Department.objects.create(name="县城市管理局")
    DepartmentAlias.objects.create(department=other, name="城管执法局")
    plan = take_in(["单位名称", "上级主管部门"], ["县发改委员会", "市发改委"], ["城管执法局", "市城管局"])
    assert plan.new == []
    assert {one.name: one.superior for one in Department.objects.all()} == {
        "县发展和改革委员会": "市发改委",
        "县城市管理局": "市城管局",
    }
    assert DepartmentAlias.objects.get(name="县发改委员会").department == unit


def test_faults_are_named_by_cell_and_nothing_is_written() -> None:
    Department.objects.create(name="县公安局")
    rows = [
        ["单位名称", "单位类别", "所属单位", "别名", "在评价范围内", "机构序列"],
        ["县公安局", "", "", "", "", ""],
        ["县公安局", "", "", "", "", ""],
        ["某站", "科室", "", "", "", ""],
        ["某科", "科室", "没有的局", "", "", ""],
        ["某局", "大单位", "", "", "", ""],
        ["一号窗口", "服务窗口", "县公安局", "", "", ""],
        ["某乡", "", "", "县公安局", "", ""],
        ["某社", "", "", "", "也许", "第一"],
        ["长" * 81, "", "", "", "", ""],
        ["", "机关部门", "", "", "", ""],
        ["某所", "", "某所", "", "", ""],
    ]
    assert sorted(faults(*rows)) == [
        (3, "twice"),
        (4, "no parent"),
        (5, "unknown unit"),
        (6, "unknown kind"),
        (7, "a window"),
        (8, "taken"),
        (9, "no number"),
        (9, "yes or no"),
        (10, "too long"),
        (11, "no name"),
        (12, "wrong parent"),
    ]
    with pytest.raises(Refused):
        import_units(content=table(*rows), file_name="a.xlsx", acting_user=None)
    assert Department.objects.count() == 1


def test_a_unit_may_belong_to_one_further_down() -> None:
    take_in(["单位名称", "单位类别", "所属单位"], ["县甲局户籍科", "科室", "县甲局"], ["县甲局", "", ""])
    assert str(Department.objects.get(name="县甲局户籍科").parent) == "县甲局"


def test_a_dash_takes_a_superior_body_away_and_a_blank_leaves_it() -> None:
    Department.objects.create(name="县甲局", superior="市甲局")
    assert take_in(["单位名称", "上级主管部门"], ["县甲局", ""]).unchanged == 1
    take_in(["单位名称", "上级主管部门"], ["县甲局", "—"])
    assert Department.objects.get().superior == ""


def test_only_the_centre_imports_units() -> None:
    content = table(["单位名称"], ["县甲局"])
    for role in (Role.DEPARTMENT_OFFICER, Role.INSPECTORATE, Role.TOWN_ORGANIZER):
        assert signed_in(role).get(PAGE).status_code == 403
        with pytest.raises(Refused):
            preview_units(content=content, acting_user=person(role, f"other-{role}"))


def test_groups_are_chosen_in_the_office_by_scheme() -> None:
    unit = Department.objects.create(name="县甲局")
    client = signed_in(Role.CENTRE_OPERATOR)
    address = f"/office/departments/department/{unit.pk}/change/"
    form = {
        "name": "县甲局",
        "order": "1",
        "kind": "department",
        "peer_group": "县直部门",
        "is_active": "on",
        "groups-TOTAL_FORMS": "1",
        "groups-INITIAL_FORMS": "0",
        "aliases-TOTAL_FORMS": "0",
        "aliases-INITIAL_FORMS": "0",
        "groups-0-scheme_id": GUANGYUAN,
        "groups-0-department": str(unit.pk),
        "seen_mark": client.get(address).context["seen_mark"],
    }
    refused = client.post(address, {**form, "groups-0-group": "乡镇"})
    assert "该方案的分组有：县（区）、市级部门（单位）" in refused.content.decode()
    done = client.post(address, {**form, "groups-0-group": "市级部门（单位）"})
    assert done.status_code == 302
    assert [(one.scheme_id, one.group) for one in unit.groups.all()] == [(GUANGYUAN, "市级部门")]


def test_a_section_in_the_office_needs_a_unit_to_belong_to() -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    form = {
        "name": "某科",
        "order": "1",
        "kind": "section",
        "peer_group": "科室",
        "is_active": "on",
        "groups-TOTAL_FORMS": "0",
        "groups-INITIAL_FORMS": "0",
        "aliases-TOTAL_FORMS": "0",
        "aliases-INITIAL_FORMS": "0",
    }
    answer = client.post("/office/departments/department/add/", form)
    assert "科室须填写所属单位" in answer.content.decode()
    assert not Department.objects.exists()


def test_the_import_asks_the_database_as_often_for_any_number(django_assert_max_num_queries: Any) -> None:
    content = table(*guangyuan())
    assert io.BytesIO(content).readable()
    with django_assert_max_num_queries(8):
        preview_units(content=content, acting_user=None)
