"""Lists as workbooks: what the page shows, as filtered, safe to open in Excel and WPS."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 100_000
WIDEST = 60
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# What XML cannot hold; a name with such a character must not spoil a whole export.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def safe(value: Any) -> Any:
    """Return a cell value; text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    text = UNWRITABLE.sub("", str(value))[:32_000]
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook with one sheet: a heading row that stays, then the rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", "", title)[:31] or "导出")
    sheet.freeze_panes = "A2"
    for column, heading in enumerate(headings):
        sheet.column_dimensions[chr(ord("A") + column)].width = min(WIDEST, 12 + 2 * len(heading))
    sheet.append([_heading(sheet, heading) for heading in headings])
    for row in rows:
        sheet.append([safe(value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _heading(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def list_as_workbook(model_admin: Any, columns: Sequence[Any], queryset: QuerySet[Any]) -> bytes:
    """Return the columns of an admin's list as a workbook."""
    model = model_admin.model
    headings = [str(label_for_field(name, model, model_admin)) for name in columns]
    rows = (
        [_shown(name, row, model_admin) for name in columns]
        for row in queryset[:MOST_ROWS].iterator(chunk_size=2000)
    )
    return workbook(str(model._meta.verbose_name_plural), headings, rows)


def _shown(name: str, row: Any, model_admin: Any) -> Any:
    field, _, value = lookup_field(name, row, model_admin)
    if field is not None and getattr(field, "flatchoices", None):
        return getattr(row, f"get_{name}_display")()
    if isinstance(value, str) and hasattr(value, "__html__"):
        return strip_tags(value.replace("</div>", "\n")).strip()
    return value
