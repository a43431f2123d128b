"""The result of a round inside, and its appeals; a department's people see their own department's."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from disclosure.cockpit import comments, inside, steps
from disclosure.cockpit.forms import AppealForm, DecisionForm, WithdrawForm
from disclosure.cockpit.views import posted, require, show, user_of
from evaluations import periods, schemes, services
from evaluations.models import Appeal, Result, Round, RoundDepartment
from evaluations.services.appealing import department_of
from evaluations.services.judging import upheld_since
from office import roles
from office.answers import tried
from office.errors import Refused
from office.models import User
from surveys import queries

S = Round.State
SERVED_ON = (S.SERVED, S.APPEALS_ENDED, S.PUBLISHED)


def _result(round_: Round) -> Result:
    try:
        return services.current_result(round_)
    except Refused as refusal:
        raise Http404(str(refusal)) from refusal


def result(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show the ranking of a computed round."""
    user = require(request, "result.view")
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    found = _result(round_)
    found.round = round_
    scheme = schemes.policy_of(found.scheme_version).defaults
    rows = inside.ranking(found)
    context = {
        **steps.heading(round_),
        "result": found,
        "rows": rows,
        "has_corrected": any(row.corrected for row in rows),
        "lists": inside.lists(found),
        "warnings": found.outcome["warnings"],
        "readings": inside.readings(found),
        "document": scheme.document,
        "may_sign_off": roles.allowed(user, "round.sign_off") and round_.state == S.COMPUTED,
        "may_download": roles.allowed(user, "result.download"),
        "earlier": round_.results.exclude(pk=found.pk),
        "key_on_server": bool(round_.survey and round_.survey.key_on_server),
        "explained": queries.explained(round_.survey) if round_.survey else [],
    }
    return show(request, "result", "评价结果", **context)


def result_department(request: HttpRequest, round_id: int, department_id: int) -> HttpResponse:
    """Show one department's result down to every clause."""
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    user = _reader(request, round_, department_id)
    row = get_object_or_404(RoundDepartment, round=round_, department__id=department_id)
    found = _result(round_)
    context = {
        **steps.heading(round_),
        "key_on_server": bool(round_.survey and round_.survey.key_on_server),
        "department": row,
        "result": found,
        **inside.department_page(found, row),
        "comments": comments.shown_to(user, round_, department_id),
        "may_see_all": roles.allowed(user, "result.view"),
        "may_appeal": roles.allowed(user, "appeal.lodge") and round_.state == S.SERVED,
    }
    return show(request, "result_department", row.name, **context)


def _reader(request: HttpRequest, round_: Round, department_id: int) -> User:
    """Return who reads: those inside at any time, a department's people their own from service on."""
    user = user_of(request)
    if roles.allowed(user, "result.view"):
        return user
    is_own = roles.allowed(user, "result.view_own") and department_of(user) == department_id
    if not (is_own and round_.state in SERVED_ON):
        raise PermissionDenied
    return user


def own(request: HttpRequest) -> HttpResponse:
    """List the served results of the reader's own department."""
    user = require(request, "result.view_own")
    department = department_of(user) or 0
    found = RoundDepartment.objects.filter(department_id=department, round__state__in=SERVED_ON)
    rows = [
        {"row": row, "period": periods.in_words(row.round.period)}
        for row in found.select_related("round").order_by("-round_id")
    ]
    return show(request, "own", "本单位评价结果", rows=rows, belongs=bool(department))


def appeals(request: HttpRequest, round_id: int) -> HttpResponse:
    """List the appeals of a round and take new ones."""
    user = require(request, "appeal.lodge") if request.method == "POST" else user_of(request)
    round_ = get_object_or_404(Round, pk=round_id)
    departments = _departments_of(user, round_)
    form = AppealForm(posted(request), departments=departments)
    if request.method == "POST" and form.is_valid():
        data, today = form.cleaned_data, timezone.localdate()
        if tried(
            request,
            lambda: services.lodge_appeal(
                round_department=data["round_department"],
                round_member=data["round_member"],
                text=data["text"],
                today=today,
                acting_user=user,
            ),
            "已登记申诉，等待复核。",
        ):
            return redirect("cockpit:appeals", round_.pk)
    rows = Appeal.objects.filter(round=round_, round_department__in=departments)
    context = {
        **steps.heading(round_),
        "form": form,
        "rows": rows.select_related("round_department", "round_member", "lodged_by", "decided_by"),
        "may_see_all": roles.allowed(user, "result.view"),
        "uncorrected": round_.state == S.SERVED and upheld_since(services.current_result(round_)),
        "may_compute": roles.allowed(user, "round.compute"),
        "may_lodge": roles.allowed(user, "appeal.lodge") and round_.state == S.SERVED,
        "may_decide": roles.allowed(user, "appeal.decide") and round_.state == S.SERVED,
    }
    return show(request, "appeals", "申诉和复核", **context)


def _departments_of(user: User, round_: Round) -> QuerySet[RoundDepartment]:
    rows = RoundDepartment.objects.filter(round=round_)
    if roles.allowed(user, "result.view"):
        return rows
    if not roles.allowed(user, "result.view_own") or round_.state not in SERVED_ON:
        raise PermissionDenied
    return rows.filter(department_id=department_of(user) or 0)


def correct(request: HttpRequest, round_id: int) -> HttpResponse:
    """Correct the judged list after an upheld appeal; then the result is computed again."""
    user = require(request, "appeal.decide")
    round_ = get_object_or_404(Round, pk=round_id)
    form = WithdrawForm(posted(request), round=round_)
    if form.is_valid():
        data = form.cleaned_data
        if tried(
            request,
            lambda: services.withdraw_member(
                round_member=data["round_member"], reason=data["reason"], acting_user=user
            ),
            "已更正参评名单。下一步：重新计算，再审定、送达。",
        ):
            return redirect("cockpit:appeals", round_.pk)
    return show(request, "correct", "更正参评名单", **steps.heading(round_), form=form)


def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Decide one appeal."""
    user = require(request, "appeal.decide")
    found = get_object_or_404(
        Appeal.objects.select_related("round", "round_department", "round_member", "lodged_by"), pk=appeal_id
    )
    form = DecisionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data, today = form.cleaned_data, timezone.localdate()
        if tried(
            request,
            lambda: services.decide_appeal(
                appeal=found,
                upheld=data["upheld"],
                decision=data["decision"],
                today=today,
                acting_user=user,
            ),
            "已复核。",
        ):
            return redirect("cockpit:appeals", found.round_id)
    context = {**steps.heading(found.round), "appeal": found, "form": form}
    return show(request, "appeal", "复核申诉", **context)
