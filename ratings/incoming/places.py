"""The unit and the window that a list means, in whatever words it names them."""

from __future__ import annotations

from departments.models import Department, DepartmentAlias, Window
from departments.models.windows import window_title
from departments.names.wording import plain, short_form_of
from office.workbooks.sheets import Fault
from office.workbooks.tables import Row, Table

HEADINGS = {
    "unit": (
        "办理单位",
        "单位",
        "单位名称",
        "办理部门",
        "实施机构",
        "受理部门",
        "办件部门",
        "部门",
        "部门名称",
        "进驻单位",
    ),
    "hall": ("办事大厅", "大厅", "大厅名称", "政务服务大厅"),
    "window": ("窗口", "窗口号", "窗口编号", "窗口名称", "办理窗口"),
}


class Places:
    """Units and windows in use as the database knows them: three queries."""

    def __init__(self) -> None:
        units = {unit.pk: unit for unit in Department.objects.bodies()}
        self.units = {plain(unit.name): unit for unit in units.values()}
        for alias in DepartmentAlias.objects.filter(department__in=units):
            self.units.setdefault(plain(alias.name), units[alias.department_id])
        rows = Window.objects.filter(is_active=True).select_related("hall", "department", "unit")
        self.windows = list(rows)
        self._read: dict[str, Department | None] = {}

    def unit(self, name: str) -> Department | None:
        if name not in self._read:
            self._read[name] = self.units.get(name) or self.units.get(short_form_of(name, self.units) or "")
        return self._read[name]

    def window(self, said: str, *, hall: str, unit: Department | None) -> list[Window]:
        """Return every window that these words may mean; the list is only sure of one."""
        return [
            one
            for one in self.windows
            if (unit is None or one.department_id == unit.pk)
            and (not hall or plain(one.hall.name) == hall)
            and said in _names(one)
        ]

    def of(self, table: Table, row: Row, *, needs_window: bool = False) -> Place | Fault:
        """Return where a row belongs, or what to put right in it."""
        name, said, hall = (plain(row.shown.get(part)) for part in ("unit", "window", "hall"))
        unit = self.unit(name) if name else None
        if name and unit is None:
            return table.fault(
                row.number, "unit", "unknown unit", f"单位名单中没有“{name[:40]}”，请核对名称。"
            )
        if not said:
            if needs_window:
                return table.fault(row.number, "window", "blank", "窗口空白，请补填。")
            if unit is None:
                return table.fault(row.number, "unit", "blank", "办理单位空白，请补填。")
            return Place(unit, None)
        found = self.window(said, hall=hall, unit=unit)
        if len(found) == 1:
            return Place(found[0].department, found[0])
        text = f"没有找到窗口“{said[:40]}”，请核对窗口和进驻单位。"
        if found:
            text = f"有{len(found)}个窗口叫“{said[:40]}”，请写明大厅或者窗口号。"
        return table.fault(row.number, "window", "unknown window", text)


class Place:
    """A unit, and the window where it was if the list says so."""

    def __init__(self, unit: Department, window: Window | None) -> None:
        self.unit, self.window = unit, window

    def __str__(self) -> str:
        return str(self.window or self.unit)


def _names(window: Window) -> set[str]:
    number, name, hall = plain(window.number), plain(window.name), plain(window.hall.name)
    title = plain(window_title(window.number))
    return {number, name, title, f"{number}号", f"{title}（{name}）", f"{hall}{title}", plain(str(window))}
