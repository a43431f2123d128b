"""All there is on one claim, for auditors: one workbook, without who may be called and with no account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import Model, Q

from benefits.catalogue.drafting import category_label
from benefits.claims import papers
from benefits.models import Claim, ClaimDecision, FixedList, FundEntry, Payment
from casework.models import CallBack
from office import dates
from office.models import AuditEntry
from office.workbooks.writing import workbook_of

DECIDED = (
    "第几次办理",
    "决定",
    "批准金额（元）",
    "生效日期",
    "依据",
    "理由",
    "救济途径",
    "审批人",
    "经办人",
    "时间",
)
AUDITED = ("时间", "操作人", "岗位角色", "操作", "对象", "之前", "之后")
SEALED = "已登记，密封保存，只在下达支付令时打开"


class Page(NamedTuple):
    """One sheet of the workbook."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]


Beside = tuple[Page, Sequence[Model]]
"""A sheet of another room, and what it shows: its audit rows stand with those of the claim."""
_others: list[Callable[[Claim], Beside]] = []


def beside(found: Callable[[Claim], Beside]) -> Callable[[Claim], Beside]:
    """Register what another room knows of a claim."""
    _others.append(found)
    return found


def trail_workbook(claim: Claim) -> bytes:
    return workbook_of(_pages(claim))


def _pages(claim: Claim) -> Iterator[Page]:
    payments = list(
        Payment.objects.filter(decision__claim=claim)
        .select_related("decision")
        .prefetch_related("shares__pool")
        .order_by("pk")
    )
    yield Page("申请", ("项目", "内容"), [*_claim(claim)])
    yield Page("办事指南", ("项目", "内容"), [*_guide(claim)])
    yield Page("材料", ("材料", "份数", "情况", "文件"), [*_papers(claim)])
    yield Page("办理记录", ("时间", "办理", "办理人", "单位", "说明"), [*_events(claim)])
    yield Page(
        "时限", ("时限", "单位", "起算", "截止", "完成", "是否逾期", "状态", "计算说明"), [*_clocks(claim)]
    )
    yield Page("补正", ("通知日期", "补齐日期", "须补正的内容", "期限"), [*_stops(claim)])
    yield Page(
        "审批决定",
        DECIDED,
        [*_decisions(claim)],
    )
    yield Page(
        "兑现支付",
        ("状态", "金额（元）", "申请支付", "支付令", "银行到账", "退回", "退回原因", "分担"),
        [*_payments(payments)],
    )
    yield Page("资金池流水", ("日期", "资金池", "类别", "金额（元）", "登记人"), [*_entries(payments)])
    yield Page("回访", ("时间", "方式", "是否接通", "评价", "回访人"), [*_calls(claim)])
    shown: list[Model] = []
    for found in _others:
        page, objects = found(claim)
        shown += objects
        yield page
    yield Page("审计记录", AUDITED, [*_audit(claim, shown)])


def _claim(claim: Claim) -> Iterator[Sequence[Any]]:
    matter = claim.matter
    yield "编号", matter.number
    yield "上级平台编号", matter.higher_number or "—"
    yield "企业", claim.firm.name
    yield "统一社会信用代码", claim.firm.credit_code
    yield "事项", claim.version.name
    yield "来源", matter.procedure.intake.channels.get(matter.source, matter.source)
    yield "收到时间", matter.received_at
    yield "受理时间", matter.accepted_at
    yield "状态", matter.get_state_display()
    yield "申请金额（元）", _yuan(claim.amount_asked)
    yield "收款账户", SEALED if claim.account else "没有登记"
    yield "已承诺材料真实", claim.is_promised
    yield "免申即享名单", _list(claim.from_list)
    yield "办结时间", matter.closed_at
    if review := getattr(matter, "review", None):
        yield "异议", f"{dates.moment(review.asked_at)}提出：{review.reason}"
        yield (
            "异议决定",
            f"{review.get_decision_display()}：{review.opinion}" if review.decided_at else "未决定",
        )


def _list(fixed: FixedList | None) -> str:
    if fixed is None:
        return "—"
    told = f"第{fixed.pk}号，{dates.moment(fixed.drawn_up_at)}由{fixed.drawn_up_by}拟定"
    if fixed.confirmed_at:
        told += f"，{dates.moment(fixed.confirmed_at)}由{fixed.confirmed_by}确认"
    return f"{told}，意见：{fixed.opinion}" if fixed.opinion else told


def _guide(claim: Claim) -> Iterator[Sequence[Any]]:
    """The version of the day of the claim, which holds for it."""
    version = claim.version
    yield "事项编号、版本", f"{version.item.code} 第{version.number}版"
    yield "政策类别", category_label(version)
    yield "主管部门", version.department.name
    yield "政策文件", f"{version.document_title}{version.document_number} {version.clause}"
    yield "适用对象", version.audience
    yield "兑现标准", version.standard
    yield "上限（元）", _yuan(version.ceiling)
    yield "办理流程", version.steps
    yield "有效期", f"{version.valid_from} 至 {version.valid_to or '长期'}"
    yield "起草人、审核人", f"{version.drafted_by}、{version.approved_by}"
    yield "发布日期", version.published_on
    for one in version.conditions.all():
        yield "申报条件", one.says


def _papers(claim: Claim) -> Iterator[Sequence[Any]]:
    for one in papers.of_claim(claim):
        names = "、".join(file.name for file in one.files.all())
        yield one.paper.name, one.paper.copies, one.get_state_display(), names


def _events(claim: Claim) -> Iterator[Sequence[Any]]:
    for one in claim.matter.events.select_related("by", "assignment__unit"):
        unit = one.assignment.unit.name if one.assignment else ""
        yield one.at, one.get_act_display(), str(one.by or "系统（企业）"), unit, one.text


def _clocks(claim: Claim) -> Iterator[Sequence[Any]]:
    for one in claim.matter.clocks.select_related("assignment__unit").order_by("pk"):
        unit = one.assignment.unit.name if one.assignment else ""
        late = "" if one.is_late is None else one.is_late
        yield (
            one.label,
            unit,
            one.began_at,
            one.due_at,
            one.met_at,
            late,
            one.get_state_display(),
            one.why,
        )


def _stops(claim: Claim) -> Iterator[Sequence[Any]]:
    for one in claim.matter.stops.all():
        yield one.first, one.last, one.what, one.due_at


def _decisions(claim: Claim) -> Iterator[Sequence[Any]]:
    for one in claim.decisions.select_related("decided_by"):
        yield (
            one.cycle + 1,
            "批准" if one.is_granted else "不予兑现",
            _yuan(one.amount),
            one.takes_effect_on,
            one.clause,
            one.reason,
            one.remedy,
            one.approver,
            str(one.decided_by),
            one.decided_at,
        )


def _payments(payments: Sequence[Payment]) -> Iterator[Sequence[Any]]:
    for one in payments:
        parts = "；".join(f"{part.pool.name}{part.amount:.2f}元" for part in one.shares.all())
        yield (
            one.get_state_display(),
            _yuan(one.amount),
            one.requested_on,
            one.ordered_on,
            one.bank_on,
            one.refunded_on,
            one.refund_why,
            parts,
        )


def _entries(payments: Sequence[Payment]) -> Iterator[Sequence[Any]]:
    rows = FundEntry.objects.filter(share__payment__in=[one.pk for one in payments])
    for one in rows.select_related("pool", "entered_by"):
        yield one.day, str(one.pool), one.get_kind_display(), _yuan(one.amount), str(one.entered_by)


def _calls(claim: Claim) -> Iterator[Sequence[Any]]:
    """Answers that were chosen; what was said in other words may name people."""
    rule = claim.matter.procedure.call_back
    asked = {one.id: one.label for one in rule.questions if one.choices} if rule else {}
    for one in CallBack.objects.filter(matter=claim.matter).select_related("by").order_by("pk"):
        said = "；".join(f"{asked[key]}：{answer}" for key, answer in one.answers.items() if key in asked)
        yield one.at, one.way, one.is_reached, said, str(one.by or "")


def _audit(claim: Claim, more: Sequence[Model]) -> Iterator[Sequence[Any]]:
    """What was taken back is gone: its rows are found by what they called it, which begins with the claim."""
    fixed = claim.from_list
    wanted = Q()
    for one in filter(None, [claim, claim.matter, fixed, *more]):
        wanted |= Q(object_type=str(one._meta.verbose_name), object_id=str(one.pk))
    for model in (ClaimDecision, Payment):
        wanted |= Q(
            object_type=str(model._meta.verbose_name), object_label__startswith=f"{claim.matter.number} "
        )
    received = claim.matter.received_at
    begun = min(received, fixed.drawn_up_at) if fixed else received
    since = Q(at__gte=begun)  # the audit is read by its days
    for entry in AuditEntry.objects.filter(since, wanted).order_by("pk"):
        yield (
            entry.at,
            entry.actor_name,
            entry.get_role_display(),
            entry.verb,
            entry.object_label,
            _told(entry.before),
            _told(entry.after),
        )


def _told(values: dict[str, Any]) -> str:
    return "；".join(f"{name}：{value}" for name, value in values.items())


def _yuan(amount: Any) -> float | str:
    """A number that a workbook adds up; cents stay exact up to billions."""
    return "—" if amount is None else float(amount)
