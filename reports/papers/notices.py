"""Letters on what a body decided: card and inquiry; and the circular on one unit."""

from __future__ import annotations

from functools import partial

from evaluations.models import Disposition
from office.calendar import days
from office.calendar.deadlines import Span
from reports.documents.content import Attachment, Content, Field, Fields, Form, Heading, Paragraph
from reports.documents.kinds import Ask, Given, Paper, register
from reports.models import OfficialDocument
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


def inquiry(found: Disposition, given: Given) -> Content:
    return Content(
        form=Form.LETTER,
        title=f"关于{found.subject.name}有关问题的{_again(found)}函询通知书",
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


def _again(found: Disposition) -> str:
    earlier = OfficialDocument.objects.filter(kind="inquiry", about=DISPOSITION, about_id=found.pk)
    return "再次" if earlier.filter(state=OfficialDocument.State.ISSUED).exists() else ""


def _asks_a_person(found: Disposition) -> bool:
    """A person may be asked about anything decided on them, whatever notice the scheme gives the measure."""
    return found.is_about_a_person or entries.has_notice("inquiry", found)


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


for _kind, _label, _build, _asks, _fits in (
    ("card_notice", "亮牌通知书", card_notice, _card_asks, partial(entries.has_notice, "card_notice")),
    ("inquiry", "函询通知书", inquiry, _inquiry_asks, _asks_a_person),
    (
        "circular_on_unit",
        "通报决定",
        circular_on_unit,
        _circular_asks,
        partial(entries.has_notice, "circular"),
    ),
):
    register(
        Paper(
            kind=_kind,
            label=_label,
            about=DISPOSITION,
            build=_build,
            asks=_asks,
            why_not=entries.not_decided,
            fits=_fits,
        )
    )
