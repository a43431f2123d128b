"""What may be done with a claim on its page, and why not where it may not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, cast

from django.utils import timezone

from benefits.claims import deciding, sealing
from benefits.desk.claim_forms import AccountForm, ClaimForm, DecideForm, OpinionForm
from benefits.models import Claim, ClaimDecision, Payment
from benefits.payments import paying
from casework.matters.state import DONE
from casework.models import Assignment
from departments.access import own_units
from office import dates, roles
from office.models import User

Each = Assignment.State
Paying = Payment.State
UNDER_WAY = (Paying.WAITING, Paying.REQUESTED, Paying.ORDERED)


@dataclass(frozen=True)
class Case:
    """A claim as one user sees it."""

    claim: Claim
    user: User
    now: datetime
    decisions: list[ClaimDecision]
    payments: list[Payment]
    standing: list[Assignment]

    @cached_property
    def units(self) -> set[int]:
        is_unit = roles.allowed(self.user, "benefit.view_own")
        return set(own_units(self.user).values_list("pk", flat=True)) if is_unit else set()

    @property
    def own(self) -> Assignment | None:
        return next((one for one in self.standing if one.unit_id in self.units), None)

    @property
    def decision(self) -> ClaimDecision | None:
        cycle = self.claim.matter.times_reopened
        return next((one for one in self.decisions if one.cycle == cycle), None)

    @property
    def paid(self) -> Decimal:
        return sum((one.amount for one in self.payments if one.state == Paying.PAID), Decimal())

    @property
    def is_still_due(self) -> bool:
        lead = next((one for one in self.standing if one.is_lead), None)
        if lead is None or lead.state not in DONE or self.claim.matter.state in Claim.OVER:
            return False
        return self.decision is not None and self.paid < (self.decision.amount or 0)

    @property
    def is_waiting_for_money(self) -> bool:
        return any(one.state == Paying.WAITING for one in self.payments)


class Act(ABC):
    name: ClassVar[str]
    label: ClassVar[str]
    done: ClassVar[str]
    hint: ClassVar[str] = ""
    is_next: ClassVar[bool] = True
    form_class: ClassVar[type[ClaimForm]] = ClaimForm

    @abstractmethod
    def concerns(self, case: Case) -> bool:
        """Whether this user has to do with it at all."""

    @abstractmethod
    def bar(self, case: Case) -> str:
        """Say why it cannot be done now, without full stop; nothing where it can."""

    @abstractmethod
    def run(self, case: Case, form: ClaimForm) -> None:
        """Call the service."""


def _not_in_hand(one: Assignment) -> str:
    return "请先签收交办通知书" if one.state == Each.WAITING else ""


class Decide(Act):
    name, label, done = "decide", "作出审批决定", "已作出审批决定。"
    hint = "决定即为对交办的答复，审核报批的时限到此为止。"
    form_class = DecideForm

    def concerns(self, case: Case) -> bool:
        may = roles.allowed(case.user, "benefit.decide")
        return (
            may
            and case.own is not None
            and case.own.is_lead
            and case.own.state in (Each.WAITING, Each.IN_HAND)
        )

    def bar(self, case: Case) -> str:
        if case.claim.matter.state != "assigned":
            return f"申请目前为“{case.claim.matter.get_state_display()}”"
        return _not_in_hand(case.own) if case.own else ""

    def run(self, case: Case, form: ClaimForm) -> None:
        decided = cast("DecideForm", form).decided()
        deciding.decide_claim(claim=case.claim, decided=decided, now=case.now, acting_user=case.user)


class Join(Act):
    name, label, done = "join", "提交协办意见", "已提交协办意见。"
    form_class = OpinionForm

    def concerns(self, case: Case) -> bool:
        return (
            case.own is not None and not case.own.is_lead and case.own.state in (Each.WAITING, Each.IN_HAND)
        )

    def bar(self, case: Case) -> str:
        if case.own and (waits := _not_in_hand(case.own)):
            return waits
        lead = next((one for one in case.standing if one.is_lead), None)
        has_decided = case.decision is not None and lead is not None and lead.state in DONE
        return "" if has_decided else "主办单位还没有作出审批决定"

    def run(self, case: Case, form: ClaimForm) -> None:
        opinion = form.cleaned_data["opinion"]
        deciding.join_decision(claim=case.claim, opinion=opinion, now=case.now, acting_user=case.user)


def _carries_out(case: Case) -> bool:
    own, decision = case.own, case.decision
    answered = own is not None and own.is_lead and own.state in DONE
    return answered and decision is not None and decision.is_granted


class Request(Act):
    name, label, done = "request", "申请支付", "已申请支付。"
    hint = "资金池足够的转给资金池管理人员下达支付令；不足的记“待资金”，先审批的先支付，兑现时限照常计算。"

    def concerns(self, case: Case) -> bool:
        if not _carries_out(case) or case.decision is None or case.decision.amount is None:
            return False
        is_completed = case.own is not None and case.own.state == Each.COMPLETED
        return roles.allowed(case.user, "benefit.pay") and not (
            is_completed and case.paid >= case.decision.amount
        )

    def bar(self, case: Case) -> str:
        if open_one := next((one for one in case.payments if one.state in UNDER_WAY), None):
            return f"已经申请支付，目前为“{open_one.get_state_display()}”"
        return "" if case.claim.account else "没有登记收款账户，请专窗与企业核对后登记"

    def run(self, case: Case, form: ClaimForm) -> None:
        paying.request_payment(claim=case.claim, now=case.now, acting_user=case.user)


class Confirm(Act):
    name, label, done = "confirm", "确认生效", "已确认生效，转入回访。"

    def concerns(self, case: Case) -> bool:
        replied = case.own is not None and case.own.state == Each.REPLIED
        return _carries_out(case) and replied and case.decision is not None and case.decision.amount is None

    def bar(self, case: Case) -> str:
        effect = case.decision.takes_effect_on if case.decision else None
        if effect and effect > timezone.localdate(case.now):
            return f"自{dates.day(effect)}起生效，还没有到期"
        return ""

    def run(self, case: Case, form: ClaimForm) -> None:
        paying.confirm_effect(claim=case.claim, now=case.now, acting_user=case.user)


class ChangeAccount(Act):
    name, label, done = "account", "登记收款账户", "已登记收款账户。"
    is_next = False
    form_class = AccountForm

    def concerns(self, case: Case) -> bool:
        is_open = case.claim.matter.state not in ("refused", "withdrawn", "merged", "transferred")
        return roles.allowed(case.user, "benefit.claim") and is_open

    def bar(self, case: Case) -> str:
        why = sealing.why_account_stays(case.claim, case.payments)
        return f"{why}，不能更改" if why else ""

    def run(self, case: Case, form: ClaimForm) -> None:
        account = form.cleaned_data["account"]
        sealing.change_account(claim=case.claim, account=account, acting_user=case.user)


ACTS: tuple[Act, ...] = (Decide(), Join(), Request(), Confirm(), ChangeAccount())
