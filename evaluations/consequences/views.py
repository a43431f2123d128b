"""The register's pages for those inside: the list, one decision about several, one row with its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from departments.models import Department
from evaluations.consequences import acts
from evaluations.consequences.deciding import decide, set_aside
from evaluations.consequences.forms import AsideForm, DecideForm, ServeForm, today_in
from evaluations.consequences.lists import Filters, exported, sums
from evaluations.consequences.measures import measure_of, measures_for
from evaluations.consequences.reach import own, visible
from evaluations.consequences.serving import serve
from evaluations.models import Disposition, DispositionPaper, Result, Round, SchemeVersion
from evaluations.results.certainty import Label, certainty_of, labels, public_likely_of
from evaluations.rounds.subject_keys import department_key, person_key
from evaluations.scoring.measures import KIND_LABELS
from office import roles
from office.files import papers
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show, signed_in
from office.workbooks.writing import XLSX

State = Disposition.State
UNITS_PER_PAGE = 12
RESULTS_WEIGHED = 2
"""Intervals take a second for each result: a list of more rounds says them once a round is chosen."""
SEEN_AT_ONCE = 20
"""So many rows are all in view; more are folded by unit."""
TITLE = "处置登记"


def near_a_boundary(rows: Iterable[Disposition]) -> dict[int, tuple[Label, ...]]:
    """In words: the proposals whose grade or list would not survive the interval of their score."""
    waiting = [one for one in rows if one.state == State.PROPOSED]
    wanted = Result.objects.filter(pk__in={one.result_id for one in waiting})
    results = {one.pk: one for one in wanted.select_related("round", "scheme_version")}
    found = {}
    for one in waiting:
        result = results[one.result_id]
        key = person_key(one.staff_member_id) if one.staff_member_id else department_key(one.department_id)
        if (sure := certainty_of(result).get(key)) is None:
            continue
        said = labels(sure, None if one.staff_member_id else public_likely_of(result).get(key))
        if not all(label.is_steady for label in said):
            found[one.pk] = said
    return found


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    user = require(request, "register.view")
    today = timezone.localdate()
    filters = Filters.read(request.GET)
    rows = filters.of(user, today)
    units = rows.order_by("department__order", "department").values_list("department", flat=True).distinct()
    page = Paginator(units, UNITS_PER_PAGE).get_page(request.GET.get("page"))
    ordered = rows.order_by("department__order", "department", "-register_year", "-register_serial")
    shown = list(ordered.filter(department__in=list(page.object_list)))
    counted = sums(rows)
    count = sum(number for _, number in counted)
    weighs = len({one.result_id for one in shown}) <= RESULTS_WEIGHED or bool(filters.round)
    there = visible(user)
    rounds = Round.objects.filter(pk__in=there.values("round")).order_by("-pk")
    schemes = SchemeVersion.objects.filter(pk__in=rounds.values("scheme_version")).order_by("pk")
    return show(
        request,
        "evaluations/consequences/register.html",
        TITLE,
        near=near_a_boundary(shown) if weighs else {},
        weighs=weighs,
        page=page,
        groups=_by_unit(shown),
        folded=count > SEEN_AT_ONCE and not filters.unit,
        count=count,
        filters=filters,
        sums=counted,
        states=State.choices,
        kinds=KIND_LABELS.items(),
        units=Department.objects.filter(pk__in=there.values("department")).order_by("order", "pk"),
        rounds=rounds,
        schemes={one.scheme_id: one.title for one in schemes}.items(),
        years=sorted(there.order_by().values_list("year", flat=True).distinct(), reverse=True),
        labels=dict(State.choices),
        may_decide=roles.allowed(user, "register.decide"),
        may_serve=roles.allowed(user, "register.serve"),
        sees_persons=roles.allowed(user, "register.persons"),
    )


def _by_unit(rows: Iterable[Disposition]) -> list[tuple[str, str, list[Disposition]]]:
    """The rows of a page by unit: its name, how many rows are in which state, the rows."""
    labels = dict(State.choices)
    found = []
    for _, group in groupby(rows, key=lambda one: one.department_id):
        of_unit = list(group)
        states = Counter(labels[vars(one)["state_now"]] for one in of_unit)
        said = "，".join(f"{label}{count}项" for label, count in states.items())
        found.append((of_unit[0].subject.name, said, of_unit))
    return found


@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    user = require(request, "register.view")
    rows = Filters.read(request.GET).of(user, timezone.localdate())
    answer = HttpResponse(exported(rows=rows, acting_user=user), content_type=XLSX)
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E5%A4%84%E7%BD%AE%E7%99%BB%E8%AE%B0.xlsx"
    return answer


def _chosen(request: HttpRequest, user: Any, state: str) -> list[Disposition]:
    given = request.POST if request.method == "POST" else request.GET
    numbers = [int(text) for text in given.getlist("chosen") if text.isdecimal() and len(text) < 19]
    return list(
        visible(user).filter(pk__in=numbers, state=state).order_by("register_year", "register_serial")
    )


def decision(request: HttpRequest) -> HttpResponse:
    """One decision, or one reason to set aside, for the rows that were ticked."""
    user = require(request, "register.decide")
    today, now = timezone.localdate(), timezone.now()
    rows = _chosen(request, user, State.PROPOSED)
    aside = "aside" in request.POST
    data = posted(request)
    measures = measures_for(rows)
    form = DecideForm(None if aside else data, rows=rows, measures=measures)
    aside_form = AsideForm(data if aside else None, prefix="aside")
    today_in(form, "decided_on", today)
    if rows and aside and aside_form.is_valid():
        with attempt(request, f"已注明不予实施，共{len(rows)}项。") as done:
            set_aside(dispositions=rows, reason=aside_form.cleaned_data["reason"], now=now, acting_user=user)
        if done:
            return _back(rows)
    elif rows and not aside and form.is_valid():
        with attempt(request, f"已登记决定，共{len(rows)}项。下一步：送达。") as done:
            decide(
                dispositions=rows,
                decision=form.decision(),
                instead_of=form.instead(),
                now=now,
                today=today,
                acting_user=user,
            )
        if done:
            return _back(rows)
    return show(
        request,
        "evaluations/consequences/decision.html",
        "登记决定",
        rows=rows,
        near=near_a_boundary(rows),
        measures={one.word: measures[one.pk] for one in rows}.items(),
        form=form,
        aside=aside_form,
    )


def service(request: HttpRequest) -> HttpResponse:
    """One service of the rows that were ticked."""
    user = require(request, "register.serve")
    today = timezone.localdate()
    rows = _chosen(request, user, State.DECIDED)
    form = ServeForm(posted(request))
    today_in(form, "served_on", today)
    if rows and form.is_valid():
        with attempt(request, f"已登记送达，共{len(rows)}项。") as done:
            serve(
                dispositions=rows,
                service=form.service(),
                now=timezone.now(),
                today=today,
                acting_user=user,
            )
        if done:
            return _back(rows)
    return show(request, "evaluations/consequences/service.html", "登记送达", rows=rows, form=form)


def _back(rows: list[Disposition]) -> HttpResponse:
    return redirect("cockpit:disposition", rows[0].pk) if len(rows) == 1 else redirect("cockpit:register")


def disposition(request: HttpRequest, disposition_id: int) -> HttpResponse:
    """One row: why, by which clause, what happened to it, what comes next."""
    user = require(request, "register.view")
    today = timezone.localdate()
    found: Any = get_object_or_404(visible(user).on(today), pk=disposition_id)
    page = acts.PageOf(request, found, user, today)
    if request.method == "POST" and page.act():
        return redirect("cockpit:disposition", found.pk)
    return show(
        request,
        "evaluations/consequences/disposition.html",
        f"{found.register_number} {found.word}",
        one=found,
        state=State(found.state_now).label,
        measure=measure_of(found),
        events=found.events.select_related("by"),
        today=today,
        **page.shown(),
    )


@require_safe
def paper(request: HttpRequest, paper_id: int) -> FileResponse:
    """A paper that was handed in, for those inside who read the row, and for the unit."""
    user = signed_in(request)
    found = get_object_or_404(DispositionPaper.objects.exclude(file=""), pk=paper_id)
    rows = visible(user) if roles.allowed(user, "register.view") else own(user)
    if not rows.filter(pk=found.disposition_id).exists():
        raise PermissionDenied
    return papers.answer(found.file, found.file_name)
