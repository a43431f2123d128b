"""Decide on a claim: an amount or a right, with its clause; or a refusal with reason and remedy (GY-R14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from benefits.claims import checking, requests
from benefits.models import Claim, ClaimDecision, Firm
from benefits.rules import rules
from casework.matters import clocks, handling
from casework.matters.state import DONE, locked, standing
from casework.models import Assignment, Matter
from casework.procedure.words import Event
from departments.access import own_units
from office import audit, dates, roles
from office.errors import Refused
from office.models import User

CENT = Decimal("0.01")
CANCELLED = "请核对企业名册；确已注销的，由承办单位作出不予兑现的决定。"
Each = Assignment.State


@dataclass(frozen=True)
class Decided:
    """What is decided: granted with an amount, or with the day a right takes effect; else refused."""

    is_granted: bool
    clause: str
    approver: str
    amount: Decimal | None = None
    takes_effect_on: date | None = None
    reason: str = ""
    remedy: str = ""


@transaction.atomic
def decide_claim(*, claim: Claim, decided: Decided, now: datetime, acting_user: User) -> ClaimDecision:
    """Decide, which is the unit's reply to its assignment; nobody decides the same claim twice.

    An answer that the window sent back is decided anew: the decision is written over, its former words stay
    with the matter and in the audit.
    """
    roles.require(acting_user, "benefit.decide")
    matter = locked(claim.matter_id)
    current = Claim.objects.select_related("version", "firm", "matter").get(pk=claim.pk)
    _check(current, decided)
    if decided.is_granted:
        _require_grantable(current)
    assignment = standing(matter).filter(is_lead=True, state=Each.IN_HAND).first()
    if assignment is None:
        raise Refused("申请目前不在本单位办理", "请先签收交办通知书；已经作出决定的，请刷新页面查看。")
    decision = decision_of(current) or ClaimDecision(claim=current, cycle=matter.times_reopened)
    before = in_words(decision) if decision.pk else ""
    _undo_requests(current, decided.amount, acting_user)
    _keep_what_was_told(decision, decided, now)
    decision.is_granted, decision.amount = decided.is_granted, decided.amount
    decision.takes_effect_on = decided.takes_effect_on
    decision.clause, decision.approver = decided.clause.strip()[:120], decided.approver.strip()[:40]
    decision.reason, decision.remedy = decided.reason.strip()[:500], decided.remedy.strip()[:300]
    decision.decided_by, decision.decided_at = acting_user, now
    decision.save()
    handling.reply_to_assignment(
        assignment=assignment,
        reply=in_words(decision),
        outcome=outcome_of(decision),
        law=decision.clause,
        now=now,
        acting_user=acting_user,
    )
    if not decision.is_granted:
        _nothing_follows(matter, now, acting_user)
    after = {"决定": in_words(decision), "依据": decision.clause, "审批人": decision.approver}
    audit.record(
        "作出审批决定",
        decision,
        acting_user=acting_user,
        before={"决定": before} if before else None,
        after=after,
    )
    return decision


def _require_grantable(claim: Claim) -> None:
    """A firm that is no more gets nothing, and nobody gets the same twice, however the claims came in."""
    firm = Firm.objects.select_for_update().get(pk=claim.firm_id)  # of two claims at once one waits
    if firm.is_cancelled:
        raise Refused(f"{firm.name}已经注销，不能批准兑现", CANCELLED)
    granted = checking.granted_before(firm, claim.version, claim.matter.received_on)
    if earlier := granted.exclude(pk=claim.pk).first():
        raise Refused(
            f"同一企业同一事项已经批准兑现，编号{earlier.matter.number}，不能重复批准",
            "请核对；确属重复的，请作出不予兑现的决定，或者由专窗并案。",
        )


def _keep_what_was_told(decision: ClaimDecision, decided: Decided, now: datetime) -> None:
    """Keep when it was first decided so, and the amount that an earlier month has told."""
    former = decision if decision.pk else decision.claim.decisions.order_by("cycle").last()
    if former is None:
        decision.first_decided_at = now
        return
    told_on, today = timezone.localdate(former.decided_at), timezone.localdate(now)
    is_the_same = former.is_granted == decided.is_granted
    decision.first_decided_at = former.first_decided_at if is_the_same else now
    is_earlier = (told_on.year, told_on.month) != (today.year, today.month)
    decision.amount_before = former.amount if is_earlier else former.amount_before


def _undo_requests(claim: Claim, amount: Decimal | None, by: User) -> None:
    """What was requested and not ordered is void; what went out already is not decided away."""
    payments = requests.locked_payments(claim)
    out = requests.gone_out(payments)
    if out > (amount or 0):
        raise Refused(
            f"已经支付{out:.2f}元，不能改为更少的金额", "资金确已退回的，请先由专窗登记退回，再作出决定。"
        )
    requests.take_back(payments, by)


def _nothing_follows(matter: Matter, now: datetime, by: User) -> None:
    """Who helps and agreed to an earlier grant has nothing to wait for after a refusal."""
    for one in standing(matter).filter(is_lead=False, state=Each.REPLIED):
        clocks.void(one.clocks.filter(state__in=clocks.OPEN), now=now)
        words = "主办单位决定不予兑现。"
        handling.complete_beside(assignment=one, completion=words, now=now, acting_user=by)


@transaction.atomic
def join_decision(*, claim: Claim, opinion: str, now: datetime, acting_user: User) -> Assignment:
    """A unit that helps replies once the one in charge has decided, by the same outcome."""
    roles.require(acting_user, "benefit.decide")
    matter = locked(claim.matter_id)
    decision = decision_of(Claim.objects.select_related("matter").get(pk=claim.pk))
    own = standing(matter).filter(is_lead=False, state=Each.IN_HAND, unit__in=own_units(acting_user))
    assignment = own.first()
    if assignment is None:
        raise Refused("没有交给您所在单位协办的任务", "请先签收交办通知书。")
    lead = standing(matter).filter(is_lead=True, state__in=DONE).first()
    if decision is None or lead is None:
        raise Refused("主办单位还没有作出审批决定", "请等主办单位决定后再回复。")
    replied = handling.reply_to_assignment(
        assignment=assignment,
        reply=opinion,
        outcome=outcome_of(decision),
        law=decision.clause,
        now=now,
        acting_user=acting_user,
    )
    if lead.state != Each.COMPLETED or replied.state != Each.REPLIED:
        return replied
    words = lead.completion or "已经办成。"
    return handling.complete_beside(assignment=replied, completion=words, now=now, acting_user=acting_user)


def outcome_of(decision: ClaimDecision) -> str:
    """The outcome of the procedure by which the unit replies."""
    outcomes = rules()[1].deciding
    if not decision.is_granted:
        return outcomes.refused
    return outcomes.paid if decision.amount is not None else outcomes.granted


def in_words(decision: ClaimDecision) -> str:
    if not decision.is_granted:
        return f"不予兑现：{decision.reason}。救济途径：{decision.remedy}"
    if decision.amount is not None:
        return f"批准兑现{decision.amount:.2f}元。"
    return f"批准，自{dates.day(decision.takes_effect_on)}起生效。" if decision.takes_effect_on else "批准。"


def _check(claim: Claim, decided: Decided) -> None:
    """Refuse what lacks its clause or reason, money where none is given, and more than the guide allows."""
    _, known = rules()
    kind = known.kind(claim.version.kind)
    is_money = kind is not None and kind.money
    if not decided.clause.strip():
        raise Refused("没有填写依据条款", "请填写政策文件和条款。")
    if not decided.approver.strip():
        raise Refused("没有填写审批人", "请填写签批这一决定的负责人。")
    if not decided.is_granted:
        if not decided.reason.strip() or not decided.remedy.strip():
            raise Refused("没有写明不予兑现的理由和救济途径", "请写明哪一项条件不符合，企业怎样提出异议。")
        if decided.amount is not None or decided.takes_effect_on is not None:
            raise Refused("不予兑现的决定不写金额和生效日期", "请核对是批准还是不予兑现。")
    elif is_money:
        _check_amount(claim, decided.amount)
    elif decided.amount is not None:
        raise Refused("这一事项不涉及资金，不填批准金额", "请填写权益从哪一天起生效。")
    elif decided.takes_effect_on is None:
        raise Refused("没有填写生效日期", "不涉及资金的，请填写减免、权益或者资质从哪一天起生效。")


def _check_amount(claim: Claim, amount: Decimal | None) -> None:
    ceiling = claim.version.ceiling
    if amount is None or amount <= 0:
        raise Refused("没有填写批准金额", "请填写大于零的金额。")
    if amount != amount.quantize(CENT):
        raise Refused("批准金额精确到分", "请填写至多两位小数的金额。")
    if ceiling is not None and amount > ceiling:
        raise Refused(f"批准金额超过上限{ceiling}元", "请按申请当日有效的办事指南核对。")


def decision_of(claim: Claim) -> ClaimDecision | None:
    """The decision of the time it is handled now; one before a review is history."""
    return claim.decisions.filter(cycle=claim.matter.times_reopened).first()


def require_for_step(claim: Claim, event: Event, outcome: str) -> None:
    """A unit replies to a claim by a decision; what completes it is said where payments are."""
    decision = decision_of(claim)
    if event == Event.REPLIED and (decision is None or outcome != outcome_of(decision)):
        raise Refused("还没有作出审批决定", "请在申请页面填写批准金额或者不予兑现的理由。")
