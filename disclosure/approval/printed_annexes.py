"""Annex 1 and annex 2 for posting: what the public is shown, so that the wall says what the site says.

The workbook of the same annexes is the office's own: it shows the working copy and comes back through
the import (`departments.annexes`).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from departments.models import Department, Section, ServiceItem
from departments.names.wording import LEADERS
from departments.roster.annexes import DepartmentLines, PersonLine, SectionLines, departments_open_to
from disclosure.site import shown as published
from office import audit, roles
from office.errors import Refused
from office.models import User


def take_for_posting(*, department_id: int | None, acting_user: User) -> list[DepartmentLines]:
    """Return what is published of one department or of all, and record that it left (YC-R1, YC-R2)."""
    roles.require(acting_user, "roster.view")
    open_to_user = set(departments_open_to(acting_user).values_list("pk", flat=True))
    wanted = open_to_user if department_id is None else open_to_user & {department_id}
    units = [unit for unit in published.county() if unit.department.pk in wanted and unit.desks]
    if not units:
        raise Refused("所选单位的身份和职责还没有公布", "请先在“公示身份和职责”中公布，再导出张贴。")
    found = list(_lines(units))
    with transaction.atomic():
        label = found[0].department if department_id is not None else Department(name="全部单位")
        headcount = sum(lines.headcount for lines in found)
        told = {"内容": "附件1、附件2（已公布的内容）", "格式": "PDF", "人数": headcount}
        audit.record("导出", label, acting_user=acting_user, after=told)
    return found


def _lines(units: list[published.Unit]) -> Iterator[DepartmentLines]:
    number = 0
    for unit in units:
        lines = DepartmentLines(unit.department)
        for desk in unit.desks:
            lines.sections.append(_section(desk))
            for person in desk.people:
                number += 1
                lines.sections[-1].people.append(_person(number, person, unit))
        yield lines


def _section(desk: published.Desk) -> SectionLines:
    section = Section(
        department=desk.unit,
        name=desk.name,
        is_leadership=desk.is_leadership,
        responsibilities=desk.responsibilities,
        work_rules=desk.work_rules,
        service_words=desk.service_words,
    )
    items = [
        ServiceItem(name=item.name, procedure=item.procedure, time_limit=item.time_limit)
        for item in desk.items
    ]
    return SectionLines(section, [], items)


def _person(number: int, person: published.Person, unit: published.Unit) -> PersonLine:
    led = [desk.name for desk in unit.desks if desk.leader_pk == person.pk]
    return PersonLine(
        number=number,
        name=person.name,
        post=person.post,
        kind=person.get_kind_display,
        supervises="、".join(led) if person.kind in LEADERS else "",
        office_phone="",
        note="",
    )
