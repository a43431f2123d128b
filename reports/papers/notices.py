"""Letters on what a body decided: card, rectification, inquiry; and the circular on one unit."""

from __future__ import annotations

from functools import partial

from evaluations.models import Disposition
from office.calendar import days
from office.calendar.deadlines import Span
from reports.documents.content import (
    Align,
    Attachment,
    Column,
    Content,
    Field,
    Fields,
    Form,
    Heading,
    Paragraph,
    Table,
)
from reports.documents.kinds import Ask, Given, Paper, register
from reports.papers import register as entries
from reports.papers.register import DISPOSITION

INQUIRY_DAYS = 15  # working days to answer, by the rule of 2005 on reminders, inquiries and admonitions


def card_notice(found: Disposition, given: Given) -> Content:
    points = f"，计入{found.year}年度考核{_points(found)}分" if found.points else f"，计入{found.year}年度"
    return Content(
        form=Form.LETTER,
        title=f"关于对{found.subject.name}{found.word}的通知书",
        issuer=given.body.name,
        on=given.on,
        mark=given.body.name,
        addressee=found.subject.name,
        blocks=(
            Paragraph(f"在{found.round.title}中{entries.result_said(found)}，{found.because.rstrip('。')}。"),
            Paragraph(
                f"依据{entries.clause_of(found)}和{entries.decided(found)}，"
                f"对{entries.whom(found)}{found.word}{points}。"
            ),
            Heading(1, "存在的问题"),
            *(Paragraph(line) for line in given.lines("problems")),
            Heading(1, "整改要求"),
            *(Paragraph(line) for line in given.lines("demands")),
            Heading(1, "申诉"),
            Paragraph(given.text("appeal")),
        ),
        attachments=(Attachment("送达回执", (_receipt(found),)),),
        copies=tuple(given.lines("copies")),
    )


def _points(found: Disposition) -> str:
    return f"{found.points.normalize():f}" if found.points is not None else ""


def _receipt(found: Disposition) -> Fields:
    return Fields(
        (
            (Field("送达文书", f"{found.word}通知书"),),
            (Field("受送达单位", found.subject.name), Field("签收人")),
            (Field("签收时间"), Field("职务")),
            (Field("备注", lines=3),),
        )
    )


def _card_asks(found: Disposition) -> list[Ask]:
    plan, done = entries.limits(found)
    limits = (
        f"请于{plan}前报送整改方案，{done}前完成整改并报送整改情况和佐证材料。"
        if plan
        else "请于　年　月　日前完成整改，并报送整改情况和佐证材料。"
    )
    return [
        entries.reasons(found),
        Ask("demands", "整改要求", help="每行一段，写明期限和报送机关。", initial=limits, rows=3),
        entries.appeal(found),
        entries.copies(),
    ]


PROBLEM_COLUMNS = (
    Column("序号", 2),
    Column("问题", 7, Align.LEFT),
    Column("来源", 4, Align.LEFT),
    Column("要求采取的措施", 7, Align.LEFT),
    Column("责任人", 3),
)


def rectification_notice(found: Disposition, given: Given) -> Content:
    return Content(
        form=Form.LETTER,
        title=f"关于{found.subject.name}限期整改的通知书",
        issuer=given.body.name,
        on=given.on,
        mark=given.body.name,
        addressee=found.subject.name,
        blocks=(
            Paragraph(
                f"依据{entries.clause_of(found)}和{entries.decided(found)}，现就{found.round.title}"
                "反映的问题（见附件），要求你单位限期整改。"
            ),
            Heading(1, "整改期限"),
            Paragraph(given.text("limits")),
            Heading(1, "核验"),
            Paragraph(given.text("checking")),
            Heading(1, "逾期的处理"),
            Paragraph(given.text("late")),
        ),
        attachments=(Attachment("整改问题清单", (Table(PROBLEM_COLUMNS, tuple(_problems(given))),)),),
        copies=tuple(given.lines("copies")),
    )


def _problems(given: Given) -> list[tuple[str, ...]]:
    """One problem a line: 问题｜来源｜措施｜责任人; what is missing stays to be written."""
    rows = []
    for place, line in enumerate(given.lines("problems"), start=1):
        parts = [part.strip() for part in line.replace("|", "｜").split("｜")]
        rows.append((str(place), *(parts + [""] * 4)[:4]))
    return rows


def _rectification_asks(found: Disposition) -> list[Ask]:
    plan, done = entries.limits(found)
    return [
        Ask(
            "problems",
            "整改问题",
            help="每行一个问题，各栏用“｜”隔开：问题｜来源｜要求采取的措施｜责任人。不写评价人，不写举报人。",
            initial=f"{found.because.rstrip('。')}｜{found.round.title}｜｜",
            rows=6,
        ),
        Ask(
            "limits",
            "整改期限",
            initial=f"{plan}前报送整改方案，{done}前完成整改。" if plan else "　年　月　日前完成整改。",
            rows=2,
        ),
        Ask(
            "checking",
            "核验办法",
            initial="整改由责任人以外的人员凭佐证材料逐项核验，核验通过后销号。",
            rows=2,
        ),
        Ask("late", "逾期的处理", initial="逾期没有完成的，先予督办；仍不完成的，报领导小组处理。", rows=2),
        entries.copies(),
    ]


def inquiry(found: Disposition, given: Given) -> Content:
    return Content(
        form=Form.LETTER,
        title=f"关于{found.subject.name}有关问题的函询通知书",
        issuer=given.body.name,
        on=given.on,
        mark=given.body.name,
        addressee=entries.whom(found),
        blocks=(
            Paragraph(
                f"依据{entries.clause_of(found)}和{entries.decided(found)}，请就下列问题作出书面说明："
            ),
            *(Paragraph(line) for line in given.lines("questions")),
            Paragraph(given.text("reply")),
            Paragraph("说明不清楚的，本机关可以再次函询。"),
        ),
        copies=tuple(given.lines("copies")),
    )


def _inquiry_asks(found: Disposition) -> list[Ask]:
    until = entries.said(days.clock().limit(found.decided_on, Span(INQUIRY_DAYS))) if found.decided_on else ""
    return [
        Ask("questions", "函询的问题", help="每行一个问题。不写举报人。", initial=found.because, rows=5),
        Ask(
            "reply",
            "答复的期限",
            initial=f"请于{until}前由本人书面答复本机关，并经单位主要负责人签署。",
            rows=2,
        ),
        entries.copies(),
    ]


def circular_on_unit(found: Disposition, given: Given) -> Content:
    return Content(
        form=Form.DOCUMENT,
        title=f"关于对{entries.whom(found)}{found.word}的决定",
        issuer=given.body.name,
        on=given.on,
        mark=given.mark,
        addressee=given.text("addressee"),
        blocks=(
            Paragraph(f"在{found.round.title}中{entries.result_said(found)}，{found.because.rstrip('。')}。"),
            *(Paragraph(line) for line in given.lines("facts")),
            Paragraph(
                f"依据{entries.clause_of(found)}和{entries.decided(found)}，对{entries.whom(found)}予以{found.word}。"
            ),
            *(Paragraph(line) for line in given.lines("demands")),
        ),
        copies=tuple(given.lines("copies")),
        printed_by=given.printed_by,
    )


def _circular_asks(found: Disposition) -> list[Ask]:
    return [
        Ask("addressee", "主送机关", initial="各参评单位", rows=1),
        Ask("facts", "主要情况", help="每行一段。不写评价人，不写举报人。", rows=5),
        Ask("demands", "有关要求", help="每行一段。没有的，空着。", rows=3, required=False),
        entries.copies(),
    ]


for _kind, _label, _build, _asks in (
    ("card_notice", "亮牌通知书", card_notice, _card_asks),
    ("inquiry", "函询通知书", inquiry, _inquiry_asks),
    ("circular_on_unit", "通报决定", circular_on_unit, _circular_asks),
):
    register(
        Paper(
            kind=_kind,
            label=_label,
            about=DISPOSITION,
            build=_build,
            asks=_asks,
            why_not=entries.not_decided,
            fits=partial(entries.has_notice, "circular" if _kind == "circular_on_unit" else _kind),
        )
    )
register(
    Paper(
        kind="rectification_notice",
        label="整改通知书",
        about=DISPOSITION,
        build=rectification_notice,
        asks=_rectification_asks,
        why_not=entries.not_decided,
        fits=entries.must_rectify,
    )
)
