"""Appeals: lodged by whom a result concerns, decided by somebody else."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from departments.access import own_units
from evaluations.appeals.forms import AppealForm, DecisionForm
from evaluations.appeals.services import decide_appeal, lodge_appeal
from evaluations.models import Appeal, Round, RoundDepartment
from evaluations.results.services import appeals_wait_for
from evaluations.rounds.page import heading
from evaluations.rounds.state import SERVED_STATES
from office import roles
from office.files import papers
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show, signed_in

State = Round.State


def appeals(request: HttpRequest, round_id: int) -> HttpResponse:
    user = require(request, "appeal.lodge") if request.method == "POST" else signed_in(request)
    round_ = get_object_or_404(Round, pk=round_id)
    departments = _departments_of(user, round_)
    form = AppealForm(posted(request), request.FILES or None, departments=departments)
    if request.method == "POST" and form.is_valid():
        data, today = form.cleaned_data, timezone.localdate()
        with attempt(request, "已登记申诉，等待复核。") as done:
            lodge_appeal(
                round_department=data["round_department"],
                round_member=data.get("round_member"),
                text=data["text"],
                paper=data["paper"],
                today=today,
                acting_user=user,
            )
        if done:
            return redirect("cockpit:appeals", round_.pk)
    rows = Appeal.objects.filter(round=round_, round_department__in=departments)
    context = {
        **heading(round_),
        "form": form,
        "rows": rows.select_related("round_department", "round_member", "lodged_by", "decided_by"),
        "of_persons": "round_member" in form.fields,
        "may_see_all": roles.allowed(user, "result.view"),
        "waits_for": appeals_wait_for(round_),
        "may_correct": roles.allowed(user, "appeal.decide"),
        "may_compute": roles.allowed(user, "round.compute"),
        "correctors": roles.in_words("appeal.decide"),
        "computers": roles.in_words("round.compute"),
        "single_department": departments.count() == 1,
        "may_lodge": roles.allowed(user, "appeal.lodge") and round_.state == State.SERVED,
        "may_decide": roles.allowed(user, "appeal.decide") and round_.state == State.SERVED,
    }
    return show(request, "evaluations/appeals/appeals.html", "申诉和复核", **context)


@require_safe
def paper(request: HttpRequest, appeal_id: int) -> FileResponse:
    """The paper handed in with an appeal, for whoever may read the appeal."""
    user = signed_in(request)
    found = get_object_or_404(Appeal.objects.exclude(paper="").select_related("round"), pk=appeal_id)
    if not _departments_of(user, found.round).filter(pk=found.round_department_id).exists():
        raise PermissionDenied
    return papers.answer(found.paper, found.paper_name)


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
        Appeal.objects.select_related("round", "round_department", "round_member", "lodged_by"), pk=appeal_id
    )
    form = DecisionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data, today = form.cleaned_data, timezone.localdate()
        with attempt(request, "已复核。") as done:
            decide_appeal(
                appeal=found,
                upheld=data["upheld"],
                decision=data["decision"],
                today=today,
                acting_user=user,
            )
        if done:
            return redirect("cockpit:appeals", found.round_id)
    context = {**heading(found.round), "appeal": found, "form": form}
    return show(request, "evaluations/appeals/appeal.html", "复核申诉", **context)
