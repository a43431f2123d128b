"""The monthly notice on a round's consequences (月度通报): rates with their fractions, open ones included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evaluations.models import Disposition, Round
from evaluations.scoring.measures import KIND_LABELS
from reports.documents.content import Align, Block, Column, Content, Form, Heading, Paragraph, Table
from reports.documents.kinds import Ask, Given, Paper, register
from reports.papers.rounds import ROUND, appeals_not_over

State = Disposition.State
DECIDED = frozenset({State.DECIDED, State.SERVED, State.IN_FORCE, State.FULFILLED, State.LAPSED})
SERVED = DECIDED - {State.DECIDED}
DONE = frozenset({State.FULFILLED, State.LAPSED})
COLUMNS = (
    Column("处置种类", 4, Align.LEFT),
    Column("提出", 2),
    Column("决定", 2),
    Column("送达", 2),
    Column("办结", 2),
    Column("办结率", 4),
)


def monthly_notice(round_: Round, given: Given) -> Content:
    return Content(
        form=Form.DOCUMENT,
        title=f"关于{given.text('month')}营商环境评价结果办理情况的通报",
        issuer=given.body.name,
        on=given.on,
        mark=given.mark,
        addressee=given.text("addressee"),
        blocks=tuple(_body(round_, given)),
        copies=tuple(given.lines("copies")),
        printed_by=given.printed_by,
    )


def _body(round_: Round, given: Given) -> Iterator[Block]:
    yield Paragraph(
        f"现将{given.text('month')}办理{round_.title}结果的情况通报如下。数字统计至{given.on.month}月{given.on.day}日。"
    )
    yield Heading(1, "总体情况")
    if rows := _rows(round_):
        yield Table(COLUMNS, tuple(rows))
        yield Paragraph("办结率为已办结件数占已决定件数的比例，未办结的计入分母；没有已决定事项的不计算。")
    else:
        yield Paragraph("本轮评价结果没有提出处置事项。")
    for title, name in (("办理较好的单位", "good"), ("存在的问题", "problems"), ("下一步要求", "demands")):
        if lines := given.lines(name):
            yield Heading(1, title)
            yield from (Paragraph(line) for line in lines)


def _rows(round_: Round) -> list[tuple[str, ...]]:
    """Counts of kinds, without a name: what concerns persons is counted with the rest."""
    counted: dict[str, Counter[str]] = {}
    standing = Disposition.objects.filter(round=round_).exclude(state=State.WITHDRAWN)
    for kind, state in standing.order_by().values_list("kind", "state"):
        row = counted.setdefault(kind, Counter())
        row["proposed"] += 1
        row["decided"] += state in DECIDED
        row["served"] += state in SERVED
        row["done"] += state in DONE
    return [
        (
            KIND_LABELS[kind],
            *(str(counted[kind][name]) for name in ("proposed", "decided", "served", "done")),
            rate(counted[kind]["done"], counted[kind]["decided"]),
        )
        for kind in KIND_LABELS
        if kind in counted
    ]


def rate(part: int, whole: int) -> str:
    """A rate with its fraction; none without cases, and never rounded up to all of them."""
    if whole == 0:
        return "—"
    tenths = 1000 * part // whole if part < whole else 1000
    return f"{tenths / 10:.1f}%（{part}/{whole}）"


def _asks(round_: Round) -> list[Ask]:
    return [
        Ask("month", "月份", help="如“2026年10月”。", rows=1),
        Ask("addressee", "主送机关", initial="各参评单位", rows=1),
        Ask("good", "办理较好的单位", help="每行一段。没有的，空着。", required=False),
        Ask(
            "problems", "存在的问题", help="每行一段。不写评价人，不写反映人。没有的，空着。", required=False
        ),
        Ask("demands", "下一步要求", help="每行一段，写明完成期限。"),
        Ask("copies", "抄送机关", help="每行一个。没有的，空着。", rows=2, required=False),
    ]


register(
    Paper(
        kind="monthly_notice",
        label="月度通报",
        about=ROUND,
        build=monthly_notice,
        asks=_asks,
        why_not=appeals_not_over,
    )
)
