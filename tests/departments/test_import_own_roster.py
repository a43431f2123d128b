"""A department imports its own roster, and nothing of any other (YC-R1, YC-R2)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from departments.models import Department, DepartmentAlias, Membership, Section, ServiceItem, StaffMember
from departments.roster.services import import_roster, preview_roster
from office.errors import Refused
from office.models import AuditEntry, User
from office.roles import Role
from tests.kit.files import ROSTER, small, uploaded
from tests.kit.people import person, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/office/import/own-roster/"
MINE = ["县试验局", "审批科", "丁四", "主任科员", "科员"]
NEW = ["县试验局", "审批科", "戊五", "科员", "科员"]
THEIRS = ["县别处局", "审批科", "己六", "科员", "科员"]
UNHEARD = ["县无此局", "审批科", "庚七", "科员", "科员"]
DUTY = ["县试验局", "审批科", "受理。", "首问负责制", "许可", "受理→决定", "5个工作日", "您好"]


@pytest.fixture
def mine() -> Department:
    """A department with one person, beside another."""
    for name in ("县试验局", "县别处局"):
        unit = Department.objects.create(name=name)
        section = Section.objects.create(department=unit, name="审批科")
        StaffMember.objects.create(department=unit, section=section, name="丁四", kind="staff", post="科员")
    return Department.objects.get(name="县试验局")


def rows() -> list[Any]:
    models = (Department, DepartmentAlias, Section, StaffMember, ServiceItem)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def working_at(unit: Department) -> User:
    officer = person(Role.DEPARTMENT_OFFICER)
    Membership.objects.create(user=officer, department=unit)
    return officer


def upload(client: Client, content: bytes) -> Any:
    return client.post(PAGE, {"file": uploaded(content)})


def test_a_department_imports_its_own_roster_exactly_as_previewed(mine: Department) -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER, mine)
    assert reverse("import-own-roster") in client.get("/office/").content.decode()
    theirs = list(StaffMember.objects.exclude(department=mine).values())
    answer = upload(client, small([MINE, NEW], [DUTY]))
    assert answer.status_code == 200
    assert "单位名单以外的单位" not in answer.content.decode()
    assert StaffMember.objects.count() == 2
    said = client.post(PAGE, {"digest": answer.context["preview"]["digest"]}, follow=True).content.decode()
    assert "名册已导入：人员新增 1，变更 1，未变 0。下一步：在“公示身份和职责”中提交审核。" in said
    assert set(mine.staff.values_list("name", "post")) == {("丁四", "主任科员"), ("戊五", "科员")}
    assert list(ServiceItem.objects.values_list("section__department__name", "name")) == [
        ("县试验局", "许可")
    ]
    assert list(StaffMember.objects.exclude(department=mine).values()) == theirs
    entry = AuditEntry.objects.get(verb="导入名册")
    assert (entry.object_label, entry.after["人员"]["新增"]) == ("县试验局", 1)


def test_rows_of_other_departments_are_refused_alike_known_or_not(mine: Department) -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER, mine)
    DepartmentAlias.objects.create(department=Department.objects.get(name="县别处局"), name="县别局")
    before = rows()
    answer = upload(client, small([MINE, THEIRS, UNHEARD, ["县别局", *THEIRS[1:]]]))
    text = answer.content.decode()
    for name in ("县别处局", "县无此局", "县别局"):
        assert f"“{name}”不是本单位（县试验局），请删去其他单位的内容。" in text
    assert "按预览导入" not in text
    digest = answer.context["preview"]["digest"]
    assert [cell for row in answer.context["preview"]["rows"] for cell in row[1]][:4] == [0, 0, 1, 0]
    marked = load_workbook(io.BytesIO(client.post(PAGE, {"marked": digest}).content))["附件1"]
    assert {c.coordinate for row in marked.iter_rows() for c in row if c.comment} == {"B4", "B5", "B6"}
    assert "需要更正" in client.post(PAGE, {"digest": digest}).content.decode()
    assert rows() == before


def test_a_short_name_is_ones_own_only_if_no_other_department_bears_it(mine: Department) -> None:
    """It is understood and not stored: the centre keeps the names."""
    officer = working_at(mine)
    Department.objects.filter(pk=mine.pk).update(name="县自然资源和规划局")
    content = small([["县规划局", *NEW[1:]]])
    plan = import_roster(content=content, file_name="名册.xlsx", acting_user=officer)
    assert plan.counts()["人员"]["新增"] == 1
    assert not DepartmentAlias.objects.exists()
    Department.objects.filter(name="县别处局").update(name="县规划局")
    faults = preview_roster(content=content, acting_user=officer).faults
    assert ["不是本单位" in str(fault) for fault in faults] == [True]


def test_what_a_department_exports_of_itself_comes_back_unchanged() -> None:
    import_roster(content=ROSTER.read_bytes(), file_name="名册.xlsx", acting_user=None)
    unit = Department.objects.get(name="县工业和信息化局")
    client = signed_in(Role.DEPARTMENT_OFFICER, unit)
    answer = client.get(reverse("export-annexes"), {"department": "", "form": "xlsx"})
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    before = rows()
    text = upload(client, content).content.decode()
    assert "与系统中的数据一致，没有需要导入的内容。" in text
    assert "需要更正" not in text
    assert "名单中未出现</th>" in text
    assert rows() == before


@pytest.mark.parametrize("role", [Role.DEPARTMENT_REVIEWER, Role.TOWN_ORGANIZER, Role.INSPECTORATE])
def test_nobody_else_gets_the_page_and_no_department_gets_the_centres(role: Role, mine: Department) -> None:
    unit = mine if role == Role.DEPARTMENT_REVIEWER else None
    assert signed_in(role, unit).get(PAGE).status_code == 403
    assert signed_in(Role.DEPARTMENT_OFFICER, mine).get(reverse("import-roster")).status_code == 403


def test_who_belongs_nowhere_imports_nothing(mine: Department) -> None:
    with pytest.raises(Refused, match="没有所属单位"):
        preview_roster(content=small([MINE]), acting_user=person(Role.DEPARTMENT_OFFICER))
