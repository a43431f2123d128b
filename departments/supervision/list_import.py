"""Importing who supervises which section (分管负责人): department, section, name of the leader.

Annex 1 says the same in its column 分管科室; this workbook is for changes of it alone, and is what the
list of sections gives when it is taken out.
"""

from __future__ import annotations

from functools import partial

from departments.models import Department, DepartmentAlias, Section, StaffMember
from departments.names.wording import LEADERS, person_name, plain, short_form_of
from office.imports import short_lists
from office.imports.short_lists import ListKind, Plan
from office.workbooks.sheets import Fault, ReportProgress
from office.workbooks.tables import Row, Table

HEADINGS = {
    "department": ("单位", "部门", "单位名称", "部门名称"),
    "section": ("科（室）", "科室", "股室", "科（室）名称", "科室名称"),
    "leader": ("分管负责人", "分管领导", "分管副职"),
}
MOST_ROWS = 5000
NOBODY = ("", "—", "-", "无")

# Sections that get a leader are new, those that change theirs altered; a blank cell leaves what is stored.
SupervisionPlan = Plan[Section]


class _Stored:
    """Sections and leaders as the database knows them: four queries."""

    def __init__(self) -> None:
        units = {unit.pk: unit for unit in Department.objects.all()}
        self.units = {plain(unit.name): unit for unit in units.values()}
        for alias in DepartmentAlias.objects.all():
            self.units.setdefault(plain(alias.name), units[alias.department_id])
        self.sections = {
            (section.department_id, plain(section.name)): section
            for section in Section.objects.select_related("department", "supervising_leader")
        }
        self.leaders: dict[tuple[int, str], list[StaffMember]] = {}
        for person in StaffMember.objects.filter(left_on=None, kind__in=LEADERS).order_by("id"):
            self.leaders.setdefault((person.department_id, person_name(person.name)), []).append(person)

    def unit(self, name: str) -> Department | None:
        return self.units.get(name) or self.units.get(short_form_of(name, self.units) or "")


def _compare(table: Table, progress: ReportProgress) -> SupervisionPlan:
    plan: SupervisionPlan = Plan()
    stored = _Stored()
    seen: dict[int, int] = {}
    department = ""
    for row in table.rows(progress):
        if row.is_blank() or table.leaves_out(row) or plain(row.own["section"]) in HEADINGS["section"]:
            continue
        department = plain(row.shown["department"]) or department
        if row.faults:
            plan.faults += row.faults
            continue
        found = _section(table, row, department, stored, seen)
        if isinstance(found, Fault):
            plan.faults.append(found)
        else:
            _settle(plan, table, row, found, stored)
    return plan


def _section(
    table: Table, row: Row, department: str, stored: _Stored, seen: dict[int, int]
) -> Section | Fault:
    unit = stored.unit(department)
    if unit is None:
        text = f"单位名单中没有“{department[:40]}”，请核对名称。" if department else "单位空白，请补填。"
        return table.fault(row.number, "department", "unknown department", text)
    name = plain(row.shown["section"])
    section = stored.sections.get((unit.pk, name))
    if section is None:
        text = f"{unit}没有“{name[:40]}”这个科（室），请核对名称。" if name else "科（室）空白，请补填。"
        return table.fault(row.number, "section", "unknown section", text)
    first = seen.setdefault(section.pk, row.number)
    if first != row.number:
        text = f"该科（室）在第{first}行已经出现，请删去一行。"
        return table.fault(row.number, "section", "section twice", text)
    return section


def _settle(plan: SupervisionPlan, table: Table, row: Row, section: Section, stored: _Stored) -> None:
    name = person_name(row.shown["leader"])
    before = section.supervising_leader
    if name in NOBODY or (before is not None and person_name(before.name) == name):
        plan.unchanged += 1
        return
    found = stored.leaders.get((section.department_id, name), [])
    if len(found) != 1:
        text = (
            f"{section.department}有 {len(found)} 位负责人叫“{name[:40]}”，请在科（室）页面逐一选定。"
            if found
            else f"{section.department}的在职负责人中没有“{name[:40]}”，请核对姓名和人员类别。"
        )
        plan.faults.append(table.fault(row.number, "leader", "unknown leader", text))
        return
    section.supervising_leader = found[0]
    (plan.altered if before else plan.new).append(section)
    verb, was = ("变更", f"，原为{before.name}") if before else ("新增", "")
    plan.changes.append(f"{verb} {section}：{found[0].name}分管{was}")


def _write(plan: SupervisionPlan) -> None:
    Section.objects.bulk_update([*plan.new, *plan.altered], ["supervising_leader"], batch_size=200)


SUPERVISION = ListKind(
    what="分管负责人",
    action="roster.import",
    headings=HEADINGS,
    needed=("department", "section", "leader"),
    limit=MOST_ROWS,
    compared=(Department, DepartmentAlias, Section, StaffMember),  # a roster's import locks the first, too
    compare=_compare,
    write=_write,
    subject=lambda _, file_name: Department(name=file_name),
)
preview_supervision = partial(short_lists.preview_list, SUPERVISION)
import_supervision = partial(short_lists.import_list, SUPERVISION)
