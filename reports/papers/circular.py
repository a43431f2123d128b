"""The circular on a round (通报): scope, ranking, who has no score, praise, problems, demands, appeals.

It goes to every unit and says what the public may read, nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator

from evaluations.models import Appeal, Round
from evaluations.publication import PublicDepartment, PublicGroup, PublicView, Shown
from evaluations.results.services import current_result
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
from reports.documents.kinds import Ask, Given, Paper, register
from reports.papers.rounds import ROUND, appeals_not_over
from reports.results.announcement import Announcement, announce, restored

NEVER_BEFORE = "—"


def circular(round_: Round, given: Given) -> Content:
    told = announced(round_)
    return Content(
        form=Form.DOCUMENT,
        title=f"关于{round_.title}结果的通报",
        issuer=given.body.name,
        on=given.on,
        mark=given.mark,
        addressee=given.text("addressee"),
        blocks=tuple(_body(round_, told, given)),
        attachments=(
            Attachment(f"{round_.title}结果排名表", tuple(ranking_tables(told.view, _before(round_)))),
            Attachment("计分口径", tuple(_readings(told))),
        ),
        copies=tuple(given.lines("copies")),
        printed_by=given.printed_by,
    )


def announced(round_: Round) -> Announcement:
    """What the public reads, or will read, of the result in force."""
    result = current_result(round_)
    result.round = round_
    earlier = []
    for one in round_.publications.exclude(shown={}).select_related("result").order_by("number"):
        if one.result_id == result.pk:
            return restored(one.shown)
        earlier.append(Shown(one.result.outcome, one.result.facts, restored(one.shown).view))
    return announce(result, published_on=result.computed_at.date(), earlier=earlier)


def _body(round_: Round, told: Announcement, given: Given) -> Iterator[Block]:
    view = told.view
    yield Paragraph(f"依据{told.document}，对{told.period}营商环境工作开展了评价。现将结果通报如下。")
    yield Heading(1, "评价范围和计分")
    groups = "、".join(f"{one.name}{len(one.departments)}个" for one in view.groups)
    yield Paragraph(f"本轮共评价{view.unit}{told.departments}个，其中{groups}。计分口径见附件2。")
    if told.sources:
        yield Paragraph(f"得分由以下部分组成：{'；'.join(told.sources)}。")
    yield Heading(1, "评价结果")
    yield from _results(view)
    for level_one, name in (("通报表扬", "praise"), ("存在的主要问题", "problems"), ("有关要求", "demands")):
        if lines := given.lines(name):
            yield Heading(1, level_one)
            yield from (Paragraph(line) for line in lines)
    yield Heading(1, "申诉办理")
    yield Paragraph(_appeals(round_))


def _results(view: PublicView) -> Iterator[Block]:
    yield Paragraph("各单位得分、名次见附件1。")
    for group in view.groups:
        if said := _first_of(group):
            yield Paragraph(said)
    for one in view.lists:
        if one.worst:
            yield Paragraph(f"{one.pool}列末位的：{'、'.join(one.worst)}。")
    without = [one for one in view.departments if not one.figure.is_shown]
    if without:
        names = "、".join(f"{one.name}（{one.figure.note}）" for one in without)
        yield Paragraph(f"下列单位不公布得分，也不排名，不等于零分：{names}。")


def _first_of(group: PublicGroup) -> str:
    first = [one for one in group.departments if one.rank == 1]
    if not first or len(group.departments) == 1:
        return ""
    return f"{group.name}列第一的：{'、'.join(one.name for one in first)}。"


def _appeals(round_: Round) -> str:
    found = round_.appeals.all()
    until = f"申诉期至{dates.day(round_.appeals_until)}，" if round_.appeals_until else ""
    upheld = sum(one.state == Appeal.State.UPHELD for one in found)
    if not found:
        return f"{until}没有收到申诉。"
    return (
        f"{until}共收到申诉{len(found)}件，经复核采纳{upheld}件，其余维持原结果。本通报按复核后的结果制发。"
    )


def ranking_tables(view: PublicView, before: dict[str, int]) -> Iterator[Block]:
    for group in view.groups:
        if len(view.groups) > 1:
            yield Heading(1, group.name)
        has_bands = group.has_bands
        columns = [Column("名次", 3), Column(view.unit, 8, Align.LEFT), Column("得分（分）", 5, Align.RIGHT)]
        columns += [Column("有效评价", 4)] * has_bands + [Column("等次", 4)] * view.has_grades
        columns.append(Column("与上期比", 4))
        yield Table(
            tuple(columns),
            tuple(_row(one, before, bands=has_bands, grades=view.has_grades) for one in group.departments),
        )


def _row(one: PublicDepartment, before: dict[str, int], *, bands: bool, grades: bool) -> tuple[str, ...]:
    figure = one.figure
    place = "—" if one.rank is None else f"并列{one.rank}" if one.tied else str(one.rank)
    row = [place, one.name, figure.score or figure.note or "—"]
    row += [figure.band or "—"] * bands + [figure.grade or "—"] * grades
    return (*row, _moved(one, before))


def _moved(one: PublicDepartment, before: dict[str, int]) -> str:
    was = before.get(one.id)
    if one.rank is None or was is None:
        return NEVER_BEFORE
    if was == one.rank:
        return "持平"
    return f"{'升' if one.rank < was else '降'}{abs(was - one.rank)}位"


def _before(round_: Round) -> dict[str, int]:
    """{unit: its rank} of the round of this scheme that was published last before this one."""
    earlier = Round.objects.filter(
        scheme_version__scheme_id=round_.scheme_version.scheme_id,
        state=Round.State.PUBLISHED,
        period__lt=round_.period,
    )
    last = earlier.select_related("scheme_version").order_by("-period", "-pk").first()
    if last is None:
        return {}
    return {one.id: one.rank for one in announced(last).view.departments if one.rank is not None}


def _readings(told: Announcement) -> Iterator[Block]:
    for place, one in enumerate(told.readings, start=1):
        chosen = f"（{'；'.join(one.chosen)}）" if one.chosen else ""
        yield Paragraph(f"{place}．{one.answer.rstrip('。')}{chosen}。（条款{one.clause}）")


def _asks(round_: Round) -> list[Ask]:
    return [
        Ask("addressee", "主送机关", initial="各参评单位", rows=1),
        Ask("praise", "通报表扬", help="每行一段。没有的，空着。", initial=_praise(round_), required=False),
        Ask("problems", "存在的主要问题", help="按问题类型写，每行一段；不写评价人，不写举报人。", rows=5),
        Ask("demands", "有关要求", help="每行一段，写明完成期限。", rows=4),
        Ask("copies", "抄送机关", help="每行一个。没有的，空着。", required=False),
    ]


def _praise(round_: Round) -> str:
    best = [name for one in announced(round_).view.lists for name in one.best]
    return f"对{'、'.join(best)}予以通报表扬。" if best else ""


register(
    Paper(
        kind="circular",
        label="评价结果通报",
        about=ROUND,
        build=circular,
        asks=_asks,
        why_not=appeals_not_over,
    )
)
