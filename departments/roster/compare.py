"""Comparing a roster with the database: which department, section and person each row means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from departments.models import Department, DepartmentAlias, Section, ServiceItem, StaffMember
from departments.names.pinyin import name_initials
from departments.names.strokes import stroke_key
from departments.names.wording import LEADERS, LEADERSHIP_NAMES, person_name, plain, short_form_of, topic_of
from departments.roster.plan import (
    DEPARTMENTS,
    ITEMS,
    MISSING,
    PEOPLE,
    SECTIONS,
    UNCHANGED,
    Change,
    Plan,
    in_order,
)
from departments.roster.sheets import DutySheet, PersonRow, RosterSheets
from office.workbooks.sheets import Fault


def plan_roster(
    sheets: RosterSheets, *, new_departments: bool = False, own: Department | None = None
) -> Plan:
    """Compare what the sheets say with the database.

    `new_departments` lets the workbook add to the list of departments (YC-R4). It goes without
    saying while that list is empty; later an unknown name is a fault, since it mostly is a misspelling.

    `own` confines the import to one department: a row of any other is a fault, in words that do not
    tell whether such a department is known here.
    """
    plan = Plan(faults=list(sheets.faults), notes=list(sheets.notes))
    stored = Stored()
    may_add = own is None and (new_departments or not stored.departments)
    units = _departments(plan, sheets, _DepartmentNames(plan, sheets, stored, may_add=may_add, own=own))
    duties = _duty_sheets(plan, sheets, units)
    rows: dict[str, list[PersonRow]] = {}
    for person in sheets.people:
        if person.department in units:
            rows.setdefault(units[person.department].name, []).append(person)
    by_name = {unit.name: unit for unit in units.values()}
    for name, unit in by_name.items():
        _department(plan, stored, unit, rows.get(name, []), duties.get(name, []))
    return plan


class Stored:
    """The database as the plan finds it: five queries, whatever the size of the roster."""

    def __init__(self) -> None:
        self.departments = list(Department.objects.bodies().order_by("order", "id"))
        self.names = {plain(unit.name): unit for unit in self.departments}
        by_id = {unit.pk: unit for unit in self.departments}
        for alias in DepartmentAlias.objects.filter(department__in=by_id):
            self.names.setdefault(plain(alias.name), by_id[alias.department_id])
        self.sections: dict[int, list[Section]] = {}
        for section in Section.objects.select_related("supervising_leader").order_by("order", "id"):
            self.sections.setdefault(section.department_id, []).append(section)
        self.staff: dict[int, list[StaffMember]] = {}
        for person in StaffMember.objects.select_related("section").order_by("id"):
            self.staff.setdefault(person.department_id, []).append(person)
        self.items: dict[int, list[ServiceItem]] = {}
        for item in ServiceItem.objects.order_by("order", "id"):
            self.items.setdefault(item.section_id, []).append(item)


def _departments(plan: Plan, sheets: RosterSheets, names: _DepartmentNames) -> dict[str, Department]:
    """Find which department each spelling in the workbook means; add new ones where allowed."""
    first_rows: dict[str, PersonRow | DutySheet] = {}
    everything: list[PersonRow | DutySheet] = [*sheets.people, *sheets.duties]
    for row in everything:
        first_rows.setdefault(row.department, row)
    found: dict[str, Department] = {}
    for spelling, row in first_rows.items():
        unit = names.unit(spelling)
        if unit is None:
            plan.faults.append(names.fault(row, spelling))
        else:
            found[spelling] = unit
    stored_names = [unit.name for unit in found.values() if unit.pk]
    plan.changes += [Change(DEPARTMENTS, name, UNCHANGED) for name in dict.fromkeys(stored_names)]
    return found


class _DepartmentNames:
    """The departments a workbook may name: stored ones, and those it brings where it may."""

    def __init__(
        self, plan: Plan, sheets: RosterSheets, stored: Stored, *, may_add: bool, own: Department | None
    ) -> None:
        self._plan, self._may_add, self._own = plan, may_add, own
        self._known = dict(stored.names)
        self._in_annex_1 = {person.department for person in sheets.people}
        self._in_annex_2 = [sheet.department for sheet in sheets.duties]

    def unit(self, spelling: str) -> Department | None:
        if self._own is not None:
            return self._own if self._means_own(spelling) else None
        if spelling in self._known:
            return self._known[spelling]
        spelled_out = self._in_annex_2 if self._may_add and spelling not in self._in_annex_2 else []
        if full := short_form_of(spelling, dict.fromkeys([*self._known, *spelled_out])):
            unit = self._known.get(full) or self._introduce(full)
            self._plan.notes.append(f"“{spelling}”按简称认作“{unit}”，导入后登记为单位别名。")
            self._plan.new.append(DepartmentAlias(department=unit, name=spelling))
            return unit
        if self._may_add and (spelling in self._in_annex_1 or not self._in_annex_1):
            return self._introduce(spelling)
        return None

    def fault(self, row: PersonRow | DutySheet, spelling: str) -> Fault:
        if self._own is not None:
            text = f"“{spelling}”不是本单位（{self._own}），请删去其他单位的内容。"
            return row.table.fault(row.row, "department", "other department", text)
        text = f"单位名单中没有“{spelling}”，请核对名称；如为新单位或简称，请先在“单位”中新增或登记别名。"
        return row.table.fault(row.row, "department", "unknown department", text)

    def _means_own(self, spelling: str) -> bool:
        """Whether a spelling means the one department, compared with all names and aliases there are.

        Its short form is understood and not stored: the centre keeps the list of names.
        """
        name = spelling if spelling in self._known else short_form_of(spelling, self._known)
        meant = self._known.get(name or "")
        return meant is not None and self._own is not None and meant.pk == self._own.pk

    def _introduce(self, name: str) -> Department:
        unit = Department(name=name, order=len(self._known) + 1)
        self._known[name] = unit
        self._plan.add(DEPARTMENTS, name, unit)
        return unit


def _duty_sheets(
    plan: Plan, sheets: RosterSheets, units: dict[str, Department]
) -> dict[str, list[DutySheet]]:
    """Group annex 2 by department; one section has one duty sheet."""
    duties: dict[str, list[DutySheet]] = {}
    for sheet in sheets.duties:
        unit = units.get(sheet.department)
        if unit is None:
            continue
        mine = duties.setdefault(unit.name, [])
        if any(other.section == sheet.section for other in mine):
            text = f"{unit}“{sheet.section}”的职责表前面已经出现，请合并为一处。"
            plan.faults.append(sheet.table.fault(sheet.row, "section", "section twice", text))
            continue
        mine.append(sheet)
    return duties


def _department(
    plan: Plan, stored: Stored, unit: Department, rows: list[PersonRow], duties: list[DutySheet]
) -> None:
    rows = _once_each(plan, unit, rows)
    sections, wanted = _sections(plan, stored, unit, rows, duties)
    people = _people(plan, stored, unit, rows, sections)
    _supervision(plan, unit, sections, people, wanted)
    for name, values in wanted.items():
        plan.settle(SECTIONS, f"{unit} {name}", sections[name], values)
    for sheet in duties:
        if sheet.section in sections:
            _items(plan, stored, sections[sheet.section], sheet)


def _once_each(plan: Plan, unit: Department, rows: list[PersonRow]) -> list[PersonRow]:
    seen: dict[tuple[str, str], PersonRow] = {}
    for row in rows:
        first = seen.setdefault((row.section, row.name), row)
        if first is not row:
            text = (
                f"{unit}“{row.section}”的“{row.name}”在第{first.row}行已经出现，请删去一行；"
                "如确有两人同名，请在姓名后加注以示区别。"
            )
            plan.faults.append(row.table.fault(row.row, "name", "person twice", text))
    return list(seen.values())


def _sections(
    plan: Plan, stored: Stored, unit: Department, rows: list[PersonRow], duties: list[DutySheet]
) -> tuple[dict[str, Section], dict[str, dict[str, object]]]:
    """Return the sections by name, new ones included, and what the stored ones should become."""
    sections = {plain(section.name): section for section in stored.sections.get(unit.pk, [])}
    stored_names = list(sections)
    named = list(dict.fromkeys(row.section for row in rows))
    by_section = {sheet.section: sheet for sheet in duties}
    wanted: dict[str, dict[str, object]] = {}
    places = in_order([_place(sections.get(name)) for name in named])
    for order, name in zip(places, named, strict=True):
        values: dict[str, object] = {"order": order, **_duties_of(by_section.get(name))}
        if name in sections:
            wanted[name] = values
        else:
            sections[name] = _new_section(unit, name, values)
            plan.add(SECTIONS, f"{unit} {name}", sections[name])
    for name, sheet in by_section.items():
        if name not in sections:
            text = f"附件1和系统中都没有{unit}“{name}”，请核对科（室）名称。"
            plan.faults.append(sheet.table.fault(sheet.row, "section", "unknown section", text))
        elif name not in named:
            wanted[name] = _duties_of(sheet)
    if rows:
        absent = (name for name in stored_names if name not in {*named, *by_section})
        _note_missing(plan, SECTIONS, (f"{unit} {name}" for name in absent))
    return sections, wanted


def _new_section(unit: Department, name: str, values: dict[str, Any]) -> Section:
    leads = name in LEADERSHIP_NAMES
    return Section(department=unit, name=name, topic=topic_of(name), is_leadership=leads, **values)


def _duties_of(sheet: DutySheet | None) -> dict[str, object]:
    if sheet is None:
        return {}
    names = ("responsibilities", "work_rules", "service_words")
    return {name: getattr(sheet, name) for name in names if name in sheet.table.columns}


def _place(thing: Section | StaffMember | ServiceItem | None) -> tuple[int, int] | None:
    return (thing.order, thing.pk) if thing is not None and thing.pk else None


def _people(
    plan: Plan, stored: Stored, unit: Department, rows: list[PersonRow], sections: dict[str, Section]
) -> dict[PersonRow, StaffMember]:
    left = sorted(stored.staff.get(unit.pk, []), key=lambda person: person.left_on is not None)
    matched = _matched(rows, left)
    places = _places(rows, matched, sections)
    people: dict[PersonRow, StaffMember] = {}
    for index, row in enumerate(rows):
        values = _values(row, sections[row.section], places[index])
        people[row] = _person(plan, unit, row, values, matched.get(index))
    if rows:
        here = [person for person in left if person.left_on is None]
        _note_missing(plan, PEOPLE, (f"{person.name}（{unit} {person.section.name}）" for person in here))
    return people


def _matched(rows: list[PersonRow], left: list[StaffMember]) -> dict[int, StaffMember]:
    """Match rows to people by section and name, then by name alone (moved inside the department).

    Who is matched is taken off `left`.
    """
    matched: dict[int, StaffMember] = {}
    for index, row in enumerate(rows):
        person = next(
            (p for p in left if person_name(p.name) == row.name and plain(p.section.name) == row.section),
            None,
        )
        if person:
            matched[index] = person
            left.remove(person)
    for index, row in enumerate(rows):
        same = [person for person in left if person_name(person.name) == row.name and person.left_on is None]
        if index not in matched and len(same) == 1:
            matched[index] = same[0]
            left.remove(same[0])
    return matched


def _places(
    rows: list[PersonRow], matched: dict[int, StaffMember], sections: dict[str, Section]
) -> dict[int, int]:
    by_section: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        by_section.setdefault(row.section, []).append(index)
    places: dict[int, int] = {}
    for name, indexes in by_section.items():
        stored_places = [_place_in(matched.get(index), sections[name]) for index in indexes]
        places |= zip(indexes, in_order(stored_places), strict=True)
    return places


def _place_in(person: StaffMember | None, section: Section) -> tuple[int, int] | None:
    return _place(person) if person is not None and person.section_id == section.pk else None


def _values(row: PersonRow, section: Section, order: int) -> dict[str, object]:
    """Return what a row says; a column the workbook does not have leaves what is stored as it is."""
    texts: dict[str, object] = {
        name: getattr(row, name) for name in ("post", "office_phone", "note") if name in row.table.columns
    }
    return {
        "section": section,
        "kind": row.kind,
        **texts,
        "order": order,
        "name_initials": name_initials(row.name),
        "name_strokes": stroke_key(row.name),
    }


def _person(
    plan: Plan, unit: Department, row: PersonRow, wanted: dict[str, object], person: StaffMember | None
) -> StaffMember:
    label = f"{row.name}（{unit} {row.section}）"
    if person is None:
        person = StaffMember(department=unit, name=row.name, **wanted)
        plan.add(PEOPLE, label, person)
        return person
    if person.left_on:
        plan.notes.append(f"{label}已登记离任，名单中仍有此人；离任登记保持不变。")
    if person.reading:  # what the office corrected stays
        wanted = {**wanted, "name_initials": person.name_initials}
    plan.settle(PEOPLE, label, person, wanted)
    return person


def _supervision(
    plan: Plan,
    unit: Department,
    sections: dict[str, Section],
    people: dict[PersonRow, StaffMember],
    wanted: dict[str, dict[str, object]],
) -> None:
    taken: dict[str, PersonRow] = {}
    for row, leader in people.items():
        for written in row.supervises:
            name = _section_meant(written, sections)
            fault = _supervision_fault(row, written, name, taken, unit)
            if fault:
                plan.faults.append(fault)
                continue
            taken[name] = row
            if sections[name].pk is None:
                plan.leaders.append((sections[name], leader))
            else:
                wanted.setdefault(name, {})["supervising_leader"] = leader
    idle = [
        name
        for name, section in sections.items()
        if people and name not in taken and not section.is_leadership and not section.supervising_leader
    ]
    if idle:
        plan.notes.append(f"{unit}没有写明分管负责人的科（室）：{'、'.join(idle)}。")


def _section_meant(name: str, sections: dict[str, Section]) -> str:
    return next((name + ending for ending in ("", "科", "室", "股") if name + ending in sections), "")


def _supervision_fault(
    row: PersonRow, name: str, section_name: str, taken: dict[str, PersonRow], unit: Department
) -> Fault | None:
    if row.kind not in LEADERS:
        text = f"“{row.name}”的人员类别是{row.kind.label}，不能分管科（室），请核对人员类别或删去分管科室。"
        return row.table.fault(row.row, "supervises", "not a leader", text)
    if not section_name:
        text = f"{unit}没有“{name}”这个科（室），请核对分管科室的名称。"
        return row.table.fault(row.row, "supervises", "unknown section", text)
    if section_name in taken:
        other = taken[section_name]
        text = f"“{section_name}”在第{other.row}行已由“{other.name}”分管，请保留一位分管负责人。"
        return row.table.fault(row.row, "supervises", "supervised twice", text)
    return None


def _items(plan: Plan, stored: Stored, section: Section, sheet: DutySheet) -> None:
    known = {plain(item.name): item for item in stored.items.get(section.pk, [])}
    places = in_order([_place(known.get(row.name)) for row in sheet.items])
    for order, row in zip(places, sheet.items, strict=True):
        label = f"{row.name}（{section}）"
        texts: dict[str, object] = {
            name: getattr(row, name) for name in ("procedure", "time_limit") if name in sheet.table.columns
        }
        wanted: dict[str, object] = {**texts, "order": order}
        if row.name in known:
            plan.settle(ITEMS, label, known.pop(row.name), wanted)
        else:
            plan.add(ITEMS, label, ServiceItem(section=section, name=row.name, **wanted))
    _note_missing(plan, ITEMS, (f"{name}（{section}）" for name in known))


def _note_missing(plan: Plan, what: str, labels: Iterable[str]) -> None:
    """Report what the workbook no longer names; never delete it."""
    plan.changes += [Change(what, label, MISSING) for label in labels]
