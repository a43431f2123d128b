"""The monthly notice of a procedure (月度通报) from closed figures: fractions, units, matters by number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from casework.figures.notice import Sheet, notice_sheets
from casework.models import MonthFigures
from office import dates
from reports.documents.content import (
    Align,
    Attachment,
    Block,
    Column,
    Content,
    Form,
    Heading,
    Paragraph,
    Table,
)
from reports.documents.kinds import Ask, Given, Paper, Subject, register, register_subject
from reports.documents.services import About

MONTH = "matter_month"
MOST_RATES = 4
"""Rates beside a name that a page upright has room for; more make a second table."""


def month_paper(month: MonthFigures, given: Given) -> Content:
    """The notice as it is issued under a number; long tables are attachments."""
    sheets = notice_sheets(month)
    return Content(
        form=Form.DOCUMENT,
        title=_title(month),
        issuer=given.body.name,
        on=given.on,
        mark=given.mark,
        addressee=given.text("addressee"),
        blocks=(
            *_opening(month),
            Heading(1, sheets[0].title),
            _overall(sheets[0]),
            *_told("存在的问题", given.lines("problems")),
            *_told("下一步要求", given.lines("demands")),
        ),
        attachments=tuple(Attachment(one.title, tuple(_tables(one))) for one in sheets[1:] if one.rows),
        copies=tuple(given.lines("copies")),
        printed_by=given.printed_by,
    )


def month_file(month: MonthFigures, *, on: date) -> Content:
    """The same in one click, without number and red head."""
    sheets = notice_sheets(month)
    blocks: list[Block] = [*_opening(month), Heading(1, sheets[0].title), _overall(sheets[0])]
    for one in sheets[1:]:
        blocks.append(Heading(1, one.title))
        blocks += _tables(one) if one.rows else [Paragraph(one.empty)]
    return Content(
        form=Form.RECORD,
        title=_title(month),
        issuer=month.version.procedure.office,
        on=on,
        blocks=tuple(blocks),
        sealed=False,
    )


def _title(month: MonthFigures) -> str:
    return f"{month.version.procedure.office}{month.month:%Y}年{month.month.month}月办理情况通报"


def _opening(month: MonthFigures) -> Iterator[Block]:
    found = month.figures
    yield Paragraph(
        f"{dates.month(month.month)}共登记事项{found['registered']}件，受理{found['accepted']}件。"
        f"数字统计至{dates.moment(month.closed_at)}（第{month.number}版）。"
    )
    yield Paragraph(
        "按时的比率以本月到期的全部时限为分母，未办的也计入；其余比率以本月受理（登记）的事项为分母。"
        "办结与解决分别统计；没有应计事项的记“—”。"
    )


def _overall(sheet: Sheet) -> Table:
    columns = (Column("指标", 5, Align.LEFT), Column("比率", 3), Column("件数", 3), Column("其中延期", 3))
    return Table(columns, tuple(row[:4] for row in sheet.rows))


def _tables(sheet: Sheet) -> Iterator[Block]:
    """A list as it is; rates beside names in tables that a page has room for."""
    if sheet.title == "逾期事项":
        widths = (4, 7, 7, 4, 5, 5)
        columns = tuple(Column(one, width) for one, width in zip(sheet.headings, widths, strict=True))
        yield Table(columns, sheet.rows)
        return
    rates = len(sheet.headings) - 1
    for first in range(1, rates + 1, MOST_RATES):
        last = min(first + MOST_RATES, rates + 1)
        columns = (
            Column(sheet.headings[0], 4, Align.LEFT),
            *(Column(one, 3) for one in sheet.headings[first:last]),
        )
        rows = ((row[0], *(one.replace("（", "\n（") for one in row[first:last])) for row in sheet.rows)
        yield Table(columns, tuple(rows))


def _told(title: str, lines: list[str]) -> Iterator[Block]:
    if lines:
        yield Heading(1, title)
        yield from (Paragraph(line) for line in lines)


def _asks(month: MonthFigures) -> list[Ask]:
    return [
        Ask("addressee", "主送机关", initial="各有关单位", rows=1),
        Ask("problems", "存在的问题", help="每行一段。不写反映人。没有的，空着。", required=False),
        Ask("demands", "下一步要求", help="每行一段，写明完成期限。没有的，空着。", required=False),
        Ask("copies", "抄送机关", help="每行一个。没有的，空着。", rows=2, required=False),
    ]


register_subject(
    MONTH,
    Subject(
        label="事项月度数字",
        find=lambda pk: MonthFigures.objects.select_related("version").filter(pk=pk).first(),
        said=str,
        url=lambda found: reverse("casework:matter-month", args=[found.pk]),
        concerns=lambda found: About(MONTH, found.pk),
    ),
)
register(Paper(kind="matter_month", label="事项月度通报", about=MONTH, build=month_paper, asks=_asks))
