"""Return an uploaded workbook with its faulty cells marked.

Small workbooks keep their look: the cell is colored and the reason stands in a note. Loading one as a
whole takes fifty times its size, so a large one is copied row by row, with the reasons in a last column.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from office.workbooks.cells import Unusable
from office.workbooks.sheets import (
    MAX_ROW,
    MEGABYTE,
    UNREADABLE,
    Fault,
    Sheet,
    damaged,
    open_workbook,
    unpacked_size,
)
from office.workbooks.writing import safe

LARGEST_WHOLE = 8 * MEGABYTE  # unpacked
COLOR = PatternFill("solid", fgColor="F9D6D6")
REASONS = "需要更正"
LINE = 20  # characters of a note
HIGHEST_NOTE = 400


def with_faults_marked(
    content: bytes, faults: Sequence[Fault], *, largest_whole: int = LARGEST_WHOLE
) -> bytes:
    """Return the workbook with every faulty cell colored and the reason beside it."""
    if unpacked_size(content) <= largest_whole:
        try:
            return _noted(content, faults)
        except UNREADABLE:  # what streams may still not load as a whole
            pass
    try:
        return _copied(content, faults)
    except UNREADABLE as error:
        raise damaged() from error


def _noted(content: bytes, faults: Sequence[Fault]) -> bytes:
    book = load_workbook(io.BytesIO(content))
    for fault in faults:
        sheet = book[fault.sheet]
        cell, text = sheet.cell(fault.row, fault.column or 1), fault.text
        if isinstance(cell, MergedCell):  # only the first cell of a merged range can be seen
            cell, text = _seen(sheet, cell), f"第{fault.row}行：{fault.text}"
        cell.fill = COLOR
        text = f"{cell.comment.text}\n{text}" if cell.comment else text
        lines = sum(1 + len(line) // LINE for line in text.split("\n"))
        cell.comment = Comment(text, "三亮", width=300, height=min(HIGHEST_NOTE, 24 + 20 * lines))
    return _saved(book)


def _seen(sheet: Any, cell: MergedCell) -> Any:
    merged = next(found for found in sheet.merged_cells.ranges if cell.coordinate in found)
    return sheet.cell(merged.min_row, merged.min_col)


def _copied(content: bytes, faults: Sequence[Fault]) -> bytes:
    by_sheet: dict[str, dict[int, list[Fault]]] = defaultdict(lambda: defaultdict(list))
    for fault in faults:
        by_sheet[fault.sheet][fault.row].append(fault)
    book = Workbook(write_only=True)
    for sheet in open_workbook(content):
        if sheet.name in by_sheet:
            _copy(sheet, book.create_sheet(sheet.name), by_sheet[sheet.name])
    return _saved(book)


def _copy(sheet: Sheet, target: Any, faults: dict[int, list[Fault]]) -> None:
    for number, row in enumerate(sheet.rows(MAX_ROW), start=1):
        cells: list[Any] = [safe(value) if isinstance(value, str | Unusable) else value for value in row]
        found = faults.get(number, [])
        for place in {max(fault.column, 1) - 1 for fault in found}:
            cells += [None] * (place + 1 - len(cells))
            cells[place] = _cell(target, cells[place], COLOR)
        if found:
            said = "；".join(f"{fault.label}：{fault.text}" for fault in found)
            cells.append(f"{REASONS}——{said}")
        target.append(cells)


def _cell(sheet: Any, value: Any, fill: PatternFill) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    cell.fill = fill
    return cell


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
