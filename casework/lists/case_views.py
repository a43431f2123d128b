"""Typical cases in the office, and what the public sees of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework.lists import cases
from casework.lists.cases import Written
from casework.lists.forms import CaseForm, LeaveForm, ReasonForm
from casework.lists.rules import rules
from casework.models import TypicalCase
from office import roles
from office.workbench.attempt import attempt
from office.workbench.edit_conflicts import page_mark, unchanged
from office.workbench.pages import posted, require, show

AT_ONCE = 20
State = TypicalCase.State
FIELDS = ("title", "unit", "persons_shown", "facts", "decision_number", "decided_on", "body")


@require_safe
def typical_cases(request: HttpRequest) -> HttpResponse:
    user = require(request, "case.view")
    found = TypicalCase.objects.select_related("unit", "written_by").order_by("-id")
    context: dict[str, Any] = {
        "page": Paginator(found, AT_ONCE).get_page(request.GET.get("page")),
        "may_write": roles.allowed(user, "case.write"),
        "today": timezone.localdate(),
        "months": rules().cases.shown_for_months,
    }
    return show(request, "casework/lists/cases.html", "典型案例", **context)


@never_cache
@require_http_methods(["GET", "POST"])
def new_case(request: HttpRequest) -> HttpResponse:
    user = require(request, "case.write")
    form = CaseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made: list[TypicalCase] = []
        with attempt(request, "已起草，请纪检监察同意后公布。") as done:
            written = Written(**form.cleaned_data)
            made.append(cases.write_case(written=written, now=timezone.now(), acting_user=user))
        if done:
            return redirect("casework:typical-case", made[0].pk)
    context: dict[str, Any] = {"form": form, "button": "提交", "back": "casework:typical-cases"}
    return show(request, "casework/lists/form.html", "起草典型案例", **context)


@never_cache
@require_http_methods(["GET", "POST"])
def edit_case(request: HttpRequest, typical_id: int) -> HttpResponse:
    user = require(request, "case.write")
    found = get_object_or_404(TypicalCase.objects.select_related("unit"), pk=typical_id)
    form = CaseForm(posted(request), initial={name: getattr(found, name) for name in FIELDS})
    if request.method == "POST" and form.is_valid():
        with attempt(request, "已修改。") as done, unchanged(request, found, _shown):
            written = Written(**form.cleaned_data)
            cases.write_case(written=written, case=found, now=timezone.now(), acting_user=user)
        if done:
            return redirect("casework:typical-case", found.pk)
    context: dict[str, Any] = {
        "form": form,
        "button": "保存",
        "back": "casework:typical-cases",
        "mark": page_mark(request, _shown(found)),
    }
    return show(request, "casework/lists/form.html", "修改典型案例", **context)


@never_cache
@require_http_methods(["GET", "POST"])
def typical_case(request: HttpRequest, typical_id: int) -> HttpResponse:
    """One case; the inspectorate gives leave, the centre publishes, either takes it off."""
    user = require(request, "case.view")
    rows = TypicalCase.objects.select_related("unit", "written_by", "approved_by", "withdrawn_by")
    found = get_object_or_404(rows, pk=typical_id)
    act = request.POST.get("act", "")
    leave = LeaveForm(posted(request) if act == "leave" else None)
    reason = ReasonForm(posted(request) if act == "withdraw" else None)
    if request.method == "POST":
        needed = {"leave": "case.approve", "withdraw": "case.withdraw"}.get(act, "case.write")
        require(request, needed)
        if _did(request, found, act, leave, reason):
            return redirect("casework:typical-case", found.pk)
    draft, approved = found.state == State.DRAFT, found.state == State.APPROVED
    may_take_off = found.state in (State.APPROVED, State.PUBLISHED) and roles.allowed(user, "case.withdraw")
    context: dict[str, Any] = {
        "case": found,
        "is_shown": found.is_shown_on(timezone.localdate()),
        "leave": leave if draft and roles.allowed(user, "case.approve") else None,
        "reason": reason if may_take_off else None,
        "may_edit": draft and roles.allowed(user, "case.write"),
        "may_publish": approved and roles.allowed(user, "case.write"),
        "months": rules().cases.shown_for_months,
        "mark": page_mark(request, _shown(found)),
    }
    return show(request, "casework/lists/case.html", found.title, **context)


def _did(request: HttpRequest, found: TypicalCase, act: str, leave: LeaveForm, reason: ReasonForm) -> bool:
    user, now = require(request, "case.view"), timezone.now()
    said = {"leave": "已登记意见。", "publish": "已公布。", "withdraw": "已撤下。"}
    if act not in said or (act == "leave" and not leave.is_valid()):
        return False
    if act == "withdraw" and not reason.is_valid():
        return False
    with attempt(request, said[act]) as done, unchanged(request, found, _shown):
        if act == "leave":
            cases.give_leave(case=found, **leave.cleaned_data, now=now, acting_user=user)
        elif act == "publish":
            cases.publish_case(case=found, now=now, acting_user=user)
        else:
            cases.withdraw_case(case=found, **reason.cleaned_data, now=now, acting_user=user)
    return bool(done)


def _shown(case: TypicalCase) -> list[Any]:
    """What the page of a case was built on, as it is stored now."""
    names = [f"{name}_id" if name == "unit" else name for name in FIELDS]
    return list(TypicalCase.objects.values_list("state", *names).get(pk=case.pk))


# --- The public --------------------------------------------------------------------------------------------


@require_safe
@cache_control(no_cache=True)
def public_cases(request: HttpRequest) -> HttpResponse:
    page = Paginator(cases.shown_on(timezone.localdate()), AT_ONCE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"page": page, "months": rules().cases.shown_for_months, "nav": "cases"}
    return render(request, "casework/lists/public_cases.html", context)


@require_safe
@cache_control(no_cache=True)
def public_case(request: HttpRequest, typical_id: int) -> HttpResponse:
    """One case while it is shown; afterwards its address answers like one that never was."""
    found = get_object_or_404(cases.shown_on(timezone.localdate()), pk=typical_id)
    return render(request, "casework/lists/public_case.html", {"case": found, "nav": "cases"})
