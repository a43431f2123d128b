"""The grid of a channel: units down, items across; what somebody typed is read against it, row by row.

A row without any value but with a remark says why there is nothing: that counts as entered, and the
scheme's rule for a missing part applies to the unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from evaluations.gathering.entries.columns import Column, Value
from office.workbooks.dates import day_of
from office.workbooks.sheets import tidy

LONGEST_REMARK = 500
LONGEST_SOURCE = 200
REASON = ""
"""The item under which a row without values keeps its remark."""

Values = dict[str, Value]
Place = tuple[str, str]
"""A cell of the page: `value` or `remark` with its item, or `source`, `source_on` of the row."""


@dataclass(frozen=True)
class Cell:
    """What is stored of one item of a unit; `value` is None where somebody left it blank and said so."""

    value: Value | None = None
    remark: str = ""
    source: str = ""
    source_on: date | None = None


Row = dict[str, Cell]


@dataclass
class TypedRow:
    """What was typed for one unit; what is not there stays. `remarks` go by item, or by REASON."""

    values: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    source: str | None = None
    source_on: object | None = None

    def at(self, place: Place) -> Any:
        """What was typed at a place; None: nothing was."""
        kind, item = place
        if kind in ("value", "remark"):
            return (self.values if kind == "value" else self.remarks).get(item)
        return self.source if kind == "source" else self.source_on

    def put(self, place: Place, text: str) -> None:
        kind, item = place
        if kind in ("value", "remark"):
            (self.values if kind == "value" else self.remarks)[item] = text
        elif kind == "source":
            self.source = text
        else:
            self.source_on = text

    def differing_from(self, other: TypedRow) -> TypedRow:
        """Only what is not as in `other`; what is not there is blank."""

        def kept(kind: str, typed: dict[str, str]) -> dict[str, str]:
            return {item: text for item, text in typed.items() if text != (other.at((kind, item)) or "")}

        return TypedRow(
            kept("value", self.values),
            kept("remark", self.remarks),
            self.source if self.source != (other.source or "") else None,
            self.source_on if self.source_on != (other.source_on or "") else None,
        )

    def without(self, place: Place) -> TypedRow:
        kind, item = place
        return TypedRow(
            {key: text for key, text in self.values.items() if (kind, item) != ("value", key)},
            {key: text for key, text in self.remarks.items() if (kind, item) != ("remark", key)},
            None if kind == "source" else self.source,
            None if kind == "source_on" else self.source_on,
        )


@dataclass(frozen=True)
class TypedFault:
    """What cannot stay as typed; `place` is an item, or `remark`, `source`, `source_on` of the row."""

    subject: int
    place: str
    label: str
    why: str


def _nothing_more(subject: int, row: Row) -> dict[str, str]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Grid:
    """One channel's columns and rules.

    `remark_each`: every item has a remark of its own, else the unit has one. `sourced`: source and day are
    required. `keeps_blanks`: a blank says something, so blanking a value is confirmed like any other change.
    `is_taken`: filled from elsewhere at one press, never typed.
    `check` returns {item: why} of a whole row; `part` makes the facts of a unit from its confirmed cells.
    """

    columns: tuple[Column, ...]
    part: Callable[[Row], dict[str, Any]]
    remark_each: bool = False
    sourced: bool = False
    keeps_blanks: bool = False
    is_taken: bool = False
    check: Callable[[int, Row], dict[str, str]] = _nothing_more
    fill: Callable[[Values], Values] = dict
    missing: Callable[[Row], list[str]] | None = None
    hint_label: str = ""
    hints: Mapping[int, str] = field(default_factory=dict)
    says: str = ""

    def places(self) -> dict[Place, str]:
        """Every cell of a row with its label, in the order of the page."""
        found: dict[Place, str] = {}
        for column in self.columns:
            found["value", column.item] = column.label
            if self.remark_each:
                found["remark", column.item] = f"{column.label}备注"
        if not self.remark_each:
            found["remark", REASON] = "备注"
        if self.sourced:
            found |= {("source", ""): "来源", ("source_on", ""): "来源日期"}
        return found

    def texts(self, row: Row) -> TypedRow:
        """What is stored of a unit, as the page shows it; a blank is not there."""
        found = TypedRow()
        for column in self.columns:
            if (cell := row.get(column.item)) is not None:
                if text := column.show(cell.value):
                    found.values[column.item] = text
                if self.remark_each and cell.remark:
                    found.remarks[column.item] = cell.remark
        if not self.remark_each and (remark := remark_of(row)):
            found.remarks[REASON] = remark
        kept = next((cell for cell in row.values() if cell.source or cell.source_on), None)
        if self.sourced and kept is not None:
            found.source = kept.source or None
            found.source_on = kept.source_on.isoformat() if kept.source_on else None
        return found

    def means(self, place: Place, text: object) -> str | None:
        """What was typed at a place as the page would show it once stored; None: it is blank."""
        column = next((one for one in self.columns if place == ("value", one.item)), None)
        if place[0] == "source_on" and (day := day_of(text)):
            return day.isoformat()
        try:
            shown = column.show(column.read(str(text))) if column and str(text).strip() else tidy(text)
        except ValueError:
            shown = str(text)
        return shown or None

    def lacks(self, row: Row) -> list[str]:
        """Name what a unit still needs; a remark in place of values says why there are none."""
        if REASON in row and row[REASON].value is None and row[REASON].remark:
            return []
        if self.missing is not None:
            return self.missing(row)
        return [
            column.label
            for column in self.columns
            if column.needed and not is_given(row.get(column.item), each=self.remark_each)
        ]

    def read(
        self, subject: int, before: Row, typed: TypedRow, default: TypedRow
    ) -> tuple[Row, list[TypedFault]]:
        """Return the row as it would be, and what is wrong with it. `default` gives source and day to what
        was typed without."""
        reader = _RowReader(self, subject, before, typed, default)
        row = reader.row()
        return row, reader.faults


def is_given(cell: Cell | None, *, each: bool) -> bool:
    return cell is not None and (cell.value is not None or (each and bool(cell.remark)))


def values_of(row: Row) -> Values:
    return {item: cell.value for item, cell in row.items() if cell.value is not None}


def remark_of(row: Row) -> str:
    return next((cell.remark for cell in row.values() if cell.remark), "")


class _RowReader:
    def __init__(self, grid: Grid, subject: int, before: Row, typed: TypedRow, default: TypedRow) -> None:
        self.grid, self.subject, self.before = grid, subject, before
        self.typed, self.default = typed, default
        self.faults: list[TypedFault] = []

    def row(self) -> Row:
        values = self._values()
        if not self.faults:
            values |= {item: one for item, one in self.grid.fill(values).items() if item not in values}
        row = self._with_remarks(values)
        changed = {item: cell for item, cell in row.items() if self._differs(item, cell)}
        if (changed or self._source_typed()) and row:
            row = self._with_source(row)
        if changed and not self.faults:
            labels = {column.item: column.label for column in self.grid.columns}
            for item, why in self.grid.check(self.subject, row).items():
                self._fault(item, labels.get(item, "备注"), why)
        return row

    def _values(self) -> Values:
        found: Values = {}
        for column in self.grid.columns:
            text = self.typed.values.get(column.item)
            if text is None:
                kept = self.before.get(column.item)
                if kept is not None and kept.value is not None:
                    found[column.item] = kept.value
            elif text.strip():
                try:
                    found[column.item] = column.read(text)
                except ValueError as error:
                    self._fault(column.item, column.label, str(error))
        return found

    def _with_remarks(self, values: Values) -> Row:
        blanks = set(self.before) - set(values) if self.grid.keeps_blanks else set()
        if self.grid.remark_each:
            remarks = {column.item: self._remark(column.item) for column in self.grid.columns}
            wanted = [item for item, remark in remarks.items() if item in values or remark]
            return {item: Cell(values.get(item), remarks[item]) for item in wanted}
        remark = self._remark(REASON)
        known = [column.item for column in self.grid.columns]
        items = [item for item in known if item in values or (item in blanks and item)]
        if not values and remark:
            items = [*items, REASON] if REASON not in items else items
        return {item: Cell(values.get(item), remark) for item in items}

    def _remark(self, item: str) -> str:
        text = self.typed.remarks.get(item)
        if text is None:
            kept = self.before.get(item) if self.grid.remark_each else None
            return kept.remark if kept else "" if self.grid.remark_each else remark_of(self.before)
        remark = tidy(text)
        if len(remark) > LONGEST_REMARK:
            place = f"remark {item}" if self.grid.remark_each else "remark"
            self._fault(place, "备注", f"超过 {LONGEST_REMARK} 字，请缩短")
        return remark

    def _differs(self, item: str, cell: Cell) -> bool:
        kept = self.before.get(item)
        return kept is None or (kept.value, kept.remark) != (cell.value, cell.remark)

    def _source_typed(self) -> bool:
        return self.typed.source is not None or self.typed.source_on is not None

    def _with_source(self, row: Row) -> Row:
        if not self.grid.sourced:
            return row
        kept = next((cell for cell in self.before.values() if cell.source or cell.source_on), Cell())
        source = kept.source if self.typed.source is None else tidy(self.typed.source)
        source_on = kept.source_on if self.typed.source_on is None else self._day(self.typed.source_on)
        source = source or tidy(self.default.source)
        source_on = source_on or (self._day(self.default.source_on) if self.default.source_on else None)
        if len(source) > LONGEST_SOURCE:
            self._fault("source", "来源", f"超过 {LONGEST_SOURCE} 字，请缩短")
        if any(cell.value is not None for cell in row.values()):
            if not source:
                self._fault("source", "来源", "没有填写，请写明数据由谁提供，附文号或报表编号")
            if source_on is None and not any(one.place == "source_on" for one in self.faults):
                self._fault("source_on", "来源日期", "没有填写，请填数据的日期")
        return {item: Cell(one.value, one.remark, source, source_on) for item, one in row.items()}

    def _day(self, typed: object) -> date | None:
        if not tidy(typed):
            return None
        if (found := day_of(typed)) is None:
            self._fault("source_on", "来源日期", f"“{tidy(typed)[:20]}”不是日期，请写成 2022-03-31 的样式")
        return found

    def _fault(self, place: str, label: str, why: str) -> None:
        self.faults.append(TypedFault(self.subject, place, label, why))
