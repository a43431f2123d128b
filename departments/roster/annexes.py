"""Annex 1 (who works where; YC-R1) and annex 2 (duty sheets; YC-R2), line by line as they are printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from departments.access import own_department
from departments.models import Department, Section, ServiceItem, StaffMember
from departments.names.wording import LEADERS
from departments.queries import departments_in_scope
from office import audit, roles
from office.errors import Refused
from office.models import User


@dataclass(frozen=True)
class PersonLine:
    """One person of annex 1."""

    number: int
    name: str
    post: str
    kind: str
    supervises: str
    office_phone: str
    note: str


@dataclass(frozen=True)
class SectionLines:
    """One section: its people for annex 1, its duties for annex 2."""

    section: Section
    people: list[PersonLine]
    items: list[ServiceItem]

    @property
    def has_duties(self) -> bool:
        """Return whether annex 2 lists it: every section but the one that holds the leaders."""
        written = (self.section.responsibilities, self.section.work_rules, self.section.service_words)
        return not self.section.is_leadership or bool(self.items) or any(written)


@dataclass
class DepartmentLines:
    """One department as both annexes show it."""

    department: Department
    sections: list[SectionLines] = field(default_factory=list)

    @property
    def staffed(self) -> list[SectionLines]:
        return [lines for lines in self.sections if lines.people]

    @property
    def on_duty(self) -> list[SectionLines]:
        return [lines for lines in self.sections if lines.has_duties]

    @property
    def headcount(self) -> int:
        return sum(len(lines.people) for lines in self.sections)


def departments_open_to(user: User) -> QuerySet[Department]:
    own = own_department(user)
    return departments_in_scope() if own is None else departments_in_scope().filter(pk=own)


def take_annexes(*, department_id: int | None, acting_user: User | None) -> list[DepartmentLines]:
    """Return the annexes of one department or of all, and record that they left.

    They show the working copy, people the public does not see included: the workbook is the office's own
    and comes back through the import. What is posted shows what is published: `disclosure.posting`.
    """
    if acting_user is not None:
        roles.require(acting_user, "roster.view")
    units = departments_in_scope() if acting_user is None else departments_open_to(acting_user)
    if department_id is not None:
        units = units.filter(pk=department_id)
    with transaction.atomic():
        found = annex_lines(units)
        if not found:
            raise Refused("没有可以导出的单位", "请先导入人员名册，或核对所选单位。")
        label = found[0].department if department_id is not None else Department(name="全部单位")
        told = {
            "内容": "附件1、附件2",
            "格式": "工作簿",
            "人数": sum(lines.headcount for lines in found),
        }
        audit.record("导出", label, acting_user=acting_user, after=told)
    return found


def annex_lines(departments: Iterable[Department]) -> list[DepartmentLines]:
    """Gather the lines in 机构序列 order; four queries, whatever the number of departments."""
    units = {unit.pk: DepartmentLines(unit) for unit in departments}
    people = StaffMember.objects.filter(left_on=None, department__in=units).order_by("order", "id")
    sections = (
        Section.objects.filter(department__in=units)
        .prefetch_related(
            Prefetch("staff", queryset=people),
            Prefetch("items", queryset=ServiceItem.objects.order_by("order", "id")),
        )
        .order_by("order", "id")
    )
    found = list(sections)
    supervised: dict[int, list[str]] = {}
    for section in found:
        if section.supervising_leader_id:
            supervised.setdefault(section.supervising_leader_id, []).append(section.name)
    for section in found:
        units[section.department_id].sections.append(SectionLines(section, [], list(section.items.all())))
    number = 0
    for unit in units.values():
        for lines in unit.sections:
            for person in lines.section.staff.all():
                number += 1
                lines.people.append(_line(number, person, supervised.get(person.pk, [])))
    return list(units.values())


def _line(number: int, person: StaffMember, supervised: list[str]) -> PersonLine:
    return PersonLine(
        number=number,
        name=person.name,
        post=person.post,
        kind=person.get_kind_display(),
        supervises="、".join(supervised) if person.kind in LEADERS else "",
        office_phone=person.office_phone,
        note=person.note,
    )
