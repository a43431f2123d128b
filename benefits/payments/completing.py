"""What is done is judged by the day on the bank's paper, not by when somebody typed it (GY-R14)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from benefits.claims.deciding import decision_of
from benefits.models import Claim, ClaimDecision, Payment
from benefits.payments.sharing import CENT
from casework.matters import handling
from casework.matters.state import HANDLED, locked, standing
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


def require_completion(claim: Claim, now: datetime) -> None:
    """A claim is completed once the whole amount is on the account, or the right has taken effect."""
    decision = decision_of(claim)
    if decision is None or not decision.is_granted:
        raise Refused("还没有批准兑现的决定", "请先在申请页面作出审批决定。")
    if decision.amount is not None and paid(claim) < decision.amount:
        raise Refused("资金还没有到账", "请在支付页面登记银行到账日期，登记后自动办成。")
    effect = decision.takes_effect_on
    if decision.amount is None and (effect is None or timezone.localdate(now) < effect):
        since = dates.day(effect) if effect else ""
        raise Refused(f"权益自{since}起生效，还没有到期", "请到生效之日再确认。")
