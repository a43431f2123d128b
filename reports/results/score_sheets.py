"""The score sheets of a round's units (评分表, FC-R12) and its ranking, as documents and workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from openpyxl import Workbook

from evaluations.models import Result
from evaluations.results import explained
from evaluations.results.score_sheet import ScoreSheet
from evaluations.rounds import periods
from evaluations.schemes.stored import policy_of
from reports.results.ranking import Cell, Column, add_sheet

SHEET_COLUMNS: list[Column] = [
    ("项目", 34, False),
    ("满分", 10, True),
    ("得分情况", 14, True),
    ("备注", 60, False),
]
ALL_COLUMNS: list[Column] = [("单位", 28, False), *SHEET_COLUMNS]


def sheets_html(result: Result, sheets: Sequence[ScoreSheet]) -> str:
    return _html("score_sheets", result, sheets=sheets)


def ranking_html(result: Result) -> str:
    """The ranking of the centre: every pool with scores, grades, lists and notes."""
    scheme = policy_of(result.scheme_version).defaults
    rows = explained.ranking(result)
    return _html(
        "ranking",
        result,
        pools=explained.pools(result, rows),
        lists=explained.lists(result),
        has_grades=scheme.grades is not None,
        has_lists=any(row.listed for row in rows),
        warnings=result.outcome.get("warnings", []),
    )


def _html(template: str, result: Result, **more: Any) -> str:
    document = policy_of(result.scheme_version).defaults.document
    context = {
        "result": result,
        "round": result.round,
        "period": periods.in_words(result.round.period),
        "document": document,
        "county_name": settings.COUNTY_NAME,
        "demo": settings.DEMO,
        **more,
    }
    return str(render_to_string(f"reports/results/{template}.html", context))


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
        remark = "；".join(filter(None, (line.remark, f"条款 {line.clause}" if line.clause else "")))
        yield [line.place, _number(line.full), _number(line.got), remark]


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
