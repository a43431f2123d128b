"""Claims in a list, narrowed by columns that have an index: what is due first, or the newest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from benefits.claims.queries import claims_for
from benefits.desk.claim_acts import UNDER_WAY
from benefits.models import Claim, ClaimDecision, Firm, Payment
from benefits.rules import rules
from casework.desk.filters import NUMBER
from casework.matters.state import DONE, OPEN
from casework.models import Assignment, Matter
from casework.procedures.stored import in_use
from departments.models import Department
from office import roles
from office.models import User
from office.workbench.pages import require, show
from office.workbench.paging import KeysFirst

PER_PAGE = 50
ALL = "all"
LATE = {"late": "已逾期", "today": "今天到期"}
Paying = Payment.State
_State = Matter.State
HALF_A_CENT = Decimal("0.005")  # one database adds decimals as floating numbers
MONEY = {
    "decide": "待审批",
    "request": "待申请支付",
    "waiting": "待资金",
    "requested": "待下达支付令",
    "ordered": "待到账",
}


@dataclass(frozen=True)
class Filters:
    state: str = ""
    category: str = ""
    late: str = ""
    money: str = ""
    month: str = ""
    unit: int = 0
    words: str = ""

    @classmethod
    def read(cls, told: Any) -> Filters:
        unit, month = told.get("unit", ""), told.get("month", "")
        return cls(
            state=told.get("state", "")[:16],
            category=told.get("category", "")[:32],
            late=told.get("late", "") if told.get("late") in LATE else "",
            money=told.get("money", "") if told.get("money") in MONEY else "",
            month=month if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month) else "",
            unit=int(unit) if unit.isdecimal() and len(unit) < 10 else 0,
            words=told.get("q", "").strip()[:60],
        )

    @property
    def query(self) -> str:
        told = {
            "state": self.state,
            "category": self.category,
            "late": self.late,
            "money": self.money,
            "month": self.month,
            "unit": self.unit or "",
            "q": self.words,
        }
        return urlencode({name: value for name, value in told.items() if value})

    def of(self, rows: QuerySet[Claim], now: datetime) -> QuerySet[Claim]:
        """What is asked of the matter is asked in one place, so that its own indexes are used."""
        matters = self._matters(now)
        if matters:
            own = Matter.objects.filter(procedure_id=rules()[0], **matters)
            rows = rows.filter(matter__in=own.order_by().values("pk"))
        if self.category:
            rows = rows.filter(version__category=self.category)
        if self.unit:
            rows = rows.filter(version__department=self.unit)
        if self.money:
            rows = rows.filter(**MONEY_IS[self.money]())
        return self._said(rows)

    def _matters(self, now: datetime) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.state in Matter.State.values:
            found["state"] = self.state
        elif self.state != ALL and not self.money:  # money may come back after a claim was closed
            found["state__in"] = OPEN
        minute = now.replace(second=0, microsecond=0)
        if self.late == "late":
            found["next_due_at__lt"] = minute
        elif self.late == "today":
            found |= {"next_due_at__gte": minute, "next_due_at__lte": now.replace(hour=23, minute=59)}
        if self.month:
            year, month = map(int, self.month.split("-"))
            after = date(year + month // 12, month % 12 + 1, 1)
            found |= {"received_on__gte": date(year, month, 1), "received_on__lt": after}
        return found

    def _said(self, rows: QuerySet[Claim]) -> QuerySet[Claim]:
        if NUMBER.fullmatch(self.words):
            return rows.filter(matter__number__startswith=self.words.upper())
        if self.words:
            firms = Firm.objects.filter(name__contains=self.words) | Firm.objects.filter(
                credit_code=self.words.upper()
            )
            return rows.filter(firm__in=firms.order_by().values("pk"))
        return rows


def _paid_by(*states: Payment.State) -> dict[str, Any]:
    return {"pk__in": Payment.objects.filter(state__in=states).order_by().values("decision__claim")}


def _to_decide() -> dict[str, Any]:
    given = Assignment.objects.filter(is_lead=True, state=Assignment.State.IN_HAND)
    in_hand = given.filter(matter__procedure_id=rules()[0], cycle=F("matter__times_reopened"))
    return {"matter__in": in_hand.order_by().values("matter")}


def _to_request() -> dict[str, Any]:
    """Granted, not paid in full and no payment goes on: what waits, or what came back at any time."""
    waits = Matter.objects.filter(procedure_id=rules()[0], state__in=(_State.REPLIED, _State.CLOSING))
    came_back = Payment.objects.filter(state=Paying.REFUNDED)
    own = Payment.objects.filter(decision__claim=OuterRef("claim")).order_by()
    paid = own.filter(state=Paying.PAID).values("decision__claim").annotate(sum=Sum("amount")).values("sum")
    granted = ClaimDecision.objects.filter(
        Q(claim__matter__in=waits.order_by().values("pk"))
        | Q(claim__in=came_back.order_by().values("decision__claim")),
        ~Exists(own.filter(state__in=UNDER_WAY)),
        cycle=F("claim__matter__times_reopened"),
        amount__gt=Coalesce(Subquery(paid), Decimal()) + HALF_A_CENT,
    )
    answered = Assignment.objects.filter(
        matter=OuterRef("claim__matter"), cycle=OuterRef("cycle"), is_lead=True, state__in=DONE
    )
    granted = granted.filter(Exists(answered)).exclude(claim__matter__state__in=Claim.OVER)
    return {"pk__in": granted.order_by().values("claim")}


TOLD = "told"
MONEY_IS = {
    "decide": _to_decide,
    "request": _to_request,
    "waiting": lambda: _paid_by(Paying.WAITING),
    "requested": lambda: _paid_by(Paying.REQUESTED),
    "ordered": lambda: _paid_by(Paying.ORDERED),
}


@dataclass(frozen=True)
class Row:
    claim: Claim
    category: str
    decision: ClaimDecision | None
    payment: Payment | None
    is_late: bool


def _rows(claims: Iterable[Claim], now: datetime) -> list[Row]:
    categories = {one.id: one.label for one in in_use(rules()[0]).procedure.categories.items}
    found = []
    for one in claims:
        told: list[ClaimDecision] = getattr(one, TOLD)
        decision = next((each for each in told if each.cycle == one.matter.times_reopened), None)
        payments = list(decision.payments.all()) if decision else []
        due = one.matter.next_due_at
        late = due is not None and due < now.replace(second=0, microsecond=0)
        category = categories.get(one.version.category, "")
        found.append(Row(one, category, decision, payments[-1] if payments else None, late))
    return found


def ordered(rows: QuerySet[Claim], chosen: Filters) -> QuerySet[Claim]:
    """Of open ones what is due first; where ended ones are among them, the newest."""
    is_open = chosen.state in ("", *OPEN)
    return (
        rows.order_by(F("matter__next_due_at").asc(nulls_last=True), "pk")
        if is_open
        else rows.order_by("-pk")
    )


def found_by(user: User, chosen: Filters, now: datetime) -> QuerySet[Claim]:
    rows = ordered(chosen.of(claims_for(user), now), chosen).select_related(None)
    payments = Prefetch("payments", queryset=Payment.objects.order_by("pk"))
    decisions = ClaimDecision.objects.order_by("cycle").prefetch_related(payments)
    return rows.select_related("matter", "firm", "version__department").prefetch_related(
        Prefetch("decisions", queryset=decisions, to_attr=TOLD)
    )


@never_cache
def claims(request: HttpRequest) -> HttpResponse:
    user = require(request, "benefit.view", "benefit.view_own")
    chosen, now = Filters.read(request.GET), timezone.localtime()
    page = KeysFirst(found_by(user, chosen, now), PER_PAGE).get_page(request.GET.get("page"))
    is_unit = roles.allowed(user, "benefit.view_own")
    units = Department.objects.filter(is_active=True, benefit_items__isnull=False).distinct()
    return show(
        request,
        "benefits/desk/claims.html",
        "惠企申请",
        page=page,
        rows=_rows(page.object_list, now),
        filters=chosen,
        states=Matter.State.choices,
        categories=in_use(rules()[0]).procedure.categories.items,
        lateness=LATE.items(),
        moneys=MONEY.items(),
        units=[] if is_unit else units,
        is_unit=is_unit,
        may_claim=roles.allowed(user, "benefit.claim"),
    )
