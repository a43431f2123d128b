"""Annex 3 (工作人员服务质量测评表), blank, as the frozen form of a round has it: .xlsx and PDF.

A sample to post and to check against; what people fill in on paper are the numbered packets, which the
survey prints itself.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from evaluations.models import Round
from office import audit, roles
from office.errors import Refused
from office.models import User
from office.workbooks.writing import lines_of, safe
from surveys import queries
from surveys.queries import BlankSheets

HEADINGS = ("序号", "科（室）", "姓名（岗位）", "评价内容")
WIDTHS = (6, 18, 24, 18)
ANSWER_WIDTH = 11
ROOM = 27  # points; a tick by pen needs a centimeter
NOTE = "请在所选一栏打“√”；没有打过交道的可以不填，按“不了解情况”计。"
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
CENTERED = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(vertical="center", wrap_text=True)


def take_sheets(*, round: Round, department: str | None, as_pdf: bool, acting_user: User) -> BlankSheets:
    """Return the blank sheets of one department or of all, and record the export."""
    roles.require(acting_user, "round.view")
    found = queries.blank_sheets(round.survey) if round.survey is not None else None
    if found is None:
        raise Refused("该轮次的评价表还没有定稿", "请在评价表定稿后再导出测评表。")
    chosen = [one for one in found.departments if department in (None, one[0])]
    if not chosen:
        raise Refused("该轮次的评价表中没有这个单位", "请重新选择单位。")
    with transaction.atomic():
        told = {
            "内容": "附件3（空白测评表）",
            "格式": "PDF" if as_pdf else "工作簿",
            "单位": department or "全部单位",
        }
        audit.record("导出", round, acting_user=acting_user, after=told)
    return BlankSheets(found.words, chosen)


def sheets_html(sheets: BlankSheets, *, title: str, county: str) -> str:
    context = {"sheets": sheets, "title": title, "county_name": county, "note": NOTE}
    return render_to_string("reports/annexes/blank_sheets.html", context)


def sheets_workbook(sheets: BlankSheets, *, title: str) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, (name, rows) in enumerate(sheets.departments, start=1):
        short = re.sub(r"[\[\]:*?/\\']", "", name)[:26]
        sheet = book.create_sheet(f"{number} {short}")
        _fill(sheet, name, rows, sheets.words, title)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Any, name: str, rows: Sequence[dict[str, Any]], words: Sequence[str], title: str) -> None:
    width = len(HEADINGS) + len(words)
    for number, text in enumerate((f"{name}工作人员服务质量测评表", f"{title}　　{NOTE}"), start=1):
        sheet.append([safe(text)])
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
    sheet["A1"].font, sheet["A1"].alignment = Font(name="宋体", size=18, bold=True), CENTERED
    sheet["A2"].font, sheet["A2"].alignment = Font(name="宋体", size=11), LEFT
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 36, 32
    sheet.append([*HEADINGS, *words])
    for row in rows:
        who = f"{row['who']}（{row['post']}）" if row["post"] else row["who"]
        texts = [row["number"], safe(row["of"]), safe(who), safe(row["ask"])]
        sheet.append([*texts, *[None] * len(words)])
        lines = max(lines_of(text, wide) for text, wide in zip(texts, WIDTHS, strict=True))
        sheet.row_dimensions[sheet.max_row].height = max(ROOM, 15 * lines + 6)
    for cells in sheet.iter_rows(min_row=3, max_col=width):
        for cell in cells:
            cell.border, cell.alignment = BOX, CENTERED if cell.row == 3 or cell.column == 1 else LEFT
            cell.font = Font(name="宋体", size=11, bold=cell.row == 3)
    for column in range(1, width + 1):
        wide = WIDTHS[column - 1] if column <= len(WIDTHS) else ANSWER_WIDTH
        sheet.column_dimensions[get_column_letter(column)].width = wide
    sheet.freeze_panes, sheet.print_title_rows = "A4", "3:3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
