"""The score sheets of a round's units (评分表, FC-R12) and its ranking, as documents and workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils import timezone
from openpyxl import Workbook

from evaluations.models import Result
from evaluations.results import explained
from evaluations.results.score_sheet import Line, ScoreSheet
from evaluations.rounds import periods
from evaluations.schemes.stored import policy_of
from office import dates
from reports.documents.content import Align, Block, Content, Form, Heading, NewPage, Paragraph, Table
from reports.documents.content import Column as PaperColumn
from reports.results.ranking import Cell, Column, add_sheet

SHEET_COLUMNS: list[Column] = [
    ("项目", 34, False),
    ("满分", 10, True),
    ("得分情况", 14, True),
    ("备注", 60, False),
]
DOCUMENT_COLUMNS = (
    PaperColumn("项目", 5, Align.LEFT),
    PaperColumn("满分", 2),
    PaperColumn("得分情况", 2),
    PaperColumn("备注", 6, Align.LEFT),
)
NOTHING = "—"
ALL_COLUMNS: list[Column] = [("单位", 28, False), *SHEET_COLUMNS]


def sheets_content(result: Result, sheets: Sequence[ScoreSheet]) -> Content:
    """One content for PDF and .docx: each unit begins a page of its own."""
    titles = [f"{sheet.unit.name}评分表" for sheet in sheets]
    return Content(
        form=Form.RECORD,
        title=titles[0] if titles else f"{result.round.title}评分表",
        issuer=f"{settings.COUNTY_NAME}优化营商环境服务中心",
        on=timezone.localdate(result.computed_at),
        blocks=tuple(
            block
            for place, (title, sheet) in enumerate(zip(titles, sheets, strict=True))
            for block in ([NewPage(title)] if place else []) + _sheet_blocks(result, sheet)
        ),
    )


def _sheet_blocks(result: Result, sheet: ScoreSheet) -> list[Block]:
    again = f"，第{result.number}次结果" if result.number > 1 else ""
    checked = "" if result.signed_off_by_id else "本结果尚未审定，仅供核对。"
    day = dates.day(result.computed_at)
    return [
        Paragraph(f"{result.round.title}{again}。"),
        Table(DOCUMENT_COLUMNS, tuple(_document_rows(sheet))),
        Paragraph(f"依据{_document(result)}。“不单独公布”的，是为保护评价人和打分人，已计入得分。{checked}"),
        Paragraph(f"制表：{settings.COUNTY_NAME}优化营商环境服务中心，{day}。"),
    ]


def _document_rows(sheet: ScoreSheet) -> Iterator[tuple[str, ...]]:
    for line in sheet.lines:
        item = line.item if line.is_total else line.place
        yield item, line.full or NOTHING, line.got or NOTHING, _remark(line)


def _remark(line: Line) -> str:
    return "；".join(filter(None, (line.remark, f"条款 {line.clause}" if line.clause else "")))


def ranking_content(result: Result) -> Content:
    """The ranking of the centre: every pool with scores, grades, lists and notes."""
    rows = explained.ranking(result)
    pools = explained.pools(result, rows)
    has_grades = policy_of(result.scheme_version).defaults.grades is not None
    has_lists = any(row.listed for row in rows)
    columns = [PaperColumn("名次", 2), PaperColumn("单位", 7, Align.LEFT)]
    columns += [PaperColumn("得分（分）", 4)] + [PaperColumn("等次", 3)] * has_grades
    columns += [PaperColumn("名单", 3)] * has_lists + [PaperColumn("说明", 7, Align.LEFT)]
    blocks: list[Block] = [
        Paragraph(f"{periods.in_words(result.round.period)}，第{result.number}次结果，仅供内部使用。")
    ]
    for pool, found in pools:
        if len(pools) > 1:
            blocks.append(Heading(1, pool))
        told = (_ranked(row, grades=has_grades, lists=has_lists) for row in found)
        blocks.append(Table(tuple(columns), tuple(told)))
    blocks += [Paragraph(_list_said(one)) for one in explained.lists(result)]
    blocks += [Paragraph(f"提示：{one}。") for one in result.outcome.get("warnings", [])]
    checked = "" if result.signed_off_by_id else "本结果尚未审定，仅供核对。"
    office = f"{settings.COUNTY_NAME}优化营商环境服务中心"
    day = timezone.localdate(result.computed_at)
    return Content(
        form=Form.RECORD,
        title=f"{result.round.title}排名",
        issuer=office,
        on=day,
        blocks=(
            *blocks,
            Paragraph(f"依据{_document(result)}。{checked}"),
            Paragraph(f"制表：{office}，{dates.day(day)}。"),
        ),
    )


def _ranked(row: explained.Row, *, grades: bool, lists: bool) -> tuple[str, ...]:
    one = row.subject
    told = [NOTHING if one.rank is None else str(one.rank), row.department.name, one.score or NOTHING]
    told += [one.grade or NOTHING] * grades + [row.listed or NOTHING] * lists
    return (*told, "；".join(filter(None, (row.withheld, *row.flags))))


def _list_said(pool: Mapping[str, Any]) -> str:
    best, worst = ("、".join(pool[name]) or "无" for name in ("best", "worst"))
    said = f"{pool['pool']}名单。前列：{best}。末位：{worst}。"
    if pool["to_confirm"]:
        said += f"名单边缘同分，待确认：{'、'.join(pool['to_confirm'])}。"
    return said


def _document(result: Result) -> str:
    document = policy_of(result.scheme_version).defaults.document
    return f"《{document.title}》" + (f"（{document.number}）" if document.number else "")


def sheet_workbook(result: Result, sheet: ScoreSheet) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    title = f"{sheet.unit.name}评分表（{result.round.title}，第{result.number}次结果）"
    add_sheet(book, "评分表", title, SHEET_COLUMNS, _rows(sheet))
    return _bytes(book)


def sheets_workbook(result: Result, sheets: Sequence[ScoreSheet]) -> bytes:
    """One sheet with all lines, to filter by unit, instead of a sheet for each of a hundred units."""
    book = Workbook()
    book.remove(book.worksheets[0])
    title = f"{result.round.title}评分表（第{result.number}次结果）"
    lines = ([one.unit.name, *row] for one in sheets for row in _rows(one))
    add_sheet(book, "评分表", title, ALL_COLUMNS, lines)
    return _bytes(book)


def _rows(sheet: ScoreSheet) -> Iterator[list[Cell]]:
    for line in sheet.lines:
        yield [line.place, _number(line.full), _number(line.got), _remark(line)]


def _number(text: str) -> Cell:
    """Points as numbers, words as words."""
    try:
        return float(text) if "/" not in text else text
    except ValueError:
        return text


def _bytes(book: Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()
