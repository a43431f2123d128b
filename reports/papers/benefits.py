"""Papers of a claim: 交办通知书 with its reply slip, and the letter with the decision (GY-R13, GY-R14)."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from benefits.models import Claim, ClaimDecision
from benefits.notice import trail
from benefits.queries import category_label, claim_of, decision_of, is_literal, limit_beside, papers_of_claim
from casework.models import Assignment, Matter
from casework.procedure.words import Event
from office import dates
from reports.documents.content import Content, Field, Fields, Form, NewPage, Paragraph
from reports.documents.kinds import Ask, Given, Paper, Subject, register, register_subject
from reports.documents.services import About
from reports.models import OfficialDocument
from reports.papers.matter_sheets import ASSIGNMENT, helpers_of
from reports.papers.matters import MATTER

DECISION = "benefit_decision"
REPLY = "交办通知书回执"


def notice_of_assignment(one: Assignment, given: Given) -> Content:
    """What was claimed, until when the department responds and decides; its answer has room below."""
    matter, claim = one.matter, _claim(one)
    version, office = claim.version, matter.procedure.office
    papers = "；".join(
        f"{paper.paper.name}（{paper.get_state_display()}）" for paper in papers_of_claim(claim)
    )
    return Content(
        form=Form.RECORD,
        title=f"{office}交办通知书",
        issuer=office,
        on=given.on,
        blocks=(
            Fields(
                (
                    (Field("编号", matter.number), Field("政策类别", category_label(version))),
                    (Field("申请企业", claim.firm.name), Field("信用代码", claim.firm.credit_code)),
                    (Field("申请事项", f"{version.name}（办事指南第{version.number}版）"),),
                    (
                        Field(
                            "政策依据", f"{version.document_title}{version.document_number}{version.clause}"
                        ),
                    ),
                    (Field("申请金额", _amount(claim)), Field("承办单位", one.unit.name)),
                    *_helpers(given.text("helpers"), version.section),
                    (Field("材料清单", papers or "办事指南没有要求提交材料。"),),
                    (
                        Field("受理时间", dates.moment(matter.accepted_at) if matter.accepted_at else ""),
                        Field("交办时间", dates.moment(one.assigned_at)),
                    ),
                    (Field("响应截止", given.text("respond")),),
                    (Field("审批截止", given.text("decide")),),
                    (Field("交办要求", given.text("demands")),),
                    (Field("交办人", str(one.assigned_by or "")), Field("专窗电话", given.text("phone"))),
                    (Field("抄送", given.text("copies")),),
                )
            ),
            NewPage(REPLY),
            Fields(
                (
                    (Field("编号", matter.number), Field("承办单位", one.unit.name)),
                    (Field("申请企业", claim.firm.name), Field("申请事项", version.name)),
                    (Field("是否受理", "□ 受理　□ 退回"), Field("经办人电话")),
                    (Field("退回理由", lines=2),),
                    (Field("经办人", str(one.signed_by or "")), Field("签收时间", _signed(one))),
                )
            ),
        ),
    )


def _helpers(helpers: str, section: str) -> list[tuple[Field, ...]]:
    return [(Field("协办单位", helpers), Field("承办科室", section))] if helpers or section else []


def _claim(one: Assignment) -> Claim:
    claim = claim_of(one.matter)
    if claim is None:
        raise ValueError(f"{one.matter} is no claim")
    return claim


def _amount(claim: Claim) -> str:
    return "" if claim.amount_asked is None else f"{claim.amount_asked:.2f}元"


def _signed(one: Assignment) -> str:
    return dates.moment(one.signed_at) if one.signed_at else ""


def _notice_asks(one: Assignment) -> list[Ask]:
    claim = _claim(one)
    return [
        Ask("respond", "响应截止", initial=_due(one, Event.SIGNED), rows=2),
        Ask("decide", "审批截止", initial=_decide_by(one, claim), rows=3),
        Ask("demands", "交办要求", initial=one.demands, rows=2, required=False),
        Ask("helpers", "协办单位", initial=helpers_of(one), rows=1, required=False),
        Ask("phone", "专窗电话", help="写专窗的电话，不写主管部门的咨询电话。", rows=1),
        Ask("copies", "抄送", help="督查、纪检监察等负责督办的机关。", rows=1, required=False),
    ]


def _due(one: Assignment, event: Event) -> str:
    """Each limit of the assignment that ends with an event, in the sentence that explains it."""
    ids = [rule.id for rule in one.matter.procedure.clocks if event in rule.ends]
    return "\n".join(f"{clock.why}。" for clock in one.clocks.all() if clock.rule in ids)


def _decide_by(one: Assignment, claim: Claim) -> str:
    own = limit_beside(claim, timezone.now()) if one.is_lead else None
    beside = ""
    if own is not None:
        word = "并列" if is_literal(claim) else "并列，按指南时限考核"
        beside = f"{own.label}{word}：{own.why}。"
    return "\n".join(filter(None, (_due(one, Event.REPLIED), beside)))


def _notice_bar(one: Assignment) -> str:
    taken = one.state == Assignment.State.TAKEN_BACK
    return "这一交办已经收回，不制发文书。" if taken else ""


def decision_letter(decision: ClaimDecision, given: Given) -> Content:
    """What was decided on a claim, to the firm: an amount or a day, or the refusal with reason and remedy."""
    claim = decision.claim
    matter, version = claim.matter, claim.version
    clause = f"依据{decision.clause}"
    came = (
        f"列入{category_label(version)}名单"
        if claim.from_list_id
        else f"于{dates.day(matter.received_on)}申请"
    )
    opening = f"你单位{came}的“{version.name}”（编号{matter.number}）已经审核。"
    if not decision.is_granted:
        blocks = [
            Paragraph(f"{opening}{clause}，决定不予兑现。"),
            Paragraph(f"理由：{decision.reason.rstrip('。')}。"),
            Paragraph(f"救济途径：{decision.remedy.rstrip('。')}。"),
        ]
    elif decision.amount is not None:
        blocks = [
            Paragraph(f"{opening}{clause}，批准兑现{decision.amount:.2f}元。"),
            Paragraph("资金将拨付至你单位登记的收款账户，以银行到账日期为准。"),
        ]
    else:
        effect = dates.day(decision.takes_effect_on) if decision.takes_effect_on else ""
        blocks = [Paragraph(f"{opening}{clause}，予以批准，自{effect}起生效。")]
    return Content(
        form=Form.LETTER,
        title="审批决定书" if decision.is_granted else "不予兑现告知书",
        issuer=given.body.name,
        on=given.on,
        mark=given.body.name,
        addressee=claim.firm.name,
        blocks=(
            *blocks,
            *(Paragraph(line) for line in given.lines("more")),
            Paragraph(f"主管部门：{version.department.name}。办理窗口：{matter.procedure.office}。"),
        ),
    )


def _decision_asks(_: ClaimDecision) -> list[Ask]:
    return [Ask("more", "补充说明", help="没有的，空着。", rows=2, required=False)]


def _find(pk: int) -> ClaimDecision | None:
    beside = ("claim__matter__version", "claim__firm", "claim__version__department")
    return ClaimDecision.objects.select_related(*beside).filter(pk=pk).first()


def _no_longer(decision: ClaimDecision) -> str:
    """An answer that was sent back, or was decided again, is told to nobody."""
    matter: Matter = decision.claim.matter
    in_hand = matter.assignments.filter(cycle=matter.times_reopened, state=Assignment.State.IN_HAND)
    current = decision_of(decision.claim)
    if current is None or current.pk != decision.pk or in_hand.filter(is_lead=True).exists():
        return "这一决定已经退回或者重新办理。请按最新的决定制作。"
    return ""


@trail.beside
def papers_of(claim: Claim) -> trail.Beside:
    """The papers that were issued on a claim: to its units, and to the firm."""
    wanted = {
        MATTER: [claim.matter_id],
        ASSIGNMENT: claim.matter.assignments.values_list("pk", flat=True),
        DECISION: claim.decisions.values_list("pk", flat=True),
    }
    issued = Q()
    for about, ids in wanted.items():
        issued |= Q(about=about, about_id__in=list(ids))
    found = list(OfficialDocument.objects.filter(issued).select_related("made_by", "unit").order_by("pk"))
    rows = [
        (
            one.number,
            one.title,
            str(one.unit or claim.firm),
            one.issued_on,
            str(one.made_by),
            one.get_state_display(),
            one.withdrawn_reason,
        )
        for one in found
    ]
    headings = ("文号", "标题", "送达", "成文日期", "制发人", "状态", "撤回原因")
    return trail.Page("制发文书", headings, rows), found


register_subject(
    DECISION,
    Subject(
        label="惠企审批决定",
        find=_find,
        said=str,
        url=lambda found: reverse("benefits:claim", args=[found.claim_id]),
        concerns=lambda found: About(DECISION, found.pk),
    ),
)
register(
    Paper(
        kind="benefit_assignment",
        label="交办通知书",
        about=ASSIGNMENT,
        build=notice_of_assignment,
        asks=_notice_asks,
        why_not=_notice_bar,
        fits=lambda one: claim_of(one.matter) is not None,
    )
)
register(
    Paper(
        kind="benefit_decision",
        label="审批决定书（不予兑现告知书）",
        about=DECISION,
        build=decision_letter,
        asks=_decision_asks,
        why_not=_no_longer,
    )
)
