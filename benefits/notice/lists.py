"""The lists behind the numbers of a month: which claims each of them counts (GY-R17)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

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


def decisions_in(month: Month) -> QuerySet[ClaimDecision]:
    return ClaimDecision.objects.filter(within(month, "decided_at"))


def paid_in(month: Month) -> QuerySet[Payment]:
    """What came to the account in the month, whatever was sent back later."""
    return Payment.objects.filter(on_days_of(month, "bank_on"))


def refunded_in(month: Month) -> QuerySet[Payment]:
    return Payment.objects.filter(on_days_of(month, "refunded_on"))


def waiting_in(month: Month) -> QuerySet[Payment]:
    return Payment.objects.filter(state=State.WAITING, requested_on__lte=last_day(month))


def _asked(month: Month) -> QuerySet[Claim]:
    return claims().filter(within(month, "matter__received_at")).exclude(matter__state__in=NOT_TAKEN_IN)


def _accepted(month: Month) -> QuerySet[Claim]:
    found = claims().filter(within(month, "matter__accepted_at"))
    return found.exclude(matter__state__in=BEFORE_ACCEPTANCE)


def _supplemented(month: Month) -> QuerySet[Claim]:
    stops = Stop.objects.filter(on_days_of(month, "first"), matter=OuterRef("matter"))
    return claims().filter(Exists(stops))


def _not_accepted(month: Month) -> QuerySet[Claim]:
    return _asked(month).filter(matter__state=Matter.State.REFUSED)


def _decided(month: Month, *, granted: bool) -> QuerySet[Claim]:
    found = decisions_in(month).filter(is_granted=granted, claim=OuterRef("pk"))
    return claims().filter(Exists(found))


def _of_payments(payments: QuerySet[Payment]) -> QuerySet[Claim]:
    return claims().filter(Exists(payments.filter(decision__claim=OuterRef("pk"))))


LISTS = {
    one.id: one
    for one in (
        Behind("asked", "申请", _asked),
        Behind("accepted", "受理", _accepted),
        Behind("supplemented", "通知补正", _supplemented),
        Behind("not_accepted", "不予受理", _not_accepted),
        Behind("granted", "批准", lambda month: _decided(month, granted=True)),
        Behind("refused", "不予兑现", lambda month: _decided(month, granted=False)),
        Behind("paid", "到账", lambda month: _of_payments(paid_in(month))),
        Behind("refunded", "退回", lambda month: _of_payments(refunded_in(month))),
        Behind("waiting", "待资金", lambda month: _of_payments(waiting_in(month))),
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
