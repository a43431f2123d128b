"""Annex 1 and annex 2 as a workbook in their printed form, which can be imported again without a change."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from departments.roster.annexes import DepartmentLines
from office import dates
from office.workbooks.writing import lines_of, safe

HEADINGS_1 = ("序号", "部门", "科（室）", "姓名", "基本信息", None, None, "办公电话", "备注")
BELOW_1 = (None, None, None, None, "职务", "人员类别", "分管科室", None, None)
WIDTHS_1 = (6, 20, 16, 11, 24, 13, 24, 16, 16)
HEADINGS_2 = (
    "部门",
    "科（室）",
    "岗位职责",
    "工作制度",
    "事项名称",
    "办理流程",
    "办理时限",
    "服务用语",
)
WIDTHS_2 = (16, 14, 32, 24, 24, 24, 16, 24)
LINE = 15  # points
HIGHEST_ROW = 400  # points; a spreadsheet takes 409, so what is longer spreads over several joined rows

TITLE = Font(name="宋体", size=18, bold=True)
HEADING = Font(name="宋体", size=11, bold=True)
BODY = Font(name="宋体", size=11)
SHARED_1 = (2, 3)  # columns joined over a department or a section
SHARED_2 = (1, 2, 3, 4, 8)
CENTERED = Alignment(horizontal="center", vertical="center", wrap_text=True)
WRITTEN = Alignment(horizontal="left", vertical="center", wrap_text=True)
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def annex_workbook(found: Sequence[DepartmentLines], *, county: str, today: date) -> bytes:
    book = Workbook()
    people, duties = book.active, book.create_sheet("附件2")
    assert people is not None  # noqa: S101 - a new workbook has a sheet
    people.title = "附件1"
    _annex_1(people, found, county, today)
    _annex_2(duties, found, county)
    sheets: list[Any] = [people, duties]
    for sheet in sheets:
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _annex_1(sheet: Any, found: Sequence[DepartmentLines], county: str, today: date) -> None:
    _title(sheet, f"{county}“三亮”专题行动部门人员身份公示表", WIDTHS_1)
    sender = f"{county}优化营商环境服务中心" if len(found) > 1 else found[0].department.name
    sheet.append([f"填报单位：{sender}", *[None] * 4, f"填报日期：{dates.day(today)}"])
    sheet.merge_cells("A2:E2")
    sheet.merge_cells("F2:I2")
    sheet.append(HEADINGS_1)
    sheet.append(BELOW_1)
    for column in "ABCDHI":
        sheet.merge_cells(f"{column}3:{column}4")
    sheet.merge_cells("E3:G3")
    _headed(sheet, 3, 4)
    body = _Body(sheet, WIDTHS_1, 4, SHARED_1)
    for unit in found:
        first = body.last + 1
        for lines in unit.staffed:
            top = body.last + 1
            for person in lines.people:
                cells = [person.name, person.post, person.kind, person.supervises]
                cells += [person.office_phone, person.note]
                body.add([person.number, unit.department.name, lines.section.name, *cells])
            body.merge(3, top)
        body.merge(2, first)
    total = sum(unit.headcount for unit in found)
    body.add(["合计", None, None, f"{total}人", *[None] * 5])
    sheet.merge_cells(start_row=body.last, end_row=body.last, start_column=1, end_column=3)


def _annex_2(sheet: Any, found: Sequence[DepartmentLines], county: str) -> None:
    _title(sheet, f"{county}“三亮”专题行动部门科（室）岗位职责公示表", WIDTHS_2)
    sheet.append(HEADINGS_2)
    _headed(sheet, 2, 2)
    body = _Body(sheet, WIDTHS_2, 2, SHARED_2)
    for unit in found:
        first = body.last + 1
        for lines in unit.on_duty:
            top, section = body.last + 1, lines.section
            duties = [unit.department.name, section.name, section.responsibilities, section.work_rules]
            rows: list[list[Any]] = [
                [*[None] * 4, item.name, item.procedure, item.time_limit, None] for item in lines.items
            ] or [[None] * 8]
            rows[0][:4], rows[0][7] = duties, section.service_words
            heights = [body.height_of(row, apart=SHARED_2) for row in rows]
            needed = max(body.height_of(rows[0]), sum(heights))
            for row, height in zip(rows, heights, strict=True):  # they share what the joined cells need
                body.add(row, height * needed / sum(heights))
            for column in (2, 3, 4, 8):
                body.merge(column, top)
        body.merge(1, first)


def _title(sheet: Any, text: str, widths: Sequence[int]) -> None:
    sheet.append([text])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(widths))
    sheet["A1"].font, sheet["A1"].alignment = TITLE, CENTERED
    sheet.row_dimensions[1].height = 36
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _headed(sheet: Any, first: int, last: int) -> None:
    for row in sheet.iter_rows(min_row=first, max_row=last):
        for cell in row:
            cell.font, cell.alignment, cell.border = HEADING, CENTERED, BOX
    sheet.freeze_panes = f"A{last + 1}"
    sheet.print_title_rows = f"{first}:{last}"


class _Body:
    """The rows below the headings; `shared` columns are joined over several lines of the annex."""

    def __init__(self, sheet: Any, widths: Sequence[int], last: int, shared: Sequence[int]) -> None:
        self.sheet, self.widths, self.last, self.shared = sheet, widths, last, shared

    def height_of(self, values: Sequence[Any], *, apart: Sequence[int] = ()) -> float:
        """Return the points that the longest of these texts takes in its column."""
        lines = [
            lines_of(text, width)
            for column, (text, width) in enumerate(zip(values, self.widths, strict=True), start=1)
            if column not in apart
        ]
        return LINE * max(lines) + 6

    def add(self, values: Sequence[Any], height: float = 0) -> None:
        """Append one line of the annex: a boxed row, or as many joined rows as its height takes."""
        height = height or self.height_of(values)
        top, count = self.last + 1, ceil(height / HIGHEST_ROW)
        for number in range(top, top + count):
            self.sheet.row_dimensions[number].height = round(height / count, 2)
            for column, value in enumerate(values, start=1):
                cell = self.sheet.cell(number, column)
                if number == top and value not in (None, ""):
                    cell.value = safe(value)
                cell.font, cell.border = BODY, BOX
                cell.alignment = WRITTEN if "\n" in str(value) or count > 1 else CENTERED
        self.last += count
        for column in range(1, len(values) + 1):
            if column not in self.shared:
                self.merge(column, top)

    def merge(self, column: int, top: int) -> None:
        """Join the cells of a column from `top` to the last row; only the first keeps its text."""
        if self.last > top:
            self.sheet.merge_cells(start_row=top, end_row=self.last, start_column=column, end_column=column)
