"""Names that are cleared: begun, done, visited; the number of the report is for the inspectorate."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.models import Clearing
from evaluations.tolerance import clearing as services
from evaluations.tolerance.forms import ClearForm, ClearingForm, FalseForm, UnitForm, VisitForm
from office import roles
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

PER_PAGE = 50
State = Clearing.State


@require_safe
def clearings(request: HttpRequest) -> HttpResponse:
    user = require(request, "clearing.view")
    rows = Clearing.objects.select_related("department", "staff_member").order_by("-id")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "evaluations/tolerance/clearings.html",
        "澄清正名",
        page=page,
        today=timezone.localdate(),
        may_keep=roles.allowed(user, "clearing.keep"),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def new_clearing(request: HttpRequest) -> HttpResponse:
    user = require(request, "clearing.keep")
    choice = UnitForm(request.GET if "unit" in request.GET else None)
    unit = choice.cleaned_data["unit"] if choice.is_valid() else None
    if unit is None:
        return show(
            request,
            "evaluations/tolerance/form.html",
            "登记澄清正名",
            form=choice,
            method="get",
            button="下一步",
            lead="先选择单位。",
            back="cockpit:clearings",
        )
    form = ClearingForm(posted(request), unit=unit)
    if request.method == "POST" and form.is_valid():
        with attempt(request, "已登记，请在期限内澄清。") as done:
            services.open_clearing(
                department=unit, **form.cleaned_data, today=timezone.localdate(), acting_user=user
            )
        if done:
            return redirect("cockpit:clearings")
    lead = f"{unit}：查实不属实、造成影响、本人同意的，才登记。"
    return show(
        request,
        "evaluations/tolerance/form.html",
        "登记澄清正名",
        form=form,
        button="登记",
        lead=lead,
        back="cockpit:clearings",
    )


@never_cache
@require_http_methods(["GET", "POST"])
def clearing(request: HttpRequest, clearing_id: int) -> HttpResponse:
    user = require(request, "clearing.view")
    rows = Clearing.objects.select_related(
        "department",
        "staff_member",
        "disposition__subject",
        "disposition__result__replaced_by",
        "opened_by",
        "cleared_by",
        "visited_by",
    )
    found = get_object_or_404(rows, pk=clearing_id)
    if request.method == "POST":
        require(request, "clearing.keep")
        if (answer := _posted(request, user, found)) is not None:
            return answer
    kept = roles.allowed(user, "clearing.keep")
    sealed = roles.allowed(user, "clearing.sealed")
    context: dict[str, Any] = {
        "clearing": found,
        "sees_number": sealed,
        "clear": ClearForm() if kept and found.state == State.OPEN else None,
        "visit": VisitForm() if kept and found.state == State.CLEARED else None,
        "accused": FalseForm() if sealed and not found.false_report_number else None,
        "wants_a_result": found.disposition and not hasattr(found.disposition.result, "replaced_by"),
        "today": timezone.localdate(),
    }
    return show(request, "evaluations/tolerance/clearing.html", f"澄清正名：{found.department}", **context)


def _posted(request: HttpRequest, user: User, found: Clearing) -> HttpResponse | None:
    """Do what was asked, and return to the page; None where nothing that is known was asked for."""
    today = timezone.localdate()
    if "way" in request.POST and (form := ClearForm(request.POST)).is_valid():
        with attempt(request, "已登记澄清，请按期回访。"):
            services.clear_name(
                clearing=found, **form.cleaned_data, now=timezone.now(), today=today, acting_user=user
            )
    elif "visit" in request.POST and (visit := VisitForm(request.POST)).is_valid():
        with attempt(request, "已登记回访。"):
            services.note_visit(clearing=found, **visit.cleaned_data, today=today, acting_user=user)
    elif "number" in request.POST and (false := FalseForm(request.POST)).is_valid():
        require(request, "clearing.sealed")
        with attempt(request, "已登记诬告认定。"):
            services.note_false_accusation(clearing=found, **false.cleaned_data, acting_user=user)
    else:
        return None
    return redirect("cockpit:clearing", found.pk)
