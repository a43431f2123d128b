"""A grid as a workbook: handed out, filled in, previewed, taken back; unchanged it changes nothing.

A blank cell leaves what is stored, so that a workbook with part of the units or columns can be imported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from departments.models import DepartmentAlias
from departments.names.wording import plain
from evaluations.gathering.entries import services
from evaluations.gathering.entries.grid import REASON, Grid, Row, TypedRow, remark_of
from evaluations.gathering.entries.kinds import ENTER, grid_of
from evaluations.gathering.entries.stored import rows_of, subjects_of
from evaluations.gathering.services import is_open, label_of, open_channel
from evaluations.models import Channel
from office.errors import Refused
from office.imports.definition import Agreed, Import, Preview
from office.imports.plan import ImportPlan
from office.imports.short_lists import table_of
from office.models import User
from office.workbooks.sheets import MEGABYTE, Fault, ReportProgress, silently, squeeze, tidy
from office.workbooks.tables import Row as SheetRow
from office.workbooks.tables import Table
from office.workbooks.totals import is_total
from office.workbooks.writing import workbook

MOST_ROWS = 2000
UNIT, SOURCE, SOURCE_ON = "unit", "source", "source_on"
BRACKETS = str.maketrans({"(": "（", ")": "）"})


def headings_of(grid: Grid) -> dict[str, str]:
    """{field: heading}, in the order of the workbook; a field is `v0`, `r0`, `r`, `source`, `source_on`."""
    found = {UNIT: "单位"}
    for at, column in enumerate(grid.columns):
        found[f"v{at}"] = column.label
        if grid.remark_each:
            found[f"r{at}"] = f"{column.label}备注"
    if not grid.remark_each:
        found["r"] = "备注"
    if grid.sourced:
        found |= {SOURCE: "来源", SOURCE_ON: "来源日期"}
    return found


def workbook_of(channel: Channel) -> bytes:
    """The channel as it is stored, every unit with a row."""
    grid, headings = grid_of(channel), headings_of(grid_of(channel))
    rows = rows_of(channel.entries.all())
    lines = [
        [_cell(grid, subject.name, rows.get(subject.pk, {}), name) for name in headings]
        for subject in subjects_of(channel.round)
    ]
    return workbook(label_of(channel), list(headings.values()), lines)


def _cell(grid: Grid, name: str, row: Row, field_name: str) -> Any:
    if field_name == UNIT:
        return name
    if field_name == "r":
        return remark_of(row)
    if field_name in (SOURCE, SOURCE_ON):
        kept = next((cell for cell in row.values() if cell.source or cell.source_on), None)
        return getattr(kept, field_name, None)
    column = grid.columns[int(field_name[1:])]
    cell = row.get(column.item)
    if cell is None:
        return None
    if field_name.startswith("r"):
        return cell.remark
    is_plain = isinstance(cell.value, int) and not isinstance(cell.value, bool)
    return cell.value if is_plain else column.show(cell.value)


@dataclass
class GridPlan(ImportPlan):
    """What importing a workbook would do to a channel."""

    typed: dict[int, TypedRow] = field(default_factory=dict)
    altered: int = 0
    unchanged: int = 0
    changes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return bool(self.changes)

    def lines(self) -> Iterable[str]:
        return [*self.changes, *self.notes, *map(str, self.faults), str(self.unchanged)]


def compare(channel: Channel, content: bytes, progress: ReportProgress = silently) -> GridPlan:
    """Say what importing a workbook would do; nothing is written."""
    grid = grid_of(channel)
    labels = headings_of(grid)
    spelled = {name: (squeeze(label).translate(BRACKETS),) for name, label in labels.items()}
    table = table_of(
        content,
        {**spelled, UNIT: ("单位", "单位名称", "责任单位", "部门")},
        needed=[UNIT, *[name for name in labels if name.startswith("v")][:1]],
        what=label_of(channel),
        limit=MOST_ROWS,
        days=(SOURCE_ON,),
    )
    found = GridPlan()
    places = _read(channel, table, grid, found, progress)
    planned = services.plan(channel, grid, found.typed, TypedRow())
    by_item = {column.item: f"v{at}" for at, column in enumerate(grid.columns)}
    for fault in planned.faults:
        name = {"remark": "r", SOURCE: SOURCE, SOURCE_ON: SOURCE_ON}.get(fault.place) or by_item.get(
            fault.place, UNIT
        )
        name = name if name in table.headings else UNIT
        found.faults.append(
            table.fault(places[fault.subject], name, "not as the grid wants it", f"{fault.why}。")
        )
    found.changes = [_in_words(grid, change) for change in planned.changes]
    found.altered, found.unchanged = planned.altered, planned.rows - planned.altered
    found.notes += table.notes()
    if not (found.typed or found.faults):
        raise Refused(f"工作簿中只有表头，没有{label_of(channel)}", "请填写后重新上传。")
    return found


def _read(
    channel: Channel, table: Table, grid: Grid, found: GridPlan, progress: ReportProgress
) -> dict[int, int]:
    """Fill what was typed; return {unit: number of its row}."""
    units = units_of(channel)
    places: dict[int, int] = {}
    for row in table.rows(progress):
        if row.is_blank() or is_total(row.lead):
            continue
        if row.faults:
            found.faults += row.faults
            continue
        name = plain(row.shown[UNIT])
        subject = units.get(name)
        if subject is None:
            text = f"参评单位中没有“{name[:40]}”，请核对名称。" if name else "单位空白，请补填。"
            found.faults.append(table.fault(row.number, UNIT, "unknown unit", text))
        elif subject in places:
            text = f"该单位在第{places[subject]}行已经出现，请删去一行。"
            found.faults.append(table.fault(row.number, UNIT, "unit twice", text))
        else:
            places[subject] = row.number
            found.typed[subject] = _typed(row, grid)
    return places


def units_of(channel: Channel) -> dict[str, int]:
    subjects = subjects_of(channel.round)
    found = {plain(one.name): one.pk for one in subjects}
    by_department = {one.department_id: one.pk for one in subjects}
    for alias in DepartmentAlias.objects.filter(department_id__in=by_department):
        found.setdefault(plain(alias.name), by_department[alias.department_id])
    return found


def _typed(row: SheetRow, grid: Grid) -> TypedRow:
    typed = TypedRow()
    for at, column in enumerate(grid.columns):
        if text := _text(row.own.get(f"v{at}")):
            typed.values[column.item] = text
        if remark := tidy(row.own.get(f"r{at}")):
            typed.remarks[column.item] = remark
    if remark := tidy(row.own.get("r")):
        typed.remarks[REASON] = remark
    typed.source = tidy(row.own.get(SOURCE)) or None
    typed.source_on = row.own.get(SOURCE_ON) or None
    return typed


def _text(value: object) -> str:
    """A number as somebody would type it: 0.1 + 0.2 of a spreadsheet is 0.3."""
    return format(value, ".10g") if isinstance(value, float) else tidy(value)


def _in_words(grid: Grid, change: services.Change) -> str:
    labels = {column.item: column.label for column in grid.columns}
    before, after = (services.said(grid, change.item, one) for one in (change.before, change.after))
    return (
        f"{change.subject.name} {labels.get(change.item, '备注')}：{before or '（空）'} → {after or '（空）'}"
    )


class GridImport(Import):
    """Looked through at once: a grid is small, and the file may not be larger than `largest`."""

    def is_long(self, content: bytes) -> bool:
        return False


def import_of(channel: Channel) -> Import:
    def preview(content: bytes, option: Any, user: User, progress: ReportProgress) -> Preview:
        if not is_open(channel):
            raise Refused(f"“{label_of(channel)}”{channel.get_state_display()}，不能填报")
        found = compare(channel, content, progress)
        counts = {"变更的单位": found.altered, "未变的单位": found.unchanged}
        counts["有误"] = len({fault.row for fault in found.faults})
        return Preview(
            digest=found.digest(),
            headings=list(counts),
            rows=[(label_of(channel), list(counts.values()))],
            notes=found.notes,
            faults=found.faults,
            changes=found.changes,
            writes=found.writes,
        )

    def run(agreed: Agreed, user: User, progress: ReportProgress) -> str:
        return take_in(channel=channel, agreed=agreed, acting_user=user)

    return GridImport(
        title=f"导入{label_of(channel)}",
        lead="上传从本页导出并填写的工作簿；空白的单元格不改变已填报的数据。导入后须另一人确认。",
        action=ENTER,
        url_name=reverse("cockpit:entries-import", args=[channel.pk]),
        option="",
        faults_stop=lambda _: True,
        preview=preview,
        run=run,
        largest=2 * MEGABYTE,
    )


@transaction.atomic
def take_in(*, channel: Channel, agreed: Agreed, acting_user: User) -> str:
    """Enter exactly what was previewed, or nothing."""
    current = open_channel(channel, to="填报")
    found = compare(current, agreed.content)
    found.require_faultless(f"工作簿中有 {len(found.faults)} 处")
    found.require_previewed(agreed.digest)
    changed = services.enter(channel=current, typed=found.typed, now=timezone.now(), acting_user=acting_user)
    return f"{label_of(current)}已导入：变更 {changed} 个单位，待另一人确认。"
