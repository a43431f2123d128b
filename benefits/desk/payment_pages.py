"""Pages of whoever keeps the pools: what is to be ordered, what is on its way, the list for the treasury."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from benefits.models import Payment
from benefits.payments import paying
from benefits.payments.treasury import HEADINGS, MOST, rows_for_treasury, to_export
from office import dates, roles
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from office.workbench.paging import FromTheNearerEnd
from office.workbooks.writing import XLSX, workbook

PER_PAGE = 100
State = Payment.State
BESIDE = ("decision__claim__matter", "decision__claim__firm", "decision__claim__version__department")


def _found() -> QuerySet[Payment]:
    return Payment.objects.select_related(*BESIDE).prefetch_related("shares__pool")


@never_cache
def payments(request: HttpRequest) -> HttpResponse:
    """Payments of one state in the order of approval; those ticked are ordered together."""
    user = require(request, "benefit.view")
    state = request.GET.get("state", State.REQUESTED)
    if state not in State.values:
        state = State.REQUESTED
    if request.method == "POST" and _ordered(request, user):
        return redirect(request.get_full_path())
    is_done = state in (State.PAID, State.REFUNDED)
    order = ("-ordered_on", "-pk") if is_done else ("decision__decided_at", "pk")
    page = FromTheNearerEnd(_found().filter(state=state).order_by(*order), PER_PAGE)
    total = None if is_done else Payment.objects.filter(state=state).aggregate(n=Sum("amount"))["n"]
    open_ones = Payment.objects.filter(state__in=(State.WAITING, State.REQUESTED, State.ORDERED)).order_by()
    counts = dict(open_ones.values_list("state").annotate(Count("pk")))
    return show(
        request,
        "benefits/desk/payments.html",
        "兑现支付",
        page=page.get_page(request.GET.get("page")),
        state=state,
        states=[(one.value, one.label, counts.get(one.value, 0)) for one in State],
        total=total,
        may_pay=roles.allowed(user, "benefit.pool"),
        today=timezone.localdate(),
    )


def _ordered(request: HttpRequest, user: User) -> bool:
    ticked = [int(one) for one in request.POST.getlist("payment") if one.isdecimal() and len(one) < 19]
    chosen = list(Payment.objects.filter(pk__in=ticked))
    with attempt(request, f"已下达支付令 {len(chosen)} 笔。") as done:
        paying.order_payments(payments=chosen, today=timezone.localdate(), acting_user=user)
    return bool(done)


class BankForm(forms.Form):
    bank_on = forms.DateField(
        label="银行到账日期", widget=forms.DateInput(attrs={"type": "date"}), help_text="按银行回单填写。"
    )


class RefundForm(forms.Form):
    refunded_on = forms.DateField(label="退回日期", widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(label="退回原因", max_length=200, help_text="例如户名与账号不符；不要写账号。")


@never_cache
def payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """One payment: its parts, its dates, what may be entered now."""
    user = require(request, "benefit.view")
    one = get_object_or_404(_found(), pk=payment_id)
    may_pay = roles.allowed(user, "benefit.pool")
    bank, refund = _forms(request, one) if may_pay else (None, None)
    if may_pay and request.method == "POST" and _entered(request, one, bank, refund):
        return redirect("benefits:payment", one.pk)
    return show(
        request,
        "benefits/desk/payment.html",
        f"{one.decision.claim.matter.number}　兑现支付",
        payment=one,
        claim=one.decision.claim,
        bank=bank,
        refund=refund,
        may_pay=may_pay,
        seen_mark=edit_conflicts.page_mark(request, _seen(one)),
    )


def _seen(one: Payment) -> list[Any]:
    return list(Payment.objects.filter(pk=one.pk).values_list("pk", "state"))


def _forms(request: HttpRequest, one: Payment) -> tuple[BankForm | None, RefundForm | None]:
    sent, data = request.POST.get("act", ""), posted(request)
    bank = BankForm(data if sent == "bank" else None) if one.state == State.ORDERED else None
    may_return = one.state in (State.ORDERED, State.PAID)
    return bank, RefundForm(data if sent == "refund" else None) if may_return else None


def _entered(request: HttpRequest, one: Payment, bank: BankForm | None, refund: RefundForm | None) -> bool:
    user, now = require(request, "benefit.pool"), timezone.now()
    if request.POST.get("act") == "order":
        with attempt(request, "已下达支付令。") as done:
            paying.order_payments(payments=[one], today=timezone.localdate(now), acting_user=user)
        return bool(done)
    if bank is not None and bank.is_bound and bank.is_valid():
        with attempt(request, "已登记到账日期。") as done:
            paying.enter_bank_date(
                payment=one, bank_on=bank.cleaned_data["bank_on"], now=now, acting_user=user
            )
        return bool(done)
    if refund is not None and refund.is_bound and refund.is_valid():
        with attempt(request, "已登记资金退回，资金回到资金池。") as done:
            paying.enter_refund(payment=one, **refund.cleaned_data, now=now, acting_user=user)
        return bool(done)
    return False


@require_safe
@never_cache
def treasury_list(request: HttpRequest) -> HttpResponse:
    """What was ordered and is not on the account yet, with the accounts; each look stands in the audit."""
    user = require(request, "benefit.pool")
    found = list(to_export())
    if not found or len(found) > MOST:
        why = f"超过 {MOST} 笔，请分批登记到账。" if found else "没有已下达支付令、尚未到账的支付。"
        messages.error(request, why)
        return redirect("benefits:payments")
    rows: list[list[Any]] = []
    with attempt(request, "已导出支付令清单，打开的收款账户已记入审计。") as done:
        rows = rows_for_treasury(payments=found, acting_user=user)
    if not done:
        return redirect("benefits:payments")
    answer = HttpResponse(workbook("支付令", HEADINGS, rows), content_type=XLSX)
    name = f"支付令清单{dates.day(timezone.localdate())}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return answer
