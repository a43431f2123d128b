"""Decide on a claim: an amount or a right, with its clause; or a refusal with reason and remedy (GY-R14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from benefits.models import Claim, ClaimDecision
from benefits.rules import rules
from casework.matters import handling
from casework.matters.state import locked, standing
from casework.models import Assignment
from casework.procedure.words import Event
from office import audit, roles
from office.errors import Refused
from office.models import User

CENT = Decimal("0.01")
GRANTED_MONEY, GRANTED_RIGHT, REFUSED = "paid", "granted", "refused"


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
    """Decide, which is the unit's reply to its assignment; nobody decides the same claim twice."""
    roles.require(acting_user, "benefit.decide")
    matter = locked(claim.matter_id)
    current = Claim.objects.select_related("version", "firm").get(pk=claim.pk)
    _check(current, decided)
    assignment = standing(matter).filter(is_lead=True, state=Assignment.State.IN_HAND).first()
    if assignment is None:
        raise Refused("申请目前不在本单位办理", "请先签收交办通知书；已经作出决定的，请刷新页面查看。")
    decision = ClaimDecision.objects.create(
        claim=current,
        cycle=matter.times_reopened,
        is_granted=decided.is_granted,
        amount=decided.amount,
        takes_effect_on=decided.takes_effect_on,
        clause=decided.clause.strip()[:120],
        reason=decided.reason.strip()[:500],
        remedy=decided.remedy.strip()[:300],
        decided_by=acting_user,
        approver=decided.approver.strip()[:40],
        decided_at=now,
    )
    handling.reply_to_assignment(
        assignment=assignment,
        reply=in_words(decision),
        outcome=outcome_of(decision),
        law=decision.clause,
        now=now,
        acting_user=acting_user,
    )
    after = {"决定": in_words(decision), "依据": decision.clause, "审批人": decision.approver}
    audit.record("作出审批决定", decision, acting_user=acting_user, after=after)
    return decision


def outcome_of(decision: ClaimDecision) -> str:
    """The outcome of the procedure by which the unit replies."""
    if not decision.is_granted:
        return REFUSED
    return GRANTED_MONEY if decision.amount is not None else GRANTED_RIGHT


def in_words(decision: ClaimDecision) -> str:
    if not decision.is_granted:
        return f"不予兑现：{decision.reason}。救济途径：{decision.remedy}"
    if decision.amount is not None:
        return f"批准兑现{decision.amount:.2f}元。"
    return f"批准，自{decision.takes_effect_on:%Y-%m-%d}起生效。" if decision.takes_effect_on else "批准。"


def _check(claim: Claim, decided: Decided) -> None:
    """Refuse what lacks its clause or reason, money where none is given, and more than the guide allows."""
    _, known = rules()
    kind = known.kind(claim.version.kind)
    if not decided.clause.strip():
        raise Refused("没有填写依据条款", "请填写政策文件和条款。")
    if not decided.approver.strip():
        raise Refused("没有填写审批人", "请填写签批这一决定的负责人。")
    if not decided.is_granted:
        if not decided.reason.strip() or not decided.remedy.strip():
            raise Refused("没有写明不予兑现的理由和救济途径", "请写明哪一项条件不符合，企业怎样提出异议。")
        return
    if kind is not None and kind.money:
        _check_amount(claim, decided.amount)
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
    """A unit replies to a claim by a decision, and completes it once the money or the right is there."""
    decision = decision_of(claim)
    if event == Event.REPLIED and (decision is None or outcome != outcome_of(decision)):
        raise Refused("还没有作出审批决定", "请在申请页面填写批准金额或者不予兑现的理由。")
