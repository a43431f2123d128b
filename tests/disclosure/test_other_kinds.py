"""Towns, counties, zones, enterprises, sections and windows show no identity and no duties."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from departments.models import Department, DepartmentAlias, Section, StaffMember
from departments.roster.annexes import take_annexes
from departments.roster.services import preview_roster
from disclosure.approval.services import publish_first_versions
from disclosure.site import shown
from office.errors import Refused
from office.models import User
from office.roles import Role
from office.workbench.start_page import reminders_and_panels
from tests.kit.files import small
from tests.kit.people import signed_in

pytestmark = pytest.mark.django_db
PUBLIC = ("/", "/departments/", "/search/?q=甲", "/search/?q=xj")
KINDS = ("town", "county", "zone", "enterprise", "section", "window")


def unit_with_people(name: str, kind: str) -> Department:
    unit = Department.objects.create(name=name, kind=kind, order=1)
    section = Section.objects.create(department=unit, name="甲科")
    StaffMember.objects.create(department=unit, section=section, name=f"甲{kind}", kind="staff")
    return unit


@pytest.fixture
def department() -> Department:
    return unit_with_people("县甲局", "department")


def the_others() -> list[Department]:
    return [unit_with_people(f"甲{kind}处", kind) for kind in KINDS]


def what_the_public_sees() -> list[str]:
    pages = [Client().get(address) for address in PUBLIC]
    assert {page.status_code for page in pages} == {200}
    return [page.content.decode() for page in pages]


def what_the_office_sees(client: Client) -> list[object]:
    overview = client.get(reverse("review:overview"))
    rows = [row.department.name for row in overview.context["rows"]]
    annexes = [one.department.name for one in take_annexes(department_id=None, acting_user=None)]
    return [rows, annexes, reminders_and_panels(User.objects.get(role=Role.CENTRE_OPERATOR))]


def test_public_pages_searches_annexes_and_reminders_stay_as_they_are(department: Department) -> None:
    """YC-R1: units of other kinds change nothing of what 三亮 shows."""
    publish_first_versions(acting_user=None, now=timezone.now())
    client = signed_in(Role.CENTRE_OPERATOR)
    before, inside = what_the_public_sees(), what_the_office_sees(client)
    others = the_others()
    assert what_the_public_sees() == before
    assert what_the_office_sees(client) == inside
    assert [each.department for each in shown.county()] == [department]
    for unit in others:
        assert Client().get(f"/departments/{unit.pk}/").status_code == 404
        assert client.get(reverse("review:department", args=[unit.pk])).status_code == 404


def test_only_departments_are_published_first(department: Department) -> None:
    the_others()
    assert publish_first_versions(acting_user=None, now=timezone.now()) == 1
    with pytest.raises(Refused):
        publish_first_versions(acting_user=None, now=timezone.now())


def test_somebody_of_another_kind_of_unit_has_nothing_to_disclose() -> None:
    unit = unit_with_people("县供电公司", "enterprise")
    client = signed_in(Role.DEPARTMENT_OFFICER, unit)
    assert "提交公示内容" not in client.get("/office/").content.decode()
    answer = client.get(reverse("review:overview"), follow=True)
    assert "不公示身份和职责" in answer.content.decode()


def test_a_roster_finds_its_department_beside_windows_and_sections_of_like_names() -> None:
    unit = Department.objects.create(name="县交通警察大队")
    other = Department.objects.create(name="县公安局交通警察大队", kind="section", parent=unit)
    DepartmentAlias.objects.create(department=other, name="交管大队")
    plan = preview_roster(
        content=small([["交警大队", "办公室", "张三", "", "工作人员", "", "", ""]]), acting_user=None
    )
    assert plan.faults == []
    assert any("认作“县交通警察大队”" in note for note in plan.notes)
