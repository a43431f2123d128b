"""Lists as workbooks: what the page shows, as filtered, safe to open in Excel and WPS."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from math import ceil
from operator import attrgetter
from typing import IO, Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from office.workbooks.sheets import ReportProgress

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
EVERY = 2000  # rows fetched at a time
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHOWN_AS = {datetime: "yyyy-mm-dd hh:mm:ss", date: "yyyy-mm-dd"}
# What XML cannot hold; a name with such a character must not spoil a whole export.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def safe(value: Any) -> Any:
    """Return a cell value; text that a spreadsheet would take for a formula gets an apostrophe in front.

    Dates stay dates and are not moved by time zones; importers take the apostrophe away again.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, date):
        return value
    text = UNWRITABLE.sub("", str(value))[:32_000]
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def lines_of(value: Any, width: int) -> int:
    texts = str(value or "").split("\n")
    return sum(max(1, ceil(sum(1 + (char > "\u2e80") for char in text) / (width - 1))) for text in texts)


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a small workbook as a whole; long lists go through `write_workbook`."""
    content = io.BytesIO()
    write_workbook(content, title, headings, rows)
    return content.getvalue()


def write_workbook(
    target: IO[bytes], title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Write one sheet, a heading row that stays and then the rows as they come; return their number."""
    book = Workbook(write_only=True)
    count = _add_sheet(book, title, headings, rows)
    book.save(target)
    return count


def workbook_of(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]],
    formats: Mapping[str, str] | None = None,
) -> bytes:
    """Return a workbook of several sheets: title, headings and rows of each; formats by heading."""
    book, content = Workbook(write_only=True), io.BytesIO()
    for title, headings, rows in sheets:
        _add_sheet(book, title, headings, rows, formats or {})
    book.save(content)
    return content.getvalue()


def _add_sheet(
    book: Workbook,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    formats: Mapping[str, str] | None = None,
) -> int:
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", "", title)[:31] or "导出")
    sheet.freeze_panes = "A2"
    for column, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(WIDEST, 12 + 2 * len(heading))
    sheet.append([_heading(sheet, heading) for heading in headings])
    written = {
        place: formats[heading] for place, heading in enumerate(headings) if formats and heading in formats
    }
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the number is what is returned
        sheet.append([_cell(sheet, value, written.get(place, "")) for place, value in enumerate(row)])
    return count


def _cell(sheet: Any, value: Any, written: str = "") -> Any:
    """Return a cell's value; only dates, and numbers with a format, need a cell object for it."""
    content = safe(value)
    as_written = SHOWN_AS.get(type(content), written if isinstance(content, float) else "")
    if not as_written:
        return content
    cell = WriteOnlyCell(sheet, value=content)
    cell.number_format = as_written
    return cell


def _heading(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def list_as_workbook(
    model_admin: Any,
    columns: Sequence[Any],
    queryset: QuerySet[Any],
    *,
    target: IO[bytes],
    progress: ReportProgress,
) -> int:
    """Write the columns of an admin's list as a workbook to `target`; return how many rows it has.

    Rows stream from the database to the disk, so that 200,000 of them need no more memory than ten.
    """
    model = model_admin.model
    title = str(model._meta.verbose_name_plural)
    headings = [str(label_for_field(name, model, model_admin)) for name in columns]
    return write_workbook(target, title, headings, _rows(model_admin, columns, queryset, progress))


def _rows(
    model_admin: Any, columns: Sequence[Any], queryset: QuerySet[Any], progress: ReportProgress
) -> Iterator[list[Any]]:
    readers = [_reader(name, model_admin) for name in columns]
    total = queryset.count()
    for number, row in enumerate(queryset.iterator(chunk_size=EVERY), start=1):
        if number % EVERY == 0:
            progress(number, total, "正在写入")
        yield [read(row) for read in readers]


def _reader(name: str, model_admin: Any) -> Callable[[Any], Any]:
    """Return a reader of one column: looking it up for every cell takes most of the time."""
    fields = {field.name: field for field in model_admin.model._meta.concrete_fields}
    field = fields.get(name)
    if field is None or hasattr(model_admin, name):
        return lambda row: _shown(name, row, model_admin)
    if field.flatchoices:
        labels = {value: str(label) for value, label in field.flatchoices}
        return lambda row: labels.get(getattr(row, name), getattr(row, name))
    return attrgetter(name)


def chosen_filters(changelist: Any) -> str:
    """Return the active filters in words: `主体类型：民营企业；搜索：五金`."""
    words = [
        f"{spec.title}：{strip_tags(str(choice['display']))}"
        for spec in changelist.filter_specs
        if spec.expected_parameters() and set(spec.expected_parameters()) & set(changelist.params)
        for choice in spec.choices(changelist)
        if choice.get("selected")
    ]
    if changelist.query:
        words.append(f"搜索：{changelist.query}")
    return "；".join(words)


def _shown(name: str, row: Any, model_admin: Any) -> Any:
    field, _, value = lookup_field(name, row, model_admin)
    if field is not None and getattr(field, "flatchoices", None):
        return getattr(row, f"get_{name}_display")()
    if isinstance(value, str) and hasattr(value, "__html__"):
        return strip_tags(value.replace("</div>", "\n")).strip()
    return value
