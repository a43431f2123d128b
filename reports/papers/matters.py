"""Papers of a matter: receipt, refusal, what the reporter is told, review, transfer; never who reported.

The name of the window stands in full on each (`procedure.office`); names are filled in by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from casework.models import Matter, Review, Transfer
from casework.procedure.parts import Refusal
from office import dates
from reports.documents.content import Block, Content, Field, Fields, Form, Heading, Paragraph
from reports.documents.kinds import Ask, Given, Paper, Subject, register, register_subject
from reports.documents.services import About

MATTER = "matter"
ADDRESSEE = "反映人"
NO_CODE = "查询码只在登记时显示一次，不能补发；没有查询码的，请到窗口说明编号，由窗口告知进度。"


def receipt(matter: Matter, given: Given, code: str = "") -> Content:
    """The receipt (回执); the query code stands on it only while it is known, at registration."""
    procedure = matter.procedure
    rows = [
        (Field("编号", matter.number), Field("收到日期", dates.day(matter.received_on))),
        (
            Field("受理窗口", procedure.office),
            Field("来源", procedure.intake.channels.get(matter.source, "")),
        ),
        (Field("事项名称", matter.title),),
        (Field("查询码", code) if code else Field("查询", NO_CODE),),
    ]
    return Content(
        form=Form.RECORD,
        title="事项登记回执",
        issuer=procedure.office,
        on=given.on,
        blocks=(Fields(tuple(rows)), *(Paragraph(line) for line in given.lines("next"))),
    )


def _receipt_asks(matter: Matter) -> list[Ask]:
    said = ["凭编号和查询码可以查询办理进度，不需要登记身份。"]
    running = matter.clocks.filter(assignment=None, state="running").order_by("due_at").first()
    if running is not None:
        said.insert(0, f"{running.label}期限：{running.why}。")
    return [Ask("next", "告知事项", initial="\n".join(said), rows=3)]


def refusal_notice(matter: Matter, given: Given) -> Content:
    """The notice that a matter is not accepted: reason, where to go instead, what can be done about it."""
    procedure, rule = matter.procedure, _refusal(matter)
    return _letter(
        matter,
        given,
        "不予受理告知书",
        (
            Paragraph(f"你于{dates.day(matter.received_on)}反映的事项（编号{matter.number}）收悉。"),
            Paragraph(f"经审查，该事项属于“{rule.label if rule else matter.refusal}”，不予受理。"),
            Paragraph(f"具体理由：{matter.refusal_reason or '见登记。'}"),
            *([Paragraph(rule.go_to)] if rule else []),
            Paragraph(f"依据：{procedure.document.title}{_clause(rule)}。"),
            *(Paragraph(line) for line in given.lines("rights")),
        ),
    )


def _refusal(matter: Matter) -> Refusal | None:
    return next((one for one in matter.procedure.intake.refusals if one.id == matter.refusal), None)


def _clause(rule: Refusal | None) -> str:
    return f"{rule.clause}" if rule is not None and rule.clause else ""


def told_letter(matter: Matter, given: Given) -> Content:
    """What came of it (告知书): the outcome, the finding, what can be done about it."""
    procedure = matter.procedure
    outcome = procedure.outcome(matter.outcome or _proposed(matter))
    finding = next((one.label for one in procedure.findings if one.id == matter.finding), "")
    blocks: list[Block] = [
        Paragraph(
            f"你于{dates.day(matter.received_on)}反映的“{matter.title}”（编号{matter.number}）已经办理。"
        ),
        Heading(1, "办理情况"),
        *(Paragraph(line) for line in given.lines("done")),
    ]
    if outcome or finding:
        blocks += [Heading(1, "办理结果")]
        blocks += [Paragraph(f"{outcome.label}。")] if outcome else []
        blocks += [Paragraph(f"反映的情况：{finding}。")] if finding else []
    laws = list(dict.fromkeys(filter(None, matter.assignments.values_list("law", flat=True))))
    blocks += [Paragraph(f"依据：{'；'.join(laws)}。")] if laws else []
    blocks += [Paragraph(line) for line in given.lines("rights")]
    return _letter(matter, given, "办理结果告知书", tuple(blocks))


def _proposed(matter: Matter) -> str:
    """What the unit in charge answers, where the matter has not ended yet."""
    answered = matter.assignments.exclude(proposed_outcome="").order_by("-is_lead", "-pk").first()
    return answered.proposed_outcome if answered else ""


def _told_asks(matter: Matter) -> list[Ask]:
    done = "\n".join(text for one in matter.assignments.all() for text in (one.reply, one.completion) if text)
    return [
        Ask("done", "办理情况", help="不写反映人的姓名、电话、单位。", initial=done, rows=5),
        _rights(matter),
    ]


def _rights(matter: Matter) -> Ask:
    review = matter.procedure.review
    said = ""
    if review is not None:
        within, office = review.ask_within.span, matter.procedure.office
        said = f"对结果不服的，可以在收到本告知书之日起{within}内向{office}申请复核。"
    return Ask("rights", "救济途径", initial=said, rows=2, required=False)


def review_decision(matter: Matter, given: Given) -> Content:
    """The decision on a review (复核): what was asked, what was found, what holds now."""
    review: Review = matter.review
    decided = dates.day(review.decided_at) if review.decided_at else ""
    return _letter(
        matter,
        given,
        "复核决定书",
        (
            Paragraph(
                f"你对“{matter.title}”（编号{matter.number}）的办理结果不服，"
                f"于{dates.day(review.asked_at)}申请复核。"
            ),
            Heading(1, "申请复核的理由"),
            *(Paragraph(line) for line in given.lines("reason")),
            Heading(1, "复核意见"),
            Paragraph(review.opinion),
            Heading(1, "复核决定"),
            Paragraph(f"{decided}决定：{review.get_decision_display()}。本决定为终结决定。"),
        ),
    )


def transfer_letter(matter: Matter, given: Given) -> Content:
    """The letter to discipline, police or courts (移送函), with the receipt that both sides sign."""
    transfer: Transfer = matter.transfer
    return Content(
        form=Form.LETTER,
        title="移送函",
        issuer=given.body.name,
        on=given.on,
        mark=given.body.name,
        addressee=given.text("addressee"),
        blocks=(
            Paragraph(
                f"{matter.procedure.office}于{dates.day(matter.received_on)}登记的“{matter.title}”"
                f"（编号{matter.number}），{transfer.reason.rstrip('。')}。"
            ),
            Paragraph(f"现将该事项移送你单位依法处理（移送函编号{transfer.letter_number}）。"),
            Paragraph("反映人的身份不在本函中载明；确需了解的，请派员到我单位办理查阅手续。"),
            Fields(
                (
                    (
                        Field("移送单位签字", str(transfer.by or "")),
                        Field("移送日期", dates.day(transfer.at)),
                    ),
                    (Field("接收单位签字", transfer.received_by), Field("接收日期", _received(transfer))),
                    (Field("接收编号", transfer.their_number),),
                )
            ),
        ),
        copies=tuple(given.lines("copies")),
    )


def _received(transfer: Transfer) -> str:
    return dates.day(transfer.received_at) if transfer.received_at else ""


def _transfer_asks(matter: Matter) -> list[Ask]:
    transfer: Transfer = matter.transfer
    return [
        Ask("addressee", "主送机关", initial=transfer.to_label, rows=1),
        Ask("copies", "抄送机关", help="每行一个。没有的，空着。", rows=2, required=False),
    ]


def _letter(matter: Matter, given: Given, title: str, blocks: tuple[Block, ...]) -> Content:
    """A letter to whoever reported, who is not named: the name is written on it by hand."""
    return Content(
        form=Form.LETTER,
        title=title,
        issuer=given.body.name,
        on=given.on,
        mark=given.body.name,
        addressee=ADDRESSEE,
        blocks=(*blocks, Paragraph(f"办理窗口：{matter.procedure.office}。")),
    )


def _review_of(matter: Matter) -> Review | None:
    return getattr(matter, "review", None)


def _no_review(matter: Matter) -> str:
    review = _review_of(matter)
    return "" if review is not None and review.decision else "还没有复核决定。请先在事项页面办理复核。"


def _no_told(matter: Matter) -> str:
    if matter.outcome or matter.told_at or matter.assignments.exclude(reply="").exists():
        return ""
    return "承办单位还没有答复。请在答复之后制作告知书。"


def _no_transfer(matter: Matter) -> str:
    return "" if hasattr(matter, "transfer") else "还没有移送。请先在事项页面办理移送。"


def _find(pk: int) -> Matter | None:
    rows = Matter.objects.select_related("version", "about", "transfer__by", "review")
    return rows.filter(pk=pk).first()


register_subject(
    MATTER,
    Subject(
        label="事项",
        find=_find,
        said=str,
        url=lambda found: reverse("casework:matter", args=[found.pk]),
        concerns=lambda found: About(MATTER, found.pk),
    ),
)


def _papers() -> Iterator[Paper]:
    yield Paper("matter_receipt", "登记回执", MATTER, receipt, _receipt_asks)
    yield Paper(
        "matter_refusal",
        "不予受理告知书",
        MATTER,
        refusal_notice,
        lambda matter: [_rights(matter)],
        lambda matter: "" if matter.state == Matter.State.REFUSED else "本事项没有决定不予受理。",
        lambda matter: bool(matter.procedure.intake.refusals),
    )
    yield Paper("matter_told", "办理结果告知书", MATTER, told_letter, _told_asks, _no_told)
    yield Paper(
        "matter_review",
        "复核决定书",
        MATTER,
        review_decision,
        lambda matter: [
            Ask(
                "reason",
                "申请复核的理由",
                help="不写反映人的姓名、电话、单位。",
                initial=matter.review.reason,
            )
        ],
        _no_review,
        lambda matter: matter.procedure.review is not None,
    )
    yield Paper(
        "matter_transfer",
        "移送函",
        MATTER,
        transfer_letter,
        _transfer_asks,
        _no_transfer,
        lambda matter: matter.procedure.transfer is not None,
    )


for _paper in _papers():
    register(_paper)
