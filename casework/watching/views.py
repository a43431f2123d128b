"""The pages of the leading group and the inspectorate: they read all and change only what is theirs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.matters.deciding import Decision, decide_referred
from casework.models import Matter
from casework.watching import standing
from office import roles
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

PER_PAGE = 30


@never_cache
@require_safe
def watched(request: HttpRequest) -> HttpResponse:
    """What is late by unit, what was not accepted and how often reporters were opened, by month."""
    user = require(request, "matter.watch")
    month, now = standing.month_of(request.GET.get("month", "")), timezone.localtime()
    later = standing.after(month)
    return show(
        request,
        "casework/watching/watched.html",
        "督办和监督",
        month=month,
        earlier=standing.before(month),
        later=later if later <= now.date() else None,
        referred=standing.referred().count(),
        late=standing.late_by_unit(now),
        refused=standing.not_accepted(month),
        openings=standing.openings(month),
        may_see_openings=roles.allowed(user, "reporter.openings"),
    )


@never_cache
@require_safe
def referred(request: HttpRequest) -> HttpResponse:
    user = require(request, "matter.watch")
    page = Paginator(standing.referred(), PER_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "casework/watching/referred.html",
        "提交领导小组的事项",
        page=page,
        decided=standing.decided_since(timezone.localdate().replace(day=1))[:PER_PAGE],
        may_decide=roles.allowed(user, "matter.decide"),
    )


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(label="批示", choices=Decision.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="批示内容",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="承办单位和评价中心看得到。",
    )


@never_cache
def decide(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Decide about one matter; who belongs to a unit that it concerns is refused by the service."""
    user = require(request, "matter.decide")
    matter = get_object_or_404(standing.referred(), pk=matter_id)
    form = DecisionForm(posted(request))
    if form.is_valid():
        told: dict[str, Any] = {"now": timezone.now(), "acting_user": user, **form.cleaned_data}
        with (
            attempt(request, f"{matter.number} 已批示。") as done,
            edit_conflicts.unchanged(request, matter, _seen),
        ):
            decide_referred(matter=matter, **told)
        if done:
            return redirect("casework:matters-referred")
    return show(
        request,
        "casework/watching/decide.html",
        f"批示 {matter.number}",
        matter=matter,
        form=form,
        seen_mark=edit_conflicts.page_mark(request, _seen(matter)),
    )


def _seen(matter: Matter) -> list[Any]:
    """What the page showed: the state, and that it waits for a decision."""
    return list(Matter.objects.values_list("state", "referred_at").get(pk=matter.pk))
