"""Stream the cells of a sheet; a cell that does not say what its writer meant is kept as `Unusable`.

openpyxl's streaming reader gives errors as text and formulas nobody calculated as blanks, knows none of
the date formats of Chinese Excel and says nothing of hidden rows, so its parser is extended here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

# The formats that Excel keeps to each country; in Chinese Excel all of them show days or times.
CHINESE_DATES = frozenset((*range(27, 37), *range(50, 59)))
WEEKDAY = re.compile(r"^(\[[^\]]*\])*a{3,4}(;@)?$")
ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!"}
    | {"#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#GETTING_DATA", "#EXTERNAL!", "#PYTHON!"}
)
LONGEST_ERROR = 40
_NO_VALUE = re.compile(r"#{3,}|ERR:[0-9]{3}")
_BEGINS_AN_ERROR = frozenset("#＃Ee \u3000\xa0")
NOT_CALCULATED = "公式没有计算结果，请在 Excel 或 WPS 中打开并保存后重新上传。"
HIDDEN = ("1", "true")


@dataclass(frozen=True)
class Unusable:
    """A cell whose value is not what its writer meant: what it shows, and what to do."""

    shown: str
    reason: str
    text: str

    def __str__(self) -> str:
        return self.shown


def error_in(value: object) -> Unusable | None:
    """Return the fault of a text such as #N/A, pasted as a value, however its signs were typed.

    Too narrow a column shows ####, and LibreOffice writes Err:508.
    """
    if not isinstance(value, str) or len(value) > LONGEST_ERROR:
        return None
    text = "".join(unicodedata.normalize("NFKC", value).split()).upper()
    if text in ERRORS or f"{text}!" in ERRORS or _NO_VALUE.fullmatch(text):
        return _error(value.strip())
    return None


def _error(shown: str) -> Unusable:
    return Unusable(shown, "error value", f"单元格是错误值“{shown[:20]}”，请改正公式或直接填写内容。")


@dataclass
class Hidden:
    """What a sheet hides, as it shows while the sheet streams by."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


class _Parser(WorkSheetParser):
    def __init__(self, source: Any, strings: Any, hidden: Hidden, **formats: Any) -> None:
        super().__init__(source, strings, data_only=True, **formats)
        self.hidden = hidden

    def parse_row(self, row: Any) -> Any:
        number, cells = super().parse_row(row)
        if row.get("hidden") in HIDDEN or row.get("zeroHeight") in HIDDEN or _is_zero(row.get("ht")):
            self.hidden.rows.add(number)
        self.row_dimensions.clear()  # a long sheet would keep each row's height
        return number, cells

    def parse_column_dimensions(self, col: Any) -> None:
        if col.get("hidden") in HIDDEN or _is_zero(col.get("width")):
            first = int(col.get("min", 1))
            last = min(int(col.get("max", first)), first + 100)
            self.hidden.columns.update(range(first, last + 1))

    def parse_cell(self, element: Any) -> Any:
        cell = super().parse_cell(element)
        value = cell["value"]
        if cell["data_type"] == "e":
            cell["value"] = _error(str(value))
        elif isinstance(value, str) and value[:1] in _BEGINS_AN_ERROR:
            cell["value"] = error_in(value) or value
        elif value is None and _is_uncalculated(element):
            formula = "=" + (element.findtext(FORMULA_TAG) or "")
            cell["value"] = Unusable(formula[:40], "formula without a result", NOT_CALCULATED)
        return cell


def _is_zero(size: str | None) -> bool:
    """Whether somebody dragged a row or column shut."""
    return size is not None and not size.strip("0.")


def _is_uncalculated(element: Any) -> bool:
    """Whether a formula has no result; one whose result is an empty text has t="str" and is blank indeed."""
    if element.find(FORMULA_TAG) is None:
        return False
    return element.find(VALUE_TAG) is None or element.get("t") != "str"


def know_chinese_dates(book: Any) -> None:
    """Let a workbook read as days what Chinese Excel shows as days (formats 27–36, 50–58, 星期)."""
    for place, style in enumerate(book._cell_styles):  # noqa: SLF001 - openpyxl keeps its formats there
        if style.numFmtId in CHINESE_DATES or _shows_weekdays(book, style.numFmtId):
            book._date_formats.add(place)  # noqa: SLF001 - likewise


def _shows_weekdays(book: Any, number: int) -> bool:
    place = number - 164  # the first format of a workbook's own
    if not 0 <= place < len(book._number_formats):  # noqa: SLF001 - likewise
        return False
    return WEEKDAY.match(str(book._number_formats[place])) is not None  # noqa: SLF001 - likewise


def stream(sheet: Any, columns: int, hidden: Hidden) -> Iterator[tuple[object, ...]]:
    """Yield the values of each row from the first, rows that the file leaves out included.

    `sheet` is a ReadOnlyWorksheet, whose stubs leave out all that is needed here.
    """
    book: Any = sheet.parent
    blank: tuple[object, ...] = (None,) * columns
    with sheet._get_source() as source:  # noqa: SLF001 - the only way to the sheet's XML
        parser = _Parser(
            source,
            sheet._shared_strings,  # noqa: SLF001 - likewise
            hidden,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001 - likewise
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001 - likewise
        )
        expected = 1
        for number, cells in parser.parse():
            for _ in range(expected, number):
                yield blank
            if number < expected:  # a row twice, as the streaming reader leaves it aside
                continue
            expected = number + 1
            row: list[object] = [None] * columns
            for cell in cells:
                if 1 <= cell["column"] <= columns:
                    row[cell["column"] - 1] = cell["value"]
            yield tuple(row)
