"""Pages of the pools: what lies in each, what came in and went out, the closing of a year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from benefits.funds import pools as services
from benefits.models import FundEntry, FundPool, FundShare, Payment
from benefits.rules import rules
from office import roles
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

PER_PAGE = 50
MOST_POOLS = 60
Kind = FundEntry.Kind


class MoneyForm(forms.Form):
    level = forms.ChoiceField(label="层级")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2999)
    kind = forms.ChoiceField(
        label="类别", choices=[(one.value, one.label) for one in services.COMES_IN], widget=forms.RadioSelect
    )
    amount = forms.DecimalField(
        label="金额（元）", max_digits=14, decimal_places=2, help_text="多登记的填负数更正，并写明原因。"
    )
    remark = forms.CharField(label="说明", max_length=200, required=False, help_text="例如指标文号。")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        levels: Any = self.fields["level"]
        levels.choices = [(one.id, one.label) for one in rules()[1].levels.items]


@never_cache
def pools(request: HttpRequest) -> HttpResponse:
    user = require(request, "benefit.view")
    may_keep, today = roles.allowed(user, "benefit.pool"), timezone.localdate()
    form = MoneyForm(posted(request), initial={"year": today.year, "kind": Kind.BUDGET}) if may_keep else None
    if form is not None and form.is_bound and form.is_valid():
        with attempt(request, "已登记。") as done:
            services.enter_money(**form.cleaned_data, today=today, acting_user=user)
        if done:
            return redirect("benefits:pools")
    found = list(FundPool.objects.order_by("-year", "pk")[:MOST_POOLS])
    return show(
        request,
        "benefits/desk/pools.html",
        "资金池",
        rows=_rows(found),
        form=form,
        rules=rules()[1],
    )


def _rows(found: list[FundPool]) -> list[dict[str, Any]]:
    held, aside, waiting = services.balances(found), services.set_aside(found), _waiting(found)
    return [
        {
            "pool": one,
            "balance": held[one.pk],
            "aside": aside.get(one.pk, 0),
            "free": held[one.pk] - aside.get(one.pk, 0),
            "waiting": waiting.get(one.pk, 0),
        }
        for one in found
    ]


def _waiting(found: list[FundPool]) -> dict[int, Any]:
    rows = FundShare.objects.filter(pool__in=found, payment__state=Payment.State.WAITING)
    return dict(rows.order_by().values_list("pool").annotate(Sum("amount")))


@never_cache
def pool(request: HttpRequest, pool_id: int) -> HttpResponse:
    """One pool with its entries, the newest first; at the year's end it is closed here."""
    user = require(request, "benefit.view")
    one = get_object_or_404(FundPool, pk=pool_id)
    if request.method == "POST":
        with attempt(request, "已结账，待资金的支付转入下一年度。"):
            services.close_pool(pool=one, today=timezone.localdate(), acting_user=user)
        return redirect("benefits:pool", one.pk)
    entries = one.entries.select_related(
        "entered_by", "share__payment__decision__claim__matter", "share__payment__decision__claim__firm"
    )
    page = Paginator(entries.order_by("-day", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    (row,) = _rows([one])
    may_close = roles.allowed(user, "benefit.pool") and one.closed_on is None
    today = timezone.localdate()
    return show(
        request,
        "benefits/desk/pool.html",
        str(one),
        one=one,
        row=row,
        page=page,
        may_close=may_close and (today.year, today.month) >= (one.year, 12),
    )
