"""Annex 1 and annex 2 as a workbook in their printed form, which can be imported again without a change."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from departments.roster.annexes import DepartmentLines
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
HIGHEST_ROW = 400  # points; a spreadsheet takes 409

TITLE = Font(name="宋体", size=18, bold=True)
HEADING = Font(name="宋体", size=11, bold=True)
BODY = Font(name="宋体", size=11)
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
    sheet.append([f"填报单位：{sender}", *[None] * 4, f"填报日期：{today:%Y.%-m.%-d}"])
    sheet.merge_cells("A2:E2")
    sheet.merge_cells("F2:I2")
    sheet.append(HEADINGS_1)
    sheet.append(BELOW_1)
    for column in "ABCDHI":
        sheet.merge_cells(f"{column}3:{column}4")
    sheet.merge_cells("E3:G3")
    _headed(sheet, 3, 4)
    body = _Body(sheet, WIDTHS_1, 4)
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
    body = _Body(sheet, WIDTHS_2, 2)
    for unit in found:
        first = body.last + 1
        for lines in unit.on_duty:
            top, section = body.last + 1, lines.section
            duties = [unit.department.name, section.name, section.responsibilities, section.work_rules]
            if not lines.items:
                body.add([*duties, None, None, None, section.service_words])
            for number, item in enumerate(lines.items):
                texts = [*duties, section.service_words] if number == 0 else [None] * 5
                body.add([*texts[:4], item.name, item.procedure, item.time_limit, texts[4]])
            body.make_room(top, {3: section.responsibilities, 4: section.work_rules})
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
    """The rows below the headings."""

    def __init__(self, sheet: Any, widths: Sequence[int], last: int) -> None:
        self.sheet, self.widths, self.last = sheet, widths, last

    def add(self, values: Sequence[Any]) -> None:
        """Append one boxed row, high enough for its own short texts."""
        self.last += 1
        for column, value in enumerate(values, start=1):
            cell = self.sheet.cell(self.last, column, None if value in (None, "") else safe(value))
            cell.font, cell.border = BODY, BOX
            cell.alignment = WRITTEN if "\n" in str(value) else CENTERED
        short = [
            lines_of(text, width)
            for text, width in zip(values, self.widths, strict=True)
            if "\n" not in str(text)
        ]
        self.sheet.row_dimensions[self.last].height = min(HIGHEST_ROW, LINE * max(short) + 6)

    def make_room(self, top: int, texts: dict[int, str]) -> None:
        """Share the height of long texts among the rows that their merged cell covers."""
        needed = LINE * max(lines_of(text, self.widths[column - 1]) for column, text in texts.items()) + 6
        each = needed / (self.last + 1 - top)
        for number in range(top, self.last + 1):
            row = self.sheet.row_dimensions[number]
            row.height = min(HIGHEST_ROW, max(row.height, each))

    def merge(self, column: int, top: int) -> None:
        """Join the cells of a column from `top` to the last row; only the first keeps its text."""
        if self.last > top:
            self.sheet.merge_cells(start_row=top, end_row=self.last, start_column=column, end_column=column)
