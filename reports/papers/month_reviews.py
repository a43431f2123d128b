"""The minutes of a month's review (月讲评纪要), from what was kept when the review ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse

from casework.hearings.rules import rules
from casework.models import MonthReview
from office import dates
from reports.documents.content import Align, Block, Column, Content, Form, Heading, Paragraph, Table
from reports.documents.content import said as said_day
from reports.documents.kinds import Ask, Given, Paper, Subject, register, register_subject
from reports.documents.services import About

MONTH_REVIEW = "month_review"
SHARES = {"done": "办结率", "on_time": "按时率", "kept": "承诺按期兑现率"}
NONE = "—"


def review_minutes(review: MonthReview, given: Given) -> Content:
    """The minutes as they are issued under a number, with who was there and what was agreed."""
    people = (
        (who, "、".join(given.lines(name)))
        for who, name in (("出席", "present"), ("请假", "excused"), ("列席", "attending"))
    )
    agreed = given.lines("decided")
    return Content(
        form=Form.MINUTES,
        title=_title(review),
        issuer=given.body.name,
        on=given.on,
        mark=f"{given.body.name.removesuffix('办公室')}会议纪要",
        blocks=(
            Paragraph(given.text("opening")),
            *_found(review),
            *([Heading(1, "议定事项")] if agreed else []),
            *(Paragraph(line) for line in agreed),
        ),
        attending=tuple((who, names) for who, names in people if names),
        copies=tuple(given.lines("copies")),
        printed_by=given.printed_by,
    )


def review_file(review: MonthReview, *, issuer: str, on: date) -> Content:
    """The same in one click, without number and red head."""
    return Content(
        form=Form.RECORD,
        title=_title(review),
        issuer=issuer,
        on=on,
        blocks=(Paragraph(_opening(review)), *_found(review)),
        sealed=False,
    )


def _title(review: MonthReview) -> str:
    return f"{dates.month(review.month)}讲评会纪要"


def _opening(review: MonthReview) -> str:
    return f"{said_day(review.held_on)}，召开{review.month.month}月讲评会，逐单位讲评周交办事项和公开承诺。"


def _found(review: MonthReview) -> Iterator[Block]:
    figures = review.figures
    units = figures["units"]
    whole = "，".join(f"{label}{_share(figures[name])}" for name, label in SHARES.items())
    yield Heading(1, "总体情况")
    yield Paragraph(f"{review.month.month}月{whole}。")
    yield Paragraph(
        "办结率以本月交办的事项为分母，按时率、承诺按期兑现率以本月到期的为分母，未完成的均计入；"
        "没有应计事项的以横线表示。"
    )
    yield Heading(1, "讲评等次")
    for word in rules().month.words:
        named = [one["unit"] for one in units if one["word"] == word]
        yield Paragraph(f"{word}（{len(named)}个单位）：{'、'.join(named) or '无'}。")
    yield Heading(1, "各单位情况")
    yield Table(
        (
            Column("单位", 4, Align.LEFT),
            *(Column(label, 3) for label in SHARES.values()),
            Column("讲评", 2),
            Column("意见", 6, Align.LEFT),
        ),
        tuple(_row(one) for one in units),
    )


def _row(unit: dict[str, Any]) -> tuple[str, ...]:
    shares = (_share(unit[name]).replace("（", "\n（") for name in SHARES)
    return (unit["unit"], *shares, unit["word"], unit["text"])


def _share(stored: dict[str, Any]) -> str:
    return f"{stored['number']}%（{stored['count']}/{stored['of']}）" if stored["of"] else NONE


def _asks(review: MonthReview) -> list[Ask]:
    return [
        Ask("opening", "会议情况", initial=_opening(review), rows=2),
        Ask(
            "decided",
            "议定事项",
            help="每行一项，写明办理单位和期限。没有的，空着。",
            rows=5,
            required=False,
        ),
        Ask("present", "出席人员", help="每行一人：姓名（职务）。", rows=4),
        Ask("excused", "请假人员", help="没有的，空着。", rows=2, required=False),
        Ask("attending", "列席人员", help="没有的，空着。", rows=2, required=False),
        Ask("copies", "抄送机关", help="每行一个。没有的，空着。", rows=2, required=False),
    ]


register_subject(
    MONTH_REVIEW,
    Subject(
        label="月讲评",
        find=lambda pk: MonthReview.objects.filter(pk=pk).first(),
        said=str,
        url=lambda found: reverse("casework:month", args=[f"{found.month:%Y-%m}"]),
        concerns=lambda found: About(MONTH_REVIEW, found.pk),
    ),
)
register(Paper(kind="month_review", label="月讲评纪要", about=MONTH_REVIEW, build=review_minutes, asks=_asks))
