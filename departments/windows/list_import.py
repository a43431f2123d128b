"""Importing service windows (WY-R9): hall, number, name, the department that staffs it, its matters.

A hall that is not known yet comes in with its first window. Windows are known by hall and number.
"""

from __future__ import annotations

from functools import partial

from departments.models import Department, DepartmentAlias, Hall, Window
from departments.names.wording import plain, short_form_of
from departments.windows import services
from office.imports import short_lists
from office.imports.short_lists import ListKind, Plan
from office.workbooks.sheets import ReportProgress, paragraph
from office.workbooks.tables import Row, Table
from office.workbooks.totals import is_total

HEADINGS = {
    "hall": ("办事大厅", "大厅", "大厅名称", "政务服务大厅", "所在大厅", "服务大厅"),
    "number": ("窗口号", "窗口编号", "窗口序号", "编号"),
    "name": ("窗口名称", "窗口", "服务窗口", "名称"),
    "department": ("进驻单位", "单位", "部门", "单位名称", "所属单位", "进驻部门"),
    "matters": ("办理事项", "事项", "服务事项", "业务范围"),
    "is_active": ("在用", "是否在用"),
}
MOST_ROWS = 3000
YES_NO = {"是": True, "否": False}
LONGEST = {"hall": 60, "number": 12, "name": 40}


class _Stored:
    """Windows, halls and units as the database knows them: four queries."""

    def __init__(self) -> None:
        units = {unit.pk: unit for unit in Department.objects.bodies()}
        self.units = {plain(unit.name): unit for unit in units.values()}
        for alias in DepartmentAlias.objects.filter(department__in=units):
            self.units.setdefault(plain(alias.name), units[alias.department_id])
        self.halls = {plain(hall.name): hall for hall in Hall.objects.all()}
        windows = Window.objects.select_related("hall", "department", "unit")
        self.windows = {(plain(one.hall.name), _number(one.number)): one for one in windows}

    def unit(self, name: str) -> Department | None:
        return self.units.get(name) or self.units.get(short_form_of(name, self.units) or "")


def _number(written: object) -> str:
    return plain(written).removesuffix("窗口").removesuffix("号") or plain(written)


def _compare(table: Table, progress: ReportProgress) -> Plan[Window]:
    comparison = _Comparison(table)
    for row in table.rows(progress):
        if not (row.is_blank() or is_total(row.lead) or plain(row.own["number"]) in HEADINGS["number"]):
            comparison.read(row)
    return comparison.plan


class _Comparison:
    def __init__(self, table: Table) -> None:
        self.table, self.stored = table, _Stored()
        self.plan: Plan[Window] = Plan()
        self.seen: dict[tuple[str, str], int] = {}
        self.names = set(Department.objects.values_list("name", flat=True))
        self.hall = ""

    def read(self, row: Row) -> None:
        self.hall = plain(row.shown["hall"]) or self.hall  # written once above its windows
        if row.faults:
            self.plan.faults += row.faults
            return
        key = (self.hall, _number(row.shown["number"]))
        if not self._is_complete(row, key):
            return
        window = self.stored.windows.get(key)
        if window is None:
            self._add(row, key)
        else:
            self._alter(row, window)

    def _is_complete(self, row: Row, key: tuple[str, str]) -> bool:
        hall, number = key
        texts = {"hall": hall, "number": number, "name": plain(row.shown["name"])}
        for column in ("hall", "number"):
            if not texts[column]:
                return self._fault(row, column, "blank", f"{HEADINGS[column][0]}空白，请补填。")
        for column, text in texts.items():
            if len(text) > LONGEST[column]:
                words = f"{HEADINGS[column][0]}超过{LONGEST[column]}个字，请改短。"
                return self._fault(row, column, "too long", words)
        first = self.seen.setdefault(key, row.number)
        if first != row.number:
            return self._fault(row, "number", "twice", f"该窗口在第{first}行已经出现，请删去一行。")
        return True

    def _add(self, row: Row, key: tuple[str, str]) -> None:
        name, unit = plain(row.shown["name"]), self._unit(row)
        if not name:
            self._fault(row, "name", "blank", "窗口名称空白，请补填。")
        if not plain(row.shown["department"]):
            self._fault(row, "department", "blank", "进驻单位空白，请补填。")
        is_active = self._is_active(row, stored=True)
        if unit is None or not name or is_active is None:
            return
        hall = self.stored.halls.get(key[0])
        if hall is None:
            hall = self.stored.halls[key[0]] = Hall(name=key[0], order=len(self.stored.halls) + 1)
            self.plan.notes.append(f"新增办事大厅“{hall}”，导入后请补充地址和办公时间。")
        window = Window(
            hall=hall,
            number=key[1],
            name=name,
            department=unit,
            matters=paragraph(row.shown.get("matters")),
            is_active=is_active,
        )
        if self._has_a_name_of_its_own(row, window):
            self.plan.new.append(window)
            self.plan.changes.append(f"新增 {window}：{unit}")

    def _alter(self, row: Row, window: Window) -> None:
        """A blank cell leaves what is stored."""
        before = _in_words(window)
        window.name = plain(row.shown["name"]) or window.name
        window.matters = paragraph(row.shown.get("matters")) or window.matters
        is_active = self._is_active(row, stored=window.is_active)
        unit = self._unit(row) if plain(row.shown["department"]) else window.department
        if unit is None or is_active is None:
            return
        window.department, window.is_active = unit, is_active
        after = _in_words(window)
        said = [f"{key}由“{before[key]}”改为“{after[key]}”" for key in after if after[key] != before[key]]
        if not said:
            self.plan.unchanged += 1
        elif self._has_a_name_of_its_own(row, window):
            self.plan.altered.append(window)
            self.plan.changes.append(f"变更 {window}：{'，'.join(said)}")

    def _has_a_name_of_its_own(self, row: Row, window: Window) -> bool:
        name = str(window)
        if len(name) > services.LONGEST:
            text = f"窗口连同大厅的名称超过{services.LONGEST}个字，请改短。"
            return self._fault(row, "name", "too long", text)
        if name in self.names and (window.unit_id is None or window.unit.name != name):
            return self._fault(row, "name", "taken", f"已有单位叫“{name}”，请核对。")
        return True

    def _unit(self, row: Row) -> Department | None:
        written = plain(row.shown["department"])
        unit = self.stored.unit(written)
        if unit is None and written:
            text = f"单位名单中没有“{written[:40]}”，请核对名称。"
            self._fault(row, "department", "unknown unit", text)
        return unit

    def _is_active(self, row: Row, *, stored: bool) -> bool | None:
        told = plain(row.shown.get("is_active"))
        if told and told not in YES_NO:
            self._fault(row, "is_active", "yes or no", "请填写“是”或“否”。")
            return None
        return YES_NO.get(told, stored)

    def _fault(self, row: Row, name: str, reason: str, text: str) -> bool:
        self.plan.faults.append(self.table.fault(row.number, name, reason, text))
        return False


def _in_words(window: Window) -> dict[str, str]:
    return {
        "窗口名称": window.name,
        "进驻单位": str(window.department),
        "办理事项": window.matters,
        "在用": "是" if window.is_active else "否",
    }


def _write(plan: Plan[Window]) -> None:
    for window in (*plan.new, *plan.altered):
        if window.hall.pk is None:
            window.hall.save()
        window.hall = window.hall  # takes over the key that a hall of this workbook has only now
        services.keep(window)


WINDOWS = ListKind(
    what="服务窗口",
    action="window.import",
    headings=HEADINGS,
    needed=("hall", "number", "name", "department"),
    limit=MOST_ROWS,
    compared=(Department, DepartmentAlias, Hall, Window),
    compare=_compare,
    write=_write,
    subject=lambda _, file_name: Hall(name=file_name),
)
preview_windows = partial(short_lists.preview_list, WINDOWS)
import_windows = partial(short_lists.import_list, WINDOWS)
