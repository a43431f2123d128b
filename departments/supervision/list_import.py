"""Importing who supervises which section (分管负责人): department, section, name of the leader.

Annex 1 says the same in its column 分管科室; this workbook is for changes of it alone, and is what the
list of sections gives when it is taken out.
"""

from __future__ import annotations

from django.db import transaction

from departments.models import Department, DepartmentAlias, Section, StaffMember
from departments.names.wording import LEADERS, is_total, plain, short_form_of
from office import audit, roles
from office.errors import Refused
from office.imports import short_lists
from office.imports.short_lists import Plan
from office.imports.unchanged import require_same, standing
from office.models import User
from office.workbooks.sheets import Fault, Step, digest, silently
from office.workbooks.tables import Row, Table

HEADINGS = {
    "department": ("单位", "部门", "单位名称", "部门名称"),
    "section": ("科（室）", "科室", "股室", "科（室）名称", "科室名称"),
    "leader": ("分管负责人", "分管领导", "分管副职"),
}
NEEDED = ("department", "section", "leader")
MOST_ROWS = 5000
NOBODY = ("", "—", "-", "无")
COMPARED = (Department, DepartmentAlias, Section, StaffMember)

# Sections that get a leader are new, those that change theirs altered; a blank cell leaves what is stored.
SupervisionPlan = Plan[Section]


def preview_supervision(
    *, content: bytes, acting_user: User | None, step: Step = silently
) -> SupervisionPlan:
    """Say what importing these leaders would do; write nothing."""
    _require(acting_user)
    return _plan(_table(content), step)


def import_supervision(
    *,
    content: bytes,
    file_name: str,
    acting_user: User | None,
    expected_digest: str | None = None,
    step: Step = silently,
) -> SupervisionPlan:
    """Import supervising leaders: all of them, or nothing and the list of faults.

    They are read and compared before the transaction, which holds the one writer of SQLite for the writing.
    """
    _require(acting_user)
    table = _table(content)
    compared = standing(*COMPARED)
    plan = _plan(table, step)
    plan.require_faultless()
    if not plan.writes:  # nothing can differ from what was previewed
        return plan
    plan.require_previewed(expected_digest)
    changed = [*plan.new, *plan.altered]
    step(len(changed), len(changed), "正在写入")
    with transaction.atomic():
        # Whoever imports a roster at this moment waits here, or is waited for.
        list(Department.objects.select_for_update().values_list("pk"))
        require_same(compared, *COMPARED)
        Section.objects.bulk_update(changed, ["supervising_leader"], batch_size=200)
        audit.record(
            "导入分管负责人",
            Department(name=file_name),
            acting_user=acting_user,
            after={**plan.counts(), "变化": plan.changes[:100], "文件校验值": digest(content)},
        )
    return plan


def _require(acting_user: User | None) -> None:
    if acting_user is not None:
        roles.require(acting_user, "roster.import")


def _table(content: bytes) -> Table:
    return short_lists.table_of(content, HEADINGS, needed=NEEDED, what="分管负责人", limit=MOST_ROWS)


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
            self.leaders.setdefault((person.department_id, plain(person.name)), []).append(person)

    def unit(self, name: str) -> Department | None:
        return self.units.get(name) or self.units.get(short_form_of(name, self.units) or "")


def _plan(table: Table, step: Step) -> SupervisionPlan:
    plan: SupervisionPlan = Plan()
    stored = _Stored()
    seen: dict[int, int] = {}
    department = ""
    read = 0
    for row in table.rows(step):
        if row.is_blank() or is_total(row.lead) or plain(row.own["section"]) in HEADINGS["section"]:
            continue
        read += 1
        department = plain(row.shown["department"]) or department
        found = _section(table, row, department, stored, seen)
        if isinstance(found, Fault):
            plan.faults.append(found)
        else:
            _settle(plan, table, row, found, stored)
    if not read:
        raise Refused("工作簿中只有表头，没有分管负责人", "请填写后重新上传。")
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
    name = plain(row.shown["leader"])
    before = section.supervising_leader
    if name in NOBODY or (before is not None and plain(before.name) == name):
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
