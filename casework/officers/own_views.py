"""The officer's pages, made for a phone: my objects, a visit, a questionnaire, my problems."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework.matters.state import NEXT
from casework.models import CoveredObject, Matter, OfficerLink, ServiceOfficer, Visit
from casework.officers import problems, questionnaires, rules, visiting
from casework.officers.coverage import coverage
from casework.officers.forms import AnswerForm, CentreVisitForm, DeedForm, VisitForm
from casework.officers.quarters import Quarter
from casework.procedure.officers import labels
from office import roles
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

PER_PAGE = 30
FOLDER = "casework/officers"


def _own(user: User) -> ServiceOfficer | None:
    return ServiceOfficer.objects.select_related("user", "unit").filter(user=user).first()


def _linked(officer: ServiceOfficer | None) -> QuerySet[OfficerLink]:
    """Return the officer's running links, as officer or as deputy."""
    mine = Q(officer=officer) | Q(deputy=officer)
    return OfficerLink.objects.filter(mine, to_day=None) if officer else OfficerLink.objects.none()


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """My objects with what is missing this quarter, my own figures."""
    user = require(request, "officer.own")
    own = _own(user)
    stored, now = rules.in_use().rules, timezone.now()
    quarter = Quarter.of(timezone.localdate(now))
    found = coverage(quarter, stored=stored, now=now)
    row = next((one for one in found.officers if own and one.officer.pk == own.pk), None)
    helped = set(_linked(own).filter(deputy=own).values_list("object_id", flat=True))
    return show(
        request,
        f"{FOLDER}/mine.html",
        "我的挂联对象",
        own=own,
        row=row,
        missing={one.covered.pk for one in row.missing} if row else set(),
        helped=[one for one in found.objects if one.covered.pk in helped],
        quarter=quarter,
        questionnaire=questionnaires.active(),
        waiting=problems.problems_for(user).filter(matter__closed_at=None).count(),
    )


@require_http_methods(["GET", "POST"])
@never_cache
def visit(request: HttpRequest, covered_id: int) -> HttpResponse:
    """Enter a visit; what is asked when there is a problem is left empty otherwise."""
    user = require(request, "officer.visit")
    covered = get_object_or_404(CoveredObject, pk=covered_id)
    is_centre = roles.allowed(user, "officer.edit")
    own = None if is_centre else _own(user)
    if not is_centre and not _linked(own).filter(object=covered).exists():
        raise Http404
    used = rules.in_use()
    kind = CentreVisitForm if is_centre else VisitForm
    form = kind(
        posted(request), request.FILES or None, rules=used.rules, about=used.version.procedure.intake.about
    )
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["by_unit"]
        officer = form.cleaned_data.get("officer") if is_centre else (None if unit else own)
        with attempt(request, "走访已录入。") as done:
            visiting.enter_visit(
                covered=covered,
                told=form.told,
                officer=officer,
                unit=unit,
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            return (
                redirect("casework:covered-object", covered.pk)
                if is_centre
                else redirect("casework:officer-mine")
            )
    return show(
        request,
        f"{FOLDER}/visit.html",
        f"录入走访：{covered}",
        status=422 if form.errors else 200,
        covered=covered,
        form=form,
        recent=covered.visits.select_related("officer__user", "officer__unit", "unit")[:5],
    )


@require_http_methods(["GET", "POST"])
@never_cache
def ask(request: HttpRequest, covered_id: int) -> HttpResponse:
    """Take down a firm's answers to the questionnaire."""
    user = require(request, "officer.own")
    covered = get_object_or_404(CoveredObject, pk=covered_id, links__in=_linked(_own(user)))
    asked = questionnaires.active()
    form = AnswerForm(posted(request), questionnaire=asked) if asked else None
    if request.method == "POST" and form is not None and asked is not None and form.is_valid():
        with attempt(request, "调查表已提交。") as done:
            questionnaires.answer_for(
                covered=covered,
                questionnaire=asked,
                answers=form.answers,
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            return redirect("casework:officer-mine")
    return show(
        request, f"{FOLDER}/ask.html", f"需求调查表：{covered}", covered=covered, asked=asked, form=form
    )


@require_safe
@never_cache
def problem_list(request: HttpRequest) -> HttpResponse:
    user = require(request, "officer.own", "officer.view")
    rows = problems.problems_for(user).prefetch_related("matter__assignments__unit", "deeds")
    state = request.GET.get("state", "open")
    if state == "open":
        rows = rows.filter(matter__closed_at=None)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        f"{FOLDER}/problems.html",
        "走访问题",
        page=page,
        state=state,
        levels=labels(rules.in_use().rules.asked.levels),
        is_own=roles.allowed(user, "officer.own"),
    )


@require_http_methods(["GET", "POST"])
@never_cache
def problem(request: HttpRequest, problem_id: int) -> HttpResponse:
    """A problem: its owner, what he did himself, how far the matter is and who handles it."""
    user = require(request, "officer.own", "officer.view")
    found = get_object_or_404(problems.problems_for(user), pk=problem_id)
    form = DeedForm(posted(request)) if found.owner.user_id == user.pk else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            with attempt(request, "已登记。"):
                problems.note_deed(problem=found, **form.cleaned_data, now=timezone.now(), acting_user=user)
            return redirect("casework:visit-problem", found.pk)
    return show(
        request,
        f"{FOLDER}/problem.html",
        f"走访问题：{found.matter.number}",
        problem=found,
        level=labels(rules.in_use().rules.asked.levels).get(found.level, found.level),
        deeds=found.deeds.select_related("officer__user", "officer__unit"),
        assignments=found.matter.assignments.select_related("unit"),
        clocks=found.matter.clocks.filter(state__in=("running", "stopped")),
        then=NEXT[Matter.State(found.matter.state)],
        form=form,
    )


@require_safe
@never_cache
def photo(request: HttpRequest, visit_id: int) -> FileResponse:
    """The photo of a visit, to who may see it; 404 otherwise."""
    user = require(request, "officer.own", "officer.view")
    rows = Visit.objects.exclude(photo="")
    if not roles.allowed(user, "officer.view"):
        rows = rows.filter(officer__user=user)
    found = get_object_or_404(rows, pk=visit_id)
    try:
        return FileResponse(found.photo.open(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
