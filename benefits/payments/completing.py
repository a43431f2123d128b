"""What is done is judged by the day on the bank's paper, not by when somebody typed it (GY-R14)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from benefits.claims.deciding import decision_of, outcome_of
from benefits.funds.sharing import CENT
from benefits.models import Claim, ClaimDecision, Payment
from benefits.rules import rules
from casework.matters import handling
from casework.matters.state import DONE, HANDLED, locked, standing
from casework.models import Assignment, Matter
from office import dates
from office.calendar import days
from office.errors import Refused
from office.models import User

State = Payment.State
Each = Assignment.State


def locked_claim(claim: Claim) -> tuple[Matter, Claim]:
    """Lock the matter of a claim, which is what two people at once wait for."""
    matter = locked(claim.matter_id)
    current = Claim.objects.select_related("version", "firm").get(pk=claim.pk)
    current.matter = matter
    return matter, current


def paid(claim: Claim) -> Decimal:
    """Return what lies on the account, of every decision: nothing is paid twice."""
    return _sum(claim, State.PAID)


def under_way(claim: Claim) -> Decimal:
    return _sum(claim, State.WAITING, State.REQUESTED, State.ORDERED)


def _sum(claim: Claim, *states: Payment.State) -> Decimal:
    rows = Payment.objects.filter(decision__claim=claim, state__in=states)
    return (rows.aggregate(total=Sum("amount"))["total"] or Decimal()).quantize(CENT)


def moment_on(day: date, decision: ClaimDecision, now: datetime) -> datetime:
    """Return the opening of the office on a day, never before the decision and never after now."""
    opening = timezone.make_aware(datetime.combine(day, days.hours().opening(day)))
    return max(decision.decided_at, min(opening, now))


def complete(
    matter: Matter, decision: ClaimDecision, day: date, words: str, *, now: datetime, by: User
) -> None:
    """Complete every assignment of the claim, as of a day; where it was withdrawn meanwhile there is none."""
    if matter.state not in HANDLED:
        return
    moment = moment_on(day, decision, now)
    for one in standing(matter).filter(state=Each.REPLIED):
        handling.complete_beside(assignment=one, completion=words, now=moment, acting_user=by)


def require_true_end(claim: Claim, outcome: str, now: datetime) -> None:
    """A claim is closed as what was decided, and as granted only once that is done.

    Where no answer stands, because the leading group had it closed as it is, it is closed as not granted.
    """
    decision, deciding = decision_of(claim), rules()[1].deciding
    has_answer = standing(claim.matter).filter(is_lead=True, state__in=DONE).exists()
    is_granted = decision is not None and decision.is_granted
    if decision is not None and (has_answer or outcome in (deciding.paid, deciding.granted)):
        true = outcome_of(decision)
        if outcome != true:
            found = claim.matter.procedure.outcome(true)
            label = found.label if found else true
            raise Refused(f"办理结果与审批决定不一致，审批决定为“{label}”", f"请按“{label}”办结。")
        if is_granted:
            _require_done(claim, now)
    elif outcome in (deciding.paid, deciding.granted):
        raise Refused("还没有批准兑现的决定，不能按已经兑现办结", "请按实际的办理结果办结。")
    elif paid(claim) or under_way(claim):
        raise Refused(
            "资金已经支付或者已经申请支付，不能按没有兑现办结", "请退回承办单位重新作出决定，再办结。"
        )


def _require_done(claim: Claim, now: datetime) -> None:
    try:
        require_completion(claim, now)
    except Refused as refusal:
        raise Refused(
            f"{refusal.why}，不能办结",
            "请在申请页面申请支付、登记到账或者等到生效之日；不再兑现的，退回承办单位重新作出决定。",
        ) from refusal


def require_completion(claim: Claim, now: datetime) -> None:
    """A claim is completed once the whole amount is on the account, or the right has taken effect."""
    decision = decision_of(claim)
    if decision is None:
        raise Refused("还没有作出审批决定", "请先在申请页面作出审批决定。")
    if not decision.is_granted:  # nothing follows
        return
    if decision.amount is not None and paid(claim) < decision.amount:
        raise Refused("资金还没有到账", "请在支付页面登记银行到账日期，登记后自动办成。")
    effect = decision.takes_effect_on
    if decision.amount is None and (effect is None or timezone.localdate(now) < effect):
        since = dates.day(effect) if effect else ""
        raise Refused(f"权益自{since}起生效，还没有到期", "请到生效之日再确认。")
