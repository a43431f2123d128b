"""The monthly notice of benefits (兑现通报) from a closed month: rates, claims, money, items, pool."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import ceil

from django.urls import reverse

from benefits.models import MonthNotice
from benefits.notice.sheets import Sheet, opening, sheets_of
from benefits.rules import rules
from casework.figures.months import Month
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

MONTH = "benefit_month"
ROOM = 34
"""Signs of the columns that a page upright has room for; what is more makes a second table."""
NARROW, WIDE = 3, 11
IN_THE_TEXT = 3
"""The first tables stand in the text of the numbered notice, the others are attached."""


def notice_paper(notice: MonthNotice, given: Given) -> Content:
    """The notice as it is issued under a number."""
    sheets = sheets_of(notice.content)
    return Content(
        form=Form.DOCUMENT,
        title=_title(notice),
        issuer=given.body.name,
        on=given.on,
        mark=given.mark,
        addressee=given.text("addressee"),
        blocks=(
            *_opening(notice),
            *_headed(sheets[:IN_THE_TEXT]),
            *_told("存在的问题", given.lines("problems")),
            *_told("下一步要求", given.lines("demands")),
        ),
        attachments=tuple(
            Attachment(one.title, tuple(_tables(one))) for one in sheets[IN_THE_TEXT:] if one.rows
        ),
        copies=tuple(given.lines("copies")),
        printed_by=given.printed_by,
    )


def notice_file(notice: MonthNotice, *, on: date) -> Content:
    """The same in one click, without number and red head."""
    return Content(
        form=Form.RECORD,
        title=_title(notice),
        issuer=rules()[1].office,
        on=on,
        blocks=(*_opening(notice), *_headed(sheets_of(notice.content))),
        sealed=False,
    )


def _title(notice: MonthNotice) -> str:
    return f"{dates.month(notice.month)}惠企政策兑现情况通报"


def _opening(notice: MonthNotice) -> Iterator[Block]:
    yield from (Paragraph(said) for said in opening(notice.content))
    yield Paragraph(
        f"数字统计至{dates.moment(notice.closed_at)}（第{notice.number}版）。"
        + (f"重新结账的原因：{notice.reason}。" if notice.reason else "")
    )


def _headed(sheets: Sequence[Sheet]) -> Iterator[Block]:
    for one in sheets:
        yield Heading(1, one.title)
        if not one.rows:
            yield Paragraph(one.empty)
            continue
        yield from _tables(one)
        if one.note:
            yield Paragraph(one.note)


def _tables(sheet: Sheet) -> Iterator[Block]:
    """A list as it is; many numbers beside a name in tables that a page has room for."""
    texts = sheet.texts()
    widths = [_width(sheet, place, texts) for place in range(len(sheet.headings))]
    rest = list(range(1, len(widths)))
    while rest:
        shown = [rest.pop(0)]
        while rest and (sheet.is_list or widths[0] + sum(widths[one] for one in (*shown, rest[0])) <= ROOM):
            shown.append(rest.pop(0))
        columns = [_column(sheet, place, widths[place]) for place in (0, *shown)]
        rows = ((row[0], *(row[place].replace("%（", "%\n（") for place in shown)) for row in texts)
        yield Table(tuple(columns), tuple(rows))


def _width(sheet: Sheet, place: int, texts: Sequence[Sequence[str]]) -> int:
    """As wide as what stands in it, within reason; a digit takes half of a sign."""
    lines = [line for row in texts for line in row[place].replace("%（", "%\n（").split("\n")]
    longest = max((ceil(sum(1 if sign > "\u2e80" else 0.55 for sign in line)) for line in lines), default=0)
    heading = ceil(len(sheet.headings[place].removesuffix("（元）")) / 2) + 1
    return min(max(longest, heading, NARROW), WIDE)


def _column(sheet: Sheet, place: int, width: int) -> Column:
    heading = sheet.headings[place].replace("（元）", "\n（元）")
    return Column(heading, width, Align.LEFT) if width == WIDE or place == 0 else Column(heading, width)


def _told(title: str, lines: list[str]) -> Iterator[Block]:
    if lines:
        yield Heading(1, title)
        yield from (Paragraph(line) for line in lines)


def _asks(notice: MonthNotice) -> list[Ask]:
    return [
        Ask("addressee", "主送机关", initial="各有关单位", rows=1),
        Ask("problems", "存在的问题", help="每行一段。不写企业和个人。没有的，空着。", required=False),
        Ask("demands", "下一步要求", help="每行一段，写明完成期限。没有的，空着。", required=False),
        Ask("copies", "抄送机关", help="每行一个。没有的，空着。", rows=2, required=False),
    ]


register_subject(
    MONTH,
    Subject(
        label="兑现通报",
        find=lambda pk: MonthNotice.objects.filter(pk=pk).first(),
        said=lambda found: f"兑现通报 {Month.of(found.month)} 第{found.number}版",
        url=lambda found: reverse("benefits:notice", args=[found.pk]),
        concerns=lambda found: About(MONTH, found.pk),
    ),
)
register(Paper(kind="benefit_month", label="惠企政策兑现通报", about=MONTH, build=notice_paper, asks=_asks))
