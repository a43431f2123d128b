"""Risk reports and applications for tolerance: the unit reports and applies, others decide."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from departments.access import own_units
from evaluations.models import Disposition, RiskReport, ToleranceCase
from evaluations.schemes.stored import scheme_of
from evaluations.tolerance import services
from evaluations.tolerance.forms import TEXTS, ApplyForm, DecisionTimeForm, RiskForm, SettleForm
from office import roles
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

MOST = 100
HERE = "cockpit:tolerance"


@require_safe
def tolerance(request: HttpRequest) -> HttpResponse:
    """What a unit reported and applied for; for those who weigh it, everybody's."""
    user = require(request, "risk.report", "risk.view", "tolerance.view")
    reports = _reports(user).select_related("department", "reported_by")
    cases = _cases(user).select_related(
        "disposition__subject", "disposition__result__replaced_by", "applied_by", "report"
    )
    context: dict[str, Any] = {
        "reports": reports[:MOST],
        "sees_reports": roles.allowed(user, "risk.report") or roles.allowed(user, "risk.view"),
        "cases": cases[:MOST],
        "open": _may_be_applied_for(user),
        "may_report": roles.allowed(user, "risk.report"),
        "may_apply": roles.allowed(user, "tolerance.apply"),
        "sees_clearings": roles.allowed(user, "clearing.view"),
        "most": MOST,
    }
    return show(request, "evaluations/tolerance/tolerance.html", "容错纠错", **context)


@never_cache
@require_http_methods(["GET", "POST"])
def new_risk(request: HttpRequest) -> HttpResponse:
    user = require(request, "risk.report")
    form = RiskForm(posted(request), units=own_units(user))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with attempt(request, "已报备，时间以系统记录为准。") as done:
            services.report_risk(
                department=data["department"],
                texts={name: data[name] for name in TEXTS},
                decision_at=data["decision_at"],
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            return redirect(HERE)
    return _form(request, "风险报备", form, "提交报备", "报备时间由系统记录，提交后内容和时间都不能更改。")


@never_cache
@require_http_methods(["GET", "POST"])
def risk(request: HttpRequest, report_id: int) -> HttpResponse:
    user = require(request, "risk.report", "risk.view")
    found = get_object_or_404(_reports(user).select_related("department", "reported_by"), pk=report_id)
    form = DecisionTimeForm(posted(request))
    if request.method == "POST":
        require(request, "risk.report")
        if form.is_valid():
            with attempt(request, "已登记决策时间。") as done:
                services.note_decision_time(
                    report=found,
                    decision_at=form.cleaned_data["decision_at"],
                    now=timezone.now(),
                    acting_user=user,
                )
            if done:
                return redirect("cockpit:risk", found.pk)
    waits = roles.allowed(user, "risk.report") and found.decision_at is None
    return show(
        request, "evaluations/tolerance/risk.html", found.matter, report=found, form=form if waits else None
    )


@never_cache
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, disposition_id: int) -> HttpResponse:
    user = require(request, "tolerance.apply")
    mine = services.of_own_units(user)
    found = get_object_or_404(mine.select_related("subject", "round__scheme_version"), pk=disposition_id)
    form = ApplyForm(posted(request), reports=RiskReport.objects.filter(department=found.department_id))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with attempt(request, "已提交容错申请，等待决定。") as done:
            services.apply_for_tolerance(
                disposition=found,
                grounds=data["grounds"],
                report=data["report"],
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            return redirect(HERE)
    lead = f"对“{found}”申请容错。由有干部管理权限的机关决定；积分、亮牌和结果只由新的结果改变。"
    return _form(request, "申请容错", form, "提交申请", lead)


@never_cache
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    user = require(request, "tolerance.apply", "tolerance.view")
    rows = _cases(user).select_related(
        "disposition__subject",
        "disposition__round__scheme_version",
        "disposition__result__replaced_by",
        "applied_by",
        "decided_by",
        "report",
    )
    found = get_object_or_404(rows, pk=case_id)
    rule = scheme_of(found.disposition.round).tolerance
    waits = found.state == ToleranceCase.State.APPLIED and rule is not None
    form = SettleForm(posted(request), rule=rule) if waits and rule else None
    if request.method == "POST":
        require(request, "tolerance.settle")
        if form is not None and form.is_valid():
            data = form.cleaned_data
            with attempt(request, "已登记决定。") as done:
                services.decide_tolerance(
                    case=found,
                    outcome=data["outcome"],
                    findings=form.findings(),
                    reasons=data["reasons"],
                    body=data["body"],
                    number=data["number"],
                    decided_on=data["decided_on"],
                    now=timezone.now(),
                    today=timezone.localdate(),
                    acting_user=user,
                )
            if done:
                return redirect("cockpit:tolerance-case", found.pk)
    tests = rule.tests if rule else ()
    context: dict[str, Any] = {
        "case": found,
        "findings": [(one.label, found.findings.get(one.id, "")) for one in tests if found.findings],
        "rule": rule,
        "form": form if roles.allowed(user, "tolerance.settle") else None,
        "may_correct": roles.allowed(user, "round.publish"),
    }
    return show(request, "evaluations/tolerance/case.html", "容错申请", **context)


def _reports(user: User) -> QuerySet[RiskReport]:
    if roles.allowed(user, "risk.view"):
        return RiskReport.objects.all()
    return RiskReport.objects.filter(department__in=own_units(user))


def _cases(user: User) -> QuerySet[ToleranceCase]:
    if roles.allowed(user, "tolerance.view"):
        return ToleranceCase.objects.all()
    if not roles.allowed(user, "tolerance.apply"):
        raise PermissionDenied
    return ToleranceCase.objects.filter(disposition__in=services.of_own_units(user))


def _may_be_applied_for(user: User) -> list[Disposition]:
    """What of one's own units is still open, has no application waiting, and whose scheme has a rule."""
    if not roles.allowed(user, "tolerance.apply"):
        return []
    rows = services.of_own_units(user).filter(state__in=services.STILL_OPEN)
    rows = rows.exclude(tolerance_cases__state=ToleranceCase.State.APPLIED)
    found = rows.select_related("subject", "round__scheme_version")[:MOST]
    return [one for one in found if scheme_of(one.round).tolerance]


def _form(request: HttpRequest, title: str, form: Any, button: str, lead: str) -> HttpResponse:
    return show(
        request, "evaluations/tolerance/form.html", title, form=form, button=button, lead=lead, back=HERE
    )
