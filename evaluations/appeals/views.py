"""Appeals: lodged by whom a result concerns, decided by somebody else."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from departments.access import own_units
from evaluations.appeals.forms import AppealForm, DecisionForm
from evaluations.appeals.services import (
    decide_appeal,
    lodge_appeal,
    note_upheld,
    who_may_decide,
    why_not_decide,
)
from evaluations.models import Appeal, AppealPaper, Round, RoundDepartment
from evaluations.results.appeal_days import rule_of, terms_of
from evaluations.results.services import appeals_wait_for
from evaluations.rounds.page import heading
from evaluations.rounds.state import SERVED_STATES
from office import roles
from office.files import papers
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show, signed_in

State = Round.State
PER_PAGE = 50
DECIDED_IN = (State.SERVED, State.APPEALS_ENDED, State.PUBLISHED)  # later ones only where nothing is stayed


def appeals(request: HttpRequest, round_id: int) -> HttpResponse:
    user = require(request, "appeal.lodge") if request.method == "POST" else signed_in(request)
    round_ = get_object_or_404(Round, pk=round_id)
    departments = _departments_of(user, round_)
    form = AppealForm(posted(request), request.FILES or None, departments=departments)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with attempt(request, "已登记申诉，等待复核。") as done:
            lodge_appeal(
                round_department=data["round_department"],
                round_member=data.get("round_member"),
                text=data["text"],
                papers=data["papers"],
                received_at=data["received_at"],
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            return redirect("cockpit:appeals", round_.pk)
    rows = Appeal.objects.filter(round=round_, round_department__in=departments)
    context = {
        **heading(round_),
        "form": form,
        "rows": rows.select_related(
            "round_department", "round_member", "lodged_by", "decided_by", "watched_by"
        ).prefetch_related("papers"),
        "terms": terms_of(round_),
        "rule": rule_of(round_),
        "of_persons": "round_member" in form.fields,
        "may_see_all": roles.allowed(user, "result.view"),
        "waits_for": appeals_wait_for(round_),
        "may_correct": roles.allowed(user, "appeal.decide"),
        "may_compute": roles.allowed(user, "round.compute"),
        "correctors": roles.in_words("appeal.decide"),
        "computers": roles.in_words("round.compute"),
        "single_department": departments.count() == 1,
        "may_lodge": roles.allowed(user, "appeal.lodge") and round_.state == State.SERVED,
        "may_decide": roles.allowed(user, "appeal.decide") and round_.state in DECIDED_IN,
    }
    return show(request, "evaluations/appeals/appeals.html", "申诉和复核", **context)


@require_safe
def paper(request: HttpRequest, paper_id: int) -> FileResponse:
    """A paper handed in with an appeal, for whoever may read the appeal."""
    user = signed_in(request)
    found = get_object_or_404(AppealPaper.objects.select_related("appeal__round"), pk=paper_id)
    mine = _departments_of(user, found.appeal.round).filter(pk=found.appeal.round_department_id)
    if not mine.exists():
        raise PermissionDenied
    return papers.answer(found.file, found.file_name)


def _departments_of(user: User, round_: Round) -> QuerySet[RoundDepartment]:
    rows = RoundDepartment.objects.filter(round=round_)
    if roles.allowed(user, "result.view"):
        return rows
    if not roles.allowed(user, "result.view_own") or round_.state not in SERVED_STATES:
        raise PermissionDenied
    mine = rows.filter(department__in=own_units(user))
    if not mine.exists():
        raise PermissionDenied
    return mine


def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    user = require(request, "appeal.decide")
    found = get_object_or_404(
        Appeal.objects.select_related(
            "round__scheme_version", "result", "round_department", "round_member", "lodged_by", "decided_by"
        ).prefetch_related("papers"),
        pk=appeal_id,
    )
    form = DecisionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data, today = form.cleaned_data, timezone.localdate()
        with attempt(request, "已复核。") as done:
            decide_appeal(
                appeal=found,
                outcome=data["outcome"],
                findings=data["findings"],
                decision=data["decision"],
                today=today,
                acting_user=user,
            )
        if done:
            return redirect("cockpit:appeals", found.round_id)
    context = {**heading(found.round), "appeal": found, "form": form, "rule": rule_of(found.round)}
    why = why_not_decide(found, user) if found.state == Appeal.State.LODGED else ""
    context["why_not"] = f"{why}。{who_may_decide(found)}" if why else ""
    return show(request, "evaluations/appeals/appeal.html", "复核申诉", **context)


@require_http_methods(["GET", "POST"])
def upheld(request: HttpRequest) -> HttpResponse:
    """Every appeal that was upheld, for the inspectorate to take note of."""
    user = require(request, "appeal.watch")
    rows = Appeal.objects.filter(state=Appeal.State.UPHELD).select_related(
        "round", "result", "round_department", "round_member", "lodged_by", "decided_by", "watched_by"
    )
    if request.method == "POST":
        number = request.POST.get("appeal", "")
        found = get_object_or_404(rows, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)
        with attempt(request, "已阅知。") as done:
            note_upheld(appeal=found, today=timezone.localdate(), acting_user=user)
        if done:
            return redirect("cockpit:appeals-upheld")
    waiting_first = rows.order_by(F("watched_on").asc(nulls_first=True), "-decided_on", "-pk")
    page = Paginator(waiting_first, PER_PAGE).get_page(request.GET.get("page"))
    return show(request, "evaluations/appeals/upheld.html", "采纳的申诉", page=page)
