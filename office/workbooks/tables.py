"""Find a table inside a sheet: below titles, under one or two header rows, with merged cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import islice

from openpyxl.utils import get_column_letter

from office import dates
from office.workbooks.cells import Unusable
from office.workbooks.letters import named, private_characters
from office.workbooks.sheets import MAX_ROW, Fault, Merges, ReportProgress, Sheet, silently, squeeze
from office.workbooks.totals import is_count, is_total

HEADER_DEPTH = 15
MAX_ROWS = 20_000
EVERY = 1000  # rows between two notes of progress
MOST_NAMED = 20  # rows in one note

Headings = Mapping[str, tuple[str, ...]]
_BRACKETS = str.maketrans({"(": "（", ")": "）"})


@dataclass(frozen=True)
class Row:
    """One row of a table: what the cells show (merged ones included) and what they hold themselves."""

    number: int
    lead: str  # the first text in the row that is no number, whatever its column
    shown: dict[str, object]
    own: dict[str, object]
    faults: tuple[Fault, ...] = ()  # of cells that no importer can use: an error, a date for a text

    def is_blank(self, *fields: str) -> bool:
        """Whether none of these cells (default: all) holds anything of its own."""
        return not any(squeeze(self.own[name]) for name in fields or self.own)


@dataclass(frozen=True)
class Table:
    """A table found in a sheet; `columns` maps each field to its column, counted from 1."""

    sheet: Sheet
    first_row: int
    columns: dict[str, int]
    headings: Headings
    merges: Merges | None
    limit: int
    days: frozenset[str] = frozenset()  # fields whose cells may hold a date
    hidden_rows: list[int] = field(default_factory=list, compare=False)
    left_out: list[int] = field(default_factory=list, compare=False)
    remarks: list[str] = field(default_factory=list, compare=False)

    def notes(self) -> list[str]:
        """Say what the sheet hides and what was left out; complete once the rows have been read."""
        notes = list(self.remarks)
        if self.hidden_rows:
            notes.append(
                f"工作表“{self.sheet.name}”第{_some(self.hidden_rows)}行已隐藏或被筛选，仍按数据读入；"
                "不需要的，请删除这些行后重新上传。"
            )
        if self.left_out:
            notes.append(
                f"工作表“{self.sheet.name}”第{_some(self.left_out)}行是合计行，未读入；"
                "确是姓名或名称的，请在其后注明后重新上传。"
            )
        covered = [name for name, column in self.columns.items() if column in self.sheet.hidden.columns]
        if covered:
            said = "、".join(self.headings[name][0] for name in covered)
            notes.append(f"工作表“{self.sheet.name}”的“{said}”列已隐藏，仍按数据读入，请核对。")
        return notes

    def leaves_out(self, row: Row) -> bool:
        """Whether a row is a total; one that holds more than words and numbers of a total is told."""
        if not is_total(row.lead):
            return False
        cells = (value for value in row.own.values() if not isinstance(value, Unusable))
        if not all(is_count(squeeze(value)) for value in cells):
            self.left_out.append(row.number)
        return True

    def rows(self, progress: ReportProgress = silently) -> Iterator[Row]:
        """Yield the rows below the header that hold anything, merged cells filled with what they show."""
        held: dict[tuple[int, int], object] = {}
        for number, cells in enumerate(self.sheet.rows(self.limit), start=1):
            if number % EVERY == 0:
                progress(number, max(number, self.sheet.stated_rows), "正在读取和检查")
            if cells.count(None) == len(cells):  # a stray cell far below leaves a million
                continue
            width = len(cells)
            own = {
                name: cells[column - 1] if column <= width else None for name, column in self.columns.items()
            }
            shown = self._shown(number, own, held) if self.merges else own
            if number >= self.first_row:
                lead = next((text for cell in cells if (text := squeeze(cell)) and not text.isdecimal()), "")
                if number in self.sheet.hidden.rows:
                    self.hidden_rows.append(number)
                yield Row(number, lead, shown, own, self._unusable(number, own, shown))

    def _unusable(self, number: int, own: dict[str, object], shown: dict[str, object]) -> tuple[Fault, ...]:
        found: list[Fault] = []
        for name, value in own.items():
            seen = shown[name] if value is None else value
            if isinstance(seen, bool):
                text = f"单元格是逻辑值“{str(seen).upper()}”，请直接填写文字，如“是”或“否”。"
                found.append(self.fault(number, name, "logical value", text))
            if seen is None or isinstance(seen, int | float):
                continue
            if isinstance(seen, str):
                if private := private_characters(seen):
                    text = (
                        f"含有只在录入的电脑上能显示的字{named(private)}，网页和打印件上显示不出，"
                        "请改为规范汉字。"
                    )
                    found.append(self.fault(number, name, "private character", text))
            elif isinstance(seen, Unusable):
                found.append(self.fault(number, name, seen.reason, seen.text))
            elif isinstance(seen, date | time | timedelta) and name not in self.days:
                found.append(self.fault(number, name, "date for a text", _date_for_a_text(seen)))
        return tuple(found)

    def _shown(
        self, number: int, own: dict[str, object], held: dict[tuple[int, int], object]
    ) -> dict[str, object]:
        assert self.merges is not None  # noqa: S101 - narrows the type
        shown: dict[str, object] = {}
        for name, column in self.columns.items():
            anchor = self.merges.anchor(number, column)
            if (number, column) in self.merges.anchors:
                held[number, column] = own[name]
            shown[name] = own[name] if anchor == (number, column) else held.get(anchor)
        return shown

    def fault(self, row: int, name: str, reason: str, text: str) -> Fault:
        """Name a fault in the column of the field `name`."""
        return Fault(self.sheet.name, row, self.columns.get(name, 0), self.headings[name][0], reason, text)


def _some(rows: list[int]) -> str:
    more = "" if len(rows) <= MOST_NAMED else f"等 {len(rows)} "
    return "、".join(map(str, rows[:MOST_NAMED])) + more


def _date_for_a_text(value: date | time | timedelta) -> str:
    shown = dates.day(value) if isinstance(value, date) else str(value)
    what = "日期" if isinstance(value, date) else "时间"
    return (
        f"单元格被识别成了{what}（{shown}），请把单元格格式改为“文本”后重新填写，"
        "如“3-5个工作日”；系统不会猜测原来的内容。"
    )


def hidden_sheets_note(sheets: Iterable[Sheet]) -> str:
    names = "、".join(f"“{sheet.name}”" for sheet in sheets if not sheet.is_visible)
    return f"工作表{names}已隐藏，未读取；需要读取的，请取消隐藏后重新上传。" if names else ""


def unread_sheets_note(sheets: Iterable[Sheet]) -> str:
    names = "、".join(f"“{sheet.name}”" for sheet in sheets)
    return f"工作表{names}也有名单，未读取；请合并到第一张名单，或逐张另存后分别上传。" if names else ""


def unusable_headings(sheets: Iterable[Sheet]) -> str:
    """Say which cells above the data nobody can read, where a heading is missing."""
    found = [
        f"“{sheet.name}”第{number}行{get_column_letter(column)}列：{cell.text}"
        for sheet in sheets
        for number, row in enumerate(islice(sheet.rows(MAX_ROW), HEADER_DEPTH), start=1)
        for column, cell in enumerate(row, start=1)
        if isinstance(cell, Unusable)
    ]
    return found[0] if found else ""


def find_table(
    sheet: Sheet,
    headings: Headings,
    *,
    required: Collection[str],
    limit: int = MAX_ROWS,
    days: Collection[str] = (),
) -> Table | None:
    """Find the table under the first header that names the `required` fields.

    Fields outside `days` hold texts: a cell that a spreadsheet turned into a date is a fault there.
    """
    top = [_plain_row(row) for row in islice(sheet.rows(limit), HEADER_DEPTH)]
    for index, cells in enumerate(top):
        columns = _recognized(cells, headings)
        depth = 1
        if columns and index + 1 < len(top):
            below = {
                name: column
                for name, column in _recognized(top[index + 1], headings).items()
                if name not in columns and column not in columns.values()
            }
            if below:
                columns |= below
                depth = 2
        if columns.keys() >= set(required):
            first = index + 1 + depth
            return Table(sheet, first, columns, headings, sheet.merges() or None, limit, frozenset(days))
    return None


def best_guess(sheets: list[Sheet], headings: Headings, required: Collection[str]) -> list[str]:
    missing = [list(required)]
    for sheet in sheets:
        seen = {
            name
            for row in islice(sheet.rows(MAX_ROWS), HEADER_DEPTH)
            for name in _recognized(_plain_row(row), headings)
        }
        missing.append([name for name in required if name not in seen])
    return [headings[name][0] for name in min(missing, key=len)]


def _plain_row(row: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(squeeze(cell).translate(_BRACKETS) for cell in row)


def _recognized(cells: tuple[str, ...], headings: Headings) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, text in enumerate(cells, start=1):
        for name, spellings in headings.items():
            if text in spellings and name not in found:
                found[name] = column
                break
    return found
