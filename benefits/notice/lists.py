"""The lists behind the numbers of a month: which claims each of them counts (GY-R17)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from benefits.models import Claim, ClaimDecision, Payment
from benefits.rules import rules
from casework.figures.counting import BEFORE_ACCEPTANCE, NOT_TAKEN_IN
from casework.figures.months import Month
from casework.models import Matter, Stop

State = Payment.State


@dataclass(frozen=True)
class Behind:
    """One number of the notice and the claims it counts."""

    id: str
    label: str
    of: Callable[[Month], QuerySet[Claim]]


def last_day(month: Month) -> date:
    return month.moved(1).first - timedelta(days=1)


def within(month: Month, field: str) -> Q:
    return Q(**{f"{field}__gte": month.begins, f"{field}__lt": month.ends})


def on_days_of(month: Month, field: str) -> Q:
    return Q(**{f"{field}__gte": month.first, f"{field}__lte": last_day(month)})


def claims() -> QuerySet[Claim]:
    return Claim.objects.filter(matter__procedure_id=rules()[0])


def asked(month: Month) -> Q:
    return within(month, "matter__received_at") & ~Q(matter__state__in=NOT_TAKEN_IN)


def accepted(month: Month) -> Q:
    return within(month, "matter__accepted_at") & ~Q(matter__state__in=BEFORE_ACCEPTANCE)


def not_accepted(month: Month) -> Q:
    return asked(month) & Q(matter__state=Matter.State.REFUSED)


def decisions(month: Month) -> QuerySet[Any]:
    """Return of each claim what was decided last, with `told`: the amount as it stood when the month ended.

    It belongs to the month in which it was first decided so; what a later month changes is a correction
    there (`change`), so that the closed months sum to what holds.
    """
    later = ClaimDecision.objects.filter(claim=OuterRef("claim"), cycle__gt=OuterRef("cycle"))
    was = When(decided_at__gte=month.ends, amount_before__isnull=False, then=F("amount_before"))
    return ClaimDecision.objects.filter(~Exists(later)).annotate(
        told=Case(was, default=F("amount")),
        change=Coalesce(F("amount"), Value(Decimal(0)), output_field=DecimalField()) - F("amount_before"),
    )


def granted(month: Month) -> Q:
    return within(month, "first_decided_at") & Q(is_granted=True)


def refused(month: Month) -> Q:
    return within(month, "first_decided_at") & Q(is_granted=False)


def corrected(month: Month) -> Q:
    return within(month, "decided_at") & Q(amount_before__isnull=False) & ~Q(change=0)


def paid(month: Month) -> Q:
    """What came to the account in the month, whatever was sent back later."""
    return on_days_of(month, "bank_on")


def refunded(month: Month) -> Q:
    return on_days_of(month, "refunded_on")


def waiting(month: Month) -> Q:
    """What was requested and had no money at the end of the month, whatever came later."""
    last = last_day(month)
    return Q(requested_on__lte=last) & (Q(state=State.WAITING) | Q(let_in_on__gt=last))


def _supplemented(month: Month) -> QuerySet[Claim]:
    stops = Stop.objects.filter(on_days_of(month, "first"), matter=OuterRef("matter"))
    return claims().filter(Exists(stops))


def _of_claims(wanted: Callable[[Month], Q]) -> Callable[[Month], QuerySet[Claim]]:
    return lambda month: claims().filter(wanted(month))


def _of_decisions(wanted: Callable[[Month], Q]) -> Callable[[Month], QuerySet[Claim]]:
    return lambda month: _among(decisions(month).filter(wanted(month)).values("claim"))


def _of_payments(wanted: Callable[[Month], Q]) -> Callable[[Month], QuerySet[Claim]]:
    return lambda month: _among(Payment.objects.filter(wanted(month)).values("decision__claim"))


def _among(pks: QuerySet[Any]) -> QuerySet[Claim]:
    """Return claims by their keys alone: whether they are of this procedure need not be asked of each."""
    return Claim.objects.filter(pk__in=pks.order_by())


LISTS = {
    one.id: one
    for one in (
        Behind("asked", "申请", _of_claims(asked)),
        Behind("accepted", "受理", _of_claims(accepted)),
        Behind("supplemented", "通知补正", _supplemented),
        Behind("not_accepted", "不予受理", _of_claims(not_accepted)),
        Behind("granted", "批准", _of_decisions(granted)),
        Behind("refused", "不予兑现", _of_decisions(refused)),
        Behind("corrected", "更正以前月份的批准", _of_decisions(corrected)),
        Behind("paid", "到账", _of_payments(paid)),
        Behind("refunded", "退回", _of_payments(refunded)),
        Behind("waiting", "待资金", _of_payments(waiting)),
    )
}
BY_CLASS = ("asked", "accepted", "supplemented", "not_accepted", "granted", "refused", "paid")
HEADINGS = ("编号", "企业", "事项", "主管部门", "状态", "收到日期", "申请金额（元）")


def rows_of(month: Month, which: str, category: str = "", unit: int | None = None) -> QuerySet[Claim]:
    found = LISTS[which].of(month)
    if category:
        found = found.filter(version__category=category)
    if unit is not None:
        found = found.filter(version__department=unit)
    return found.select_related("matter__version", "firm", "version__department").order_by("-pk")


def cells(claim: Claim) -> list[Any]:
    return [
        claim.matter.number,
        claim.firm.name,
        claim.version.name,
        claim.version.department.name,
        claim.matter.get_state_display(),
        claim.matter.received_on,
        claim.amount_asked,
    ]
