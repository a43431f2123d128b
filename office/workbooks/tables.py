"""Find a table inside a sheet: below titles, under one or two header rows, with merged cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from office.workbooks.sheets import Fault, Merges, ReportProgress, Sheet, silently, squeeze

HEADER_DEPTH = 15
MAX_ROWS = 20_000
EVERY = 1000  # rows between two notes of progress

Headings = Mapping[str, tuple[str, ...]]
_BRACKETS = str.maketrans({"(": "（", ")": "）"})


@dataclass(frozen=True)
class Row:
    """One row of a table: what the cells show (merged ones included) and what they hold themselves."""

    number: int
    lead: str  # the first text in the row, whatever its column
    shown: dict[str, object]
    own: dict[str, object]

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
                lead = next((text for cell in cells if (text := squeeze(cell))), "")
                yield Row(number, lead, shown, own)

    def _shown(
        self, number: int, own: dict[str, object], held: dict[tuple[int, int], object]
    ) -> dict[str, object]:
        assert self.merges is not None  # noqa: S101 - narrows the type
        shown: dict[str, object] = {}
        for name, column in self.columns.items():
            held[number, column] = own[name]
            shown[name] = held.get(self.merges.anchor(number, column))
        return shown

    def fault(self, row: int, name: str, reason: str, text: str) -> Fault:
        """Name a fault in the column of the field `name`."""
        return Fault(self.sheet.name, row, self.columns.get(name, 0), self.headings[name][0], reason, text)


def find_table(
    sheet: Sheet,
    headings: Headings,
    *,
    required: Collection[str],
    with_merges: bool = True,
    limit: int = MAX_ROWS,
) -> Table | None:
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
            merges = sheet.merges() if with_merges else None
            return Table(sheet, index + 1 + depth, columns, headings, merges, limit)
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
