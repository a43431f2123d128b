"""Annex 1 and annex 2 for posting: they show exactly what the public site shows.

The workbook of the same annexes is for the office: it holds the working copy and can be imported again
(`departments.roster.annexes`).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from departments.models import Department, Section, ServiceItem
from departments.names.wording import LEADERS
from departments.roster.annexes import DepartmentLines, PersonLine, SectionLines, departments_open_to
from disclosure.site import shown
from office import audit, roles
from office.errors import Refused
from office.models import User

FORMS = {"pdf": "PDF", "docx": "Word 文档"}


def take_for_posting(
    *, department_id: int | None, acting_user: User, form: str = "pdf"
) -> list[DepartmentLines]:
    """Return what is published of one department or of all; the export is audited (YC-R1, YC-R2)."""
    roles.require(acting_user, "roster.view")
    open_to_user = set(departments_open_to(acting_user).values_list("pk", flat=True))
    wanted = open_to_user if department_id is None else open_to_user & {department_id}
    published = [each for each in shown.county() if each.department.pk in wanted and each.sections]
    if not published:
        raise Refused("所选单位的身份和职责还没有公布", "请先在“公示身份和职责”中公布，再导出张贴。")
    found = list(_lines(published))
    with transaction.atomic():
        label = found[0].department if department_id is not None else Department(name="全部单位")
        headcount = sum(lines.headcount for lines in found)
        told = {"内容": "附件1、附件2（已公布的内容）", "格式": FORMS[form], "人数": headcount}
        audit.record("导出", label, acting_user=acting_user, after=told)
    return found


def _lines(published: list[shown.ShownDepartment]) -> Iterator[DepartmentLines]:
    number = 0
    for department in published:
        lines = DepartmentLines(department.department)
        for section in department.sections:
            lines.sections.append(_section(section))
            for person in section.people:
                number += 1
                lines.sections[-1].people.append(_person(number, person, department))
        yield lines


def _section(shown_section: shown.ShownSection) -> SectionLines:
    section = Section(
        department=shown_section.department,
        name=shown_section.name,
        is_leadership=shown_section.is_leadership,
        responsibilities=shown_section.responsibilities,
        work_rules=shown_section.work_rules,
        service_words=shown_section.service_words,
    )
    items = [
        ServiceItem(name=item.name, procedure=item.procedure, time_limit=item.time_limit)
        for item in shown_section.items
    ]
    return SectionLines(section, [], items)


def _person(number: int, person: shown.Person, department: shown.ShownDepartment) -> PersonLine:
    led = [section.name for section in department.sections if section.leader_pk == person.pk]
    return PersonLine(
        number=number,
        name=person.name,
        post=person.post,
        kind=person.get_kind_display,
        supervises="、".join(led) if person.kind in LEADERS else "",
        office_phone="",
        note="",
    )
