"""Reading annex 1 (who works where; YC-R1) and annex 2 (duty sheets; YC-R2) as counties send them.

Only what the sheets say: nothing here knows the database. Merged titles, two header rows, merged
department cells, page headers repeated in the middle and a total row are expected.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from departments.kinds import StaffKind
from departments.names.wording import kind_of, listed, person_name, plain
from office.errors import Refused
from office.workbooks.sheets import (
    Fault,
    ReportProgress,
    Sheet,
    all_sheets,
    paragraph,
    silently,
    squeeze,
    telephone,
    tidy,
)
from office.workbooks.tables import (
    Row,
    Table,
    best_guess,
    find_table,
    hidden_sheets_note,
    unusable_headings,
)

ANNEX_1 = {
    "department": ("部门", "单位", "部门名称", "单位名称"),
    "section": ("科（室）", "科室", "股室", "科（室）名称", "科室名称", "内设机构"),
    "name": ("姓名",),
    "post": ("职务", "职务（岗位）", "岗位", "职务/岗位", "现任职务"),
    "kind": ("人员类别", "人员类型", "类别"),
    "supervises": ("分管科室", "分管科（室）", "分管股室"),
    "office_phone": ("办公电话", "联系电话", "电话"),
    "note": ("备注",),
}
ANNEX_2 = {
    "department": ANNEX_1["department"],
    "section": ANNEX_1["section"],
    "responsibilities": ("岗位职责", "科室职责", "职责"),
    "work_rules": ("工作制度", "制度"),
    "item": ("事项名称", "事项", "事项清单", "服务事项"),
    "procedure": ("办理流程", "流程"),
    "time_limit": ("办理时限", "时限", "办结时限"),
    "service_words": ("服务用语", "行业服务用语"),
}
NEEDED_1 = ("department", "section", "name", "kind")
NEEDED_2 = ("department", "section", "item")
LIMITS = {"department": 80, "section": 60, "name": 40, "post": 80, "office_phone": 40, "note": 200}
ITEM_LIMITS = {"item": 120, "time_limit": 120}
FOOTNOTES = ("注", "说明", "填表", "填报", "审核")


@dataclass(frozen=True)
class PersonRow:
    """One person as annex 1 names them; the department is still spelled as in the sheet."""

    table: Table = field(repr=False, compare=False)
    row: int
    department: str
    section: str
    name: str
    kind: StaffKind
    post: str
    supervises: tuple[str, ...]
    office_phone: str
    note: str


@dataclass(frozen=True)
class ItemRow:
    """One matter of a duty sheet."""

    row: int
    name: str
    procedure: str
    time_limit: str


@dataclass
class DutySheet:
    """One section's duty sheet as annex 2 gives it."""

    table: Table = field(repr=False, compare=False)
    row: int
    department: str
    section: str
    responsibilities: str = ""
    work_rules: str = ""
    service_words: str = ""
    items: list[ItemRow] = field(default_factory=list)


@dataclass
class RosterSheets:
    """What a workbook says, with every fault that shows without knowing the database."""

    people: list[PersonRow] = field(default_factory=list)
    duties: list[DutySheet] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_roster(content: bytes, progress: ReportProgress = silently) -> RosterSheets:
    """Read a workbook that holds annex 1, annex 2 or both; refuse one that holds neither."""
    everything = all_sheets(content)
    sheets = [sheet for sheet in everything if sheet.is_visible]
    found = RosterSheets()
    if hidden := hidden_sheets_note(everything):
        found.notes.append(hidden)
    recognized = 0
    for sheet in sheets:
        if people := find_table(sheet, ANNEX_1, required=NEEDED_1):
            _read_people(people, found, progress)
        elif duties := find_table(sheet, ANNEX_2, required=NEEDED_2):
            _read_duties(duties, found, progress)
        else:
            found.notes.append(f"工作表“{sheet.name}”不是附件1或附件2的格式，未读取。")
            continue
        recognized += 1
    if not recognized:
        _refuse_shape(sheets, hidden)
    if not (found.people or found.duties or found.faults):
        raise Refused("工作簿中只有表头，没有人员和职责", "请填写后重新上传。")
    return found


def _refuse_shape(sheets: list[Sheet], hidden: str) -> None:
    missing = "、".join(best_guess(sheets, ANNEX_1, NEEDED_1))
    raise Refused(
        "没有找到附件1（部门、科（室）、姓名、人员类别）或附件2（部门、科（室）、事项名称）的表头",
        f"请使用附件原表填写后重新上传。与附件1最接近的工作表缺少：{missing}。"
        f"{unusable_headings(sheets)}{hidden}",
    )


def _read_people(table: Table, found: RosterSheets, progress: ReportProgress) -> None:
    department = ""
    count, stated = 0, None
    for row in table.rows(progress):
        if table.leaves_out(row):
            stated = _stated_total(row)
            continue
        if _is_no_person(row):
            continue
        count += 1
        department = plain(row.shown["department"]) or department
        person = _person(table, row, department, found)
        if person:
            found.people.append(person)
    found.notes += table.notes()
    if stated is not None and stated != count:
        found.notes.append(f"工作表“{table.sheet.name}”的合计写明 {stated} 人，实际读到 {count} 人，请核对。")


def _stated_total(row: Row) -> int | None:
    digits = "".join(char for char in squeeze(row.own.get("name")) if char.isdigit())
    return int(digits) if 0 < len(digits) < 7 else None


def _is_no_person(row: Row) -> bool:
    """Return whether a row is blank, a footnote or a header repeated on a printed page."""
    if row.is_blank("name", "kind", *(name for name in ("post", "office_phone") if name in row.own)):
        own = plain(row.own["department"]) + plain(row.own["section"])
        return not own or own.startswith(FOOTNOTES)
    return plain(row.own["name"]) in ANNEX_1["name"]


def _person(table: Table, row: Row, department: str, found: RosterSheets) -> PersonRow | None:
    if row.faults:
        found.faults += row.faults
        return None
    cells = {name: row.shown.get(name) for name in ANNEX_1}
    kind = kind_of(cells["kind"])
    texts = {
        "department": department,
        "section": plain(cells["section"]),
        "name": person_name(cells["name"]),
        "post": tidy(cells["post"]),
        "office_phone": squeeze(telephone(cells["office_phone"])),
        "note": tidy(cells["note"]),
    }
    faults = [
        table.fault(row.number, name, "blank", f"{ANNEX_1[name][0]}空白，请补填。")
        for name in ("department", "section", "name")
        if not texts[name]
    ]
    if kind is None:
        faults.append(_unknown_kind(table, row))
    faults += _too_long(table, row.number, texts, LIMITS)
    found.faults += faults
    if faults or kind is None:
        return None
    return PersonRow(table, row.number, kind=kind, supervises=tuple(listed(cells["supervises"])), **texts)


def _unknown_kind(table: Table, row: Row) -> Fault:
    written = tidy(row.shown["kind"])
    said = f"“{written}”不是规定的人员类别" if written else "人员类别空白"
    choices = "、".join(str(label) for label in StaffKind.labels)
    return table.fault(row.number, "kind", "unknown kind", f"{said}，请填写{choices}之一。")


def _too_long(table: Table, number: int, texts: dict[str, str], limits: dict[str, int]) -> list[Fault]:
    return [
        table.fault(number, name, "too long", f"文字超过 {limit} 字，请缩短。")
        for name, limit in limits.items()
        if len(texts.get(name, "")) > limit
    ]


def _read_duties(table: Table, found: RosterSheets, progress: ReportProgress) -> None:
    """Read annex 2; a blank department or section cell repeats the one above, merged or not."""
    current: DutySheet | None = None
    for row in table.rows(progress):
        if row.is_blank() or table.leaves_out(row) or plain(row.own["item"]) in ANNEX_2["item"]:
            continue
        found.faults += row.faults
        department, section = plain(row.shown["department"]), plain(row.shown["section"])
        if department.startswith(FOOTNOTES) and row.is_blank("section", "item"):
            continue
        if (
            current is None
            or department not in ("", current.department)
            or section not in ("", current.section)
        ):
            department = department or (current.department if current else "")
            if not (department and section):
                name = "section" if department else "department"
                text = f"{ANNEX_2[name][0]}空白，请补填。"
                found.faults.append(table.fault(row.number, name, "blank", text))
                continue
            current = DutySheet(table, row.number, department, section)
            found.duties.append(current)
        if not row.faults:
            _add_duties(table, row, current, found)
    found.notes += table.notes()


def _add_duties(table: Table, row: Row, sheet: DutySheet, found: RosterSheets) -> None:
    for name in ("responsibilities", "work_rules", "service_words"):
        text = paragraph(row.own.get(name))
        if text:
            setattr(sheet, name, "\n".join(filter(None, (getattr(sheet, name), text))))
    item = plain(row.own["item"])
    if not item:
        return
    time_limit = tidy(row.shown.get("time_limit"))
    found.faults += _too_long(table, row.number, {"item": item, "time_limit": time_limit}, ITEM_LIMITS)
    if any(item == other.name for other in sheet.items):
        text = f"事项“{item}”在本科（室）中重复，请删去一行。"
        found.faults.append(table.fault(row.number, "item", "item twice", text))
        return
    sheet.items.append(ItemRow(row.number, item, paragraph(row.shown.get("procedure")), time_limit))
