"""Who supervises which section, brought in by itself; the list of sections goes round without a change."""

from __future__ import annotations

import pytest

from departments.models import Department, DepartmentAlias, Section, StaffMember
from departments.roster.services import preview_roster
from departments.supervision.list_import import import_supervision, preview_supervision
from office.errors import Refused
from office.models import AuditEntry
from office.roles import Role
from tests.kit.files import table, uploaded
from tests.kit.people import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/office/import/supervision/"


@pytest.fixture(autouse=True)
def county() -> dict[str, StaffMember]:
    people = {}
    for unit_name, names in (("县甲局", ("王一", "李二")), ("县乙局", ("赵三",))):
        unit = Department.objects.create(name=unit_name)
        board = Section.objects.create(department=unit, name="局领导", is_leadership=True)
        for name in names:
            people[name] = StaffMember.objects.create(
                department=unit, section=board, name=name, kind="supervising_leader"
            )
        for name in ("审批科", "执法科"):
            Section.objects.create(department=unit, name=name)
    section = Section.objects.get(department__name="县甲局", name="执法科")
    StaffMember.objects.create(department=section.department, section=section, name="科员", kind="staff")
    section.supervising_leader = people["王一"]
    section.save()
    return people


def workbook(*rows: list[str]) -> bytes:
    return table(["分管负责人名单"], ["单位", "科（室）", "分管负责人"], *rows)


def leaders() -> dict[str, str]:
    return {
        str(section): section.supervising_leader.name
        for section in Section.objects.select_related("department", "supervising_leader")
        if section.supervising_leader
    }


@pytest.mark.both_databases
def test_what_is_previewed_is_imported_through_the_page() -> None:
    """YC-R2"""
    DepartmentAlias.objects.create(department=Department.objects.get(name="县乙局"), name="乙字局")
    client = signed_in(Role.CENTRE_OPERATOR)
    rows = (
        ["县甲局", "审批 科", "李　二"],
        ["", "执法科", "李二"],
        ["乙字局", "审批科", "赵三"],
        ["", "执法科", ""],
    )
    answer = client.post(PAGE, {"file": uploaded(workbook(*rows))})
    preview = answer.context["preview"]
    assert preview["rows"] == [("分管负责人", [2, 1, 1, 0])]
    assert "变更 县甲局 执法科：李二分管，原为王一" in preview["changes"]
    assert leaders() == {"县甲局 执法科": "王一"}
    done = client.post(PAGE, {"digest": preview["digest"]}, follow=True)
    assert "分管负责人已导入：新增 2，变更 1，未变 1。" in done.content.decode()
    assert leaders() == {"县甲局 审批科": "李二", "县甲局 执法科": "李二", "县乙局 审批科": "赵三"}
    assert AuditEntry.objects.filter(verb="导入分管负责人").count() == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["县丙局", "审批科", "王一"], "unknown department"),
        (["县甲局", "财务科", "王一"], "unknown section"),
        (["县甲局", "审批科", "赵三"], "unknown leader"),
        (["县甲局", "审批科", "科员"], "unknown leader"),
    ],
)
def test_an_unknown_name_is_a_fault_and_nothing_is_written(row: list[str], reason: str) -> None:
    content = workbook(["县乙局", "审批科", "赵三"], row)
    plan = preview_supervision(content=content, acting_user=None)
    assert [(fault.row, fault.reason) for fault in plan.faults] == [(4, reason)]
    with pytest.raises(Refused, match="1 处需要更正"):
        import_supervision(content=content, file_name="x", acting_user=None)
    assert leaders() == {"县甲局 执法科": "王一"}


def test_a_section_twice_is_a_fault() -> None:
    plan = preview_supervision(
        content=workbook(["县甲局", "审批科", "王一"], ["县甲局", "审批科", "李二"]), acting_user=None
    )
    assert [fault.reason for fault in plan.faults] == ["section twice"]


@pytest.mark.both_databases
def test_a_change_between_comparing_and_writing_stops_the_import() -> None:
    """Comparing happens before the transaction, so that voters need not wait for it."""
    section = Section.objects.filter(name="执法科", department__name="县甲局")

    def step(done: int, total: int, message: str = "") -> None:
        section.update(name="执法大队", supervising_leader=None)

    with pytest.raises(Refused, match="请重新预览"):
        import_supervision(
            content=workbook(["县甲局", "执法科", "李二"]), file_name="x", acting_user=None, progress=step
        )
    assert leaders() == {}
    assert not AuditEntry.objects.exists()


def test_importing_the_exported_sections_changes_nothing() -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    content = client.get("/office/departments/section/export/").getvalue()
    plan = preview_supervision(content=content, acting_user=None)
    assert plan.faults == []
    assert (plan.altered, plan.unchanged) == ([], Section.objects.count())
    with pytest.raises(Refused, match="没有找到附件1"):  # its counts are no matters of annex 2
        preview_roster(content=content, acting_user=None)
