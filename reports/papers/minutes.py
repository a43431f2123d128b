"""The minutes of a meeting on a round (纪要): the leading group's, or a sitting's for comment (讲评)."""

from __future__ import annotations

from evaluations.models import Round
from office import dates
from reports.documents.content import Content, Form, Paragraph
from reports.documents.kinds import Ask, Given, Paper, register
from reports.papers.rounds import ROUND


def minutes(round_: Round, given: Given) -> Content:
    people = (
        (who, "、".join(given.lines(name)))
        for who, name in (("出席", "present"), ("请假", "excused"), ("列席", "attending"))
    )
    return Content(
        form=Form.MINUTES,
        title=given.text("title"),
        issuer=given.body.name,
        on=given.on,
        mark=f"{given.body.name.removesuffix('办公室')}会议纪要",
        blocks=(
            Paragraph(given.text("opening")),
            Paragraph("会议议定："),
            *(Paragraph(line) for line in given.lines("decided")),
        ),
        attending=tuple((who, names) for who, names in people if names),
        copies=tuple(given.lines("copies")),
        printed_by=given.printed_by,
    )


def _asks(round_: Round) -> list[Ask]:
    results = round_.results.filter(replaced_by=None).select_related("approved_by").first()
    approved = results is not None and results.approved_at is not None
    decided = f"一、同意{round_.title}第{results.number}次计算结果。" if results and approved else ""
    day = dates.day(results.approved_at) if results and results.approved_at else "　年　月　日"
    return [
        Ask("title", "标题", initial=f"研究{round_.title}有关事项", rows=1),
        Ask("opening", "会议情况", initial=f"{day}，召开会议，研究{round_.title}有关事项。", rows=3),
        Ask("decided", "议定事项", help="每行一项，写明办理单位和期限。", initial=decided, rows=6),
        Ask("present", "出席人员", help="每行一人：姓名（职务）。", rows=4),
        Ask("excused", "请假人员", help="没有的，空着。", rows=2, required=False),
        Ask("attending", "列席人员", help="没有的，空着。", rows=2, required=False),
        Ask("copies", "抄送机关", help="每行一个。没有的，空着。", rows=2, required=False),
    ]


register(Paper(kind="minutes", label="会议纪要", about=ROUND, build=minutes, asks=_asks))
