"""The decision on an appeal (申诉复核决定书): what was attacked, why, what was found, what follows."""

from __future__ import annotations

from django.urls import reverse

from evaluations.models import Appeal, Result
from evaluations.schemes.stored import policy_of
from office import dates
from reports.documents.content import Content, Form, Heading, Paragraph
from reports.documents.kinds import Ask, Given, Paper, Subject, register, register_subject
from reports.documents.services import About

APPEAL = "appeal"


def decision(appeal: Appeal, given: Given) -> Content:
    upheld = appeal.state == Appeal.State.UPHELD
    whom = appellant(appeal)
    document = policy_of(appeal.result.scheme_version).defaults.document
    number = f"（{document.number}）" if document.number else ""
    said = (
        f"{whom}对{appeal.round.title}第{appeal.result.number}次结果提出申诉，"
        f"本机关于{dates.day(appeal.lodged_on)}收到。现已复核终结。"
    )
    return Content(
        form=Form.DOCUMENT,
        title=f"关于{appeal.round_department.name}申诉的复核决定书",
        issuer=given.body.name,
        on=given.on,
        mark=given.mark,
        addressee=whom,
        blocks=(
            Paragraph(said),
            Heading(1, "申诉的事项和理由"),
            Paragraph(appeal.text),
            Heading(1, "复核查明的情况和理由"),
            *(Paragraph(text) for text in (appeal.findings, appeal.decision) if text),
            Heading(1, "复核依据"),
            Paragraph(f"《{document.title}》{number}。{given.text('rule')}".rstrip()),
            Heading(1, "复核决定"),
            Paragraph(_decided(appeal, upheld=upheld)),
            Paragraph(given.text("finality")),
        ),
        copies=tuple(given.lines("copies")),
        printed_by=given.printed_by,
    )


def appellant(appeal: Appeal) -> str:
    of = appeal.round_department.name
    return f"{of}{appeal.round_member.name}" if appeal.round_member else of


def _decided(appeal: Appeal, *, upheld: bool) -> str:
    if not upheld:
        return f"维持{appeal.round.title}第{appeal.result.number}次结果中涉及{appellant(appeal)}的部分。"
    what = "撤销" if appeal.outcome == Appeal.Outcome.REVOKED else "变更"
    said = f"采纳申诉，{what}所诉结果。" + (
        f"更正情况：{appeal.correction.rstrip('。')}。" if appeal.correction else ""
    )
    after = new_result(appeal)
    return said + (f"变更后的结果为第{after.number}次结果。" if after else "")


def new_result(appeal: Appeal) -> Result | None:
    """The result that came after the one attacked, where the decision led to one."""
    if appeal.state != Appeal.State.UPHELD:
        return None
    return appeal.round.results.filter(number__gt=appeal.result.number).order_by("number").first()


def _asks(appeal: Appeal) -> list[Ask]:
    return [
        Ask(
            "rule",
            "适用的条款",
            help="写明条款编号和内容；上面已有文件名称，没有更多的，空着。",
            required=False,
        ),
        Ask("finality", "复核的效力", initial="本决定自送达之日起生效，为本轮评价的最终复核结论。", rows=2),
        Ask("copies", "抄送机关", help="每行一个。没有的，空着。", rows=2, required=False),
    ]


def _why_not(appeal: Appeal) -> str:
    return "这件申诉还没有复核，复核后才能制发决定书。" if appeal.state == Appeal.State.LODGED else ""


register_subject(
    APPEAL,
    Subject(
        label="申诉",
        find=lambda pk: (
            Appeal.objects.select_related(
                "round", "result__scheme_version", "round_department__department", "round_member"
            )
            .filter(pk=pk)
            .first()
        ),
        said=lambda found: f"{appellant(found)}的申诉（{dates.day(found.lodged_on)}）",
        url=lambda found: reverse("cockpit:appeals", args=[found.round_id]),
        concerns=lambda found: About(
            APPEAL, found.pk, found.round_department.department, found.round_member_id is not None
        ),
    ),
)
register(
    Paper(
        kind="appeal_decision",
        label="申诉复核决定书",
        about=APPEAL,
        build=decision,
        asks=_asks,
        why_not=_why_not,
    )
)
