"""The yearly account as a table sheet, and the letter that answers a request before an appointment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.urls import reverse

from evaluations.account.answering import HEADINGS
from evaluations.account.reckoning import Account, Registered
from evaluations.account.reporting import Package
from evaluations.models import AccountExtract
from office import dates
from reports.documents.content import (
    Align,
    Block,
    Column,
    Content,
    Field,
    Fields,
    Form,
    Heading,
    Paragraph,
    Table,
)
from reports.documents.kinds import Given, Paper, Subject, register, register_subject
from reports.documents.services import About

EXTRACT = "extract"
RULE = "只计已经决定的；撤销、不予实施和待决定的列出而不计。年度累计数以最后一次为准，不相加。"
NOTHING = "—"
ENTRIES = (
    Column("登记编号", 6),
    Column("处置", 5, Align.LEFT),
    Column("起因", 6, Align.LEFT),
    Column("考核分", 4, Align.RIGHT),
    Column("状态", 5),
    Column("决定和影响期", 10, Align.LEFT),
)


def unit_account(account: Account, year: int, people: Iterable[Account], *, on: date) -> Content:
    points = account.points
    people = list(people)
    return Content(
        form=Form.RECORD,
        title=f"{account.name}{year}年度账目",
        issuer="",
        on=on,
        sealed=False,
        blocks=(
            Fields(
                (
                    (Field("单位", account.name), Field("年度", f"{year}年")),
                    (Field("亮牌", f"{account.cards}次"), Field("考核分", points.counted_in_words)),
                    (
                        Field("待决定的变动", points.pending_in_words),
                        Field("位列前列、末位", f"{account.times_best}次、{account.times_worst}次"),
                    ),
                    (Field("连续情况", "；".join(account.runs) or NOTHING),),
                )
            ),
            Paragraph(f"{RULE}截至{dates.day(on)}。"),
            Heading(1, "各轮次评定"),
            _stood(account),
            Heading(1, "单位的处置事项"),
            _entries(account.entries),
            *_people(people),
        ),
    )


def _stood(account: Account) -> Block:
    columns = (Column("轮次", 4), Column("方案", 7, Align.LEFT), Column("得分", 3, Align.RIGHT))
    rows = (
        (
            one.period_in_words,
            one.scheme_title,
            one.score or NOTHING,
            one.grade or NOTHING,
            NOTHING if one.rank is None else str(one.rank),
            one.listed_in_words or NOTHING,
        )
        for one in account.stood
    )
    more = (Column("等次", 3), Column("名次", 2), Column("名单", 4))
    return _table((*columns, *more), rows, "本年度还没有申诉期已结束的轮次。")


def _entries(entries: Iterable[Registered]) -> Block:
    return _table(ENTRIES, (_entry(one) for one in entries), "本年度没有处置事项。")


def _entry(one: Registered) -> tuple[str, ...]:
    points = (
        f"{one.points_in_words}（累计数）" if one.points and one.points_are_total else one.points_in_words
    )
    said = f"{one.body}\n{one.number}\n{dates.day(one.decided_on)}" if one.decided_on else NOTHING
    if one.effect_in_words:
        said += f"\n影响期：{one.effect_in_words}"
    return (one.register_number, one.word, one.because, points, one.standing_in_words, said)


def _table(columns: tuple[Column, ...], rows: Iterable[tuple[str, ...]], empty: str) -> Block:
    found = tuple(rows)
    return Table(columns, found) if found else Paragraph(empty)


def _people(people: list[Account]) -> Iterator[Block]:
    if people:
        yield Heading(1, "人员的处置事项（只供有关负责人员查看）")
    for one in people:
        yield Heading(2, f"{one.name}{'，' + one.post if one.post else ''}")
        yield _entries(one.entries)


def package_sheet(package: Package, year: int, *, on: date) -> Content:
    """What goes to a superior body: its units with a decided report, and how each came out."""
    decided = {(one.department, one.round): one for one in package.entries if one.counts}
    rows = (
        (
            one.name,
            one.period_in_words,
            one.score or NOTHING,
            one.grade or NOTHING,
            NOTHING if one.rank is None else str(one.rank),
            one.listed_in_words or NOTHING,
            decided[(one.department, one.round)].number,
        )
        for one in package.stood
        if (one.department, one.round) in decided
    )
    columns = (
        Column("单位", 6, Align.LEFT),
        Column("轮次", 4),
        Column("得分", 3, Align.RIGHT),
        Column("等次", 3),
        Column("名次", 2),
        Column("名单", 4),
        Column("决定文号", 6, Align.LEFT),
    )
    return Content(
        form=Form.RECORD,
        title=f"{year}年考核评议结果报送表",
        issuer="",
        on=on,
        sealed=False,
        blocks=(
            Fields(((Field("报送机关", package.body), Field("年度", f"{year}年")),)),
            _table(columns, rows, "没有已经决定报送的单位。"),
        ),
    )


def reply(extract: AccountExtract, given: Given) -> Content:
    """The letter that answers: what is in force, what has run out, what has no time; as it was registered."""
    asked = f"（{extract.letter}）" if extract.letter else ""
    said = (
        f"贵单位{extract.asked_by_person}于{dates.day(extract.asked_on)}查询{extract.about}的处置登记{asked}，"
        f"用途为{extract.purpose}。经查，现回复如下："
    )
    return Content(
        form=Form.LETTER,
        title=f"关于{extract.about}处置登记的回复意见",
        issuer=given.body.name,
        on=given.on,
        mark=given.mark,
        addressee=extract.asked_by_body,
        blocks=(Paragraph(said), *_answered(extract), Paragraph("本回复只供上述用途使用，请勿外传。")),
        printed_by=given.printed_by,
    )


def _answered(extract: AccountExtract) -> Iterator[Block]:
    if not any(extract.content.values()):
        yield Paragraph(f"截至{dates.day(extract.asked_on)}，没有处置登记。")
    for heading in HEADINGS.values():
        rows = extract.content.get(heading, [])
        if rows:
            yield Heading(1, heading)
        for row in map(dict, rows):
            until = f"影响期{row['影响期']}，" if row["影响期"] else ""
            yield Paragraph(
                f"{row['处置']}：因{row['轮次']}{row['起因']}，{row['决定机关']}{row['决定日期']}"
                f"以{row['文号']}决定，{until}{row['状态']}。"
            )


register_subject(
    EXTRACT,
    Subject(
        label="任职查询",
        find=lambda pk: AccountExtract.objects.select_related("department").filter(pk=pk).first(),
        said=str,
        url=lambda found: reverse("cockpit:account-extract", args=[found.pk]),
        concerns=lambda found: About(EXTRACT, found.pk, None, concerns_person=True),
    ),
)
register(Paper(kind="extract_reply", label="任职查询回复意见", about=EXTRACT, build=reply))
