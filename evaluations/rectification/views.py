"""The pages of rectifications: the centre's list, a unit's own, one rectification with its table and acts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from departments.models import Department
from evaluations.models import Disposition, Rectification, RectificationItem, Round
from evaluations.rectification import beginning, chasing, planning, queries
from evaluations.rectification.case import Act, State
from evaluations.rectification.forms import BeginForm, OpinionForm, ProblemsForm, ReturnPlanForm, StepForm
from evaluations.rectification.problems import candidates
from evaluations.rectification.standing import LATENESS, Standing, seen_with_items, standing_of, standings
from office import audit, roles
from office.exports import documents
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from office.workbooks.writing import XLSX

PER_PAGE = 50
SEE = ("rectification.view", "rectification.view_own")


def the_rectification(user: User, number: int) -> Rectification:
    """Return one that the user may see, with everything its page shows; 404 otherwise."""
    return get_object_or_404(seen_with_items(queries.rectifications_for(user)), pk=number)


def acts_for_the_unit(user: User) -> bool:
    return roles.allowed(user, "rectification.plan")


@never_cache
@require_safe
def rectifications(request: HttpRequest) -> HttpResponse:
    """The centre's list, filtered by state and lateness, and the decisions that wait to be begun."""
    user = require(request, "rectification.view")
    now = timezone.now()
    filters = queries.Filters.read(request.GET)
    found: Any = _filtered(filters) if filters.late else _chosen(filters)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "evaluations/rectification/list.html",
        "整改",
        page=page,
        rows=page.object_list if filters.late else standings(page.object_list, now),
        filters=filters,
        states=State.choices,
        lateness=LATENESS.items(),
        units=Department.objects.filter(pk__in=Rectification.objects.values("department")),
        rounds=Round.objects.filter(pk__in=Rectification.objects.values("disposition__round")),
        to_begin=beginning.to_begin(),
        may_begin=roles.allowed(user, "rectification.begin"),
        today=timezone.localdate(now),
    )


def _chosen(filters: queries.Filters) -> QuerySet[Rectification]:
    return seen_with_items(filters.of(Rectification.objects.all(), timezone.localdate()))


def _filtered(filters: queries.Filters) -> list[Standing]:
    return [one for one in standings(_chosen(filters), timezone.now()) if filters.keeps(one)]


@require_safe
def exported(request: HttpRequest) -> HttpResponse:
    user = require(request, "rectification.view")
    content = queries.ledger_workbook(_filtered(queries.Filters.read(request.GET)), acting_user=user)
    return _workbook(content)


@require_safe
def exported_one(request: HttpRequest, rectification_id: int) -> HttpResponse:
    user = require(request, *SEE)
    one = the_rectification(user, rectification_id)
    return _workbook(queries.ledger_workbook([standing_of(one, timezone.now())], acting_user=user))


def _workbook(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E6%95%B4%E6%94%B9%E5%8F%B0%E8%B4%A6.xlsx"
    return answer


@require_safe
def printed(request: HttpRequest, rectification_id: int) -> HttpResponse | FileResponse:
    """The 整改台账 of one rectification as a PDF, across the page."""
    user = require(request, *SEE)
    standing = standing_of(the_rectification(user, rectification_id), timezone.now())
    around = {"standing": standing, "county_name": settings.COUNTY_NAME, "demo": settings.DEMO}
    html = render_to_string("evaluations/rectification/printed.html", around)
    _note_print(standing.one, user)
    return documents.hand_out(html, name=f"{standing.one.department}整改台账", acting_user=user)


def _note_print(one: Rectification, user: User) -> None:
    with transaction.atomic():
        audit.record("打印整改台账", one, acting_user=user)


@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """What one's own units put right, for a phone first."""
    user = require(request, "rectification.view_own")
    rows = standings(seen_with_items(queries.rectifications_for(user)), timezone.now())
    return show(request, "evaluations/rectification/own.html", "本单位整改", rows=rows)


def begin(request: HttpRequest, disposition_id: int) -> HttpResponse:
    user = require(request, "rectification.begin")
    rows = Disposition.objects.select_related("round", "subject", "department", "result__round")
    disposition = get_object_or_404(rows, pk=disposition_id)
    if existing := Rectification.objects.filter(disposition=disposition).first():
        return redirect("cockpit:rectification", existing.pk)
    limits = beginning.limits_of(disposition)
    if limits is None:
        raise Http404
    initial = {"notice_on": disposition.decided_on, "done_days": limits.done_days}
    form = BeginForm(posted(request), limits=limits, initial=initial)
    if form.is_valid():
        with attempt(request, "已启动整改，请列出需要整改的问题。") as done:
            made = beginning.begin_rectification(
                disposition=disposition, **form.cleaned_data, now=timezone.now(), acting_user=user
            )
        if done:
            return redirect("cockpit:rectification", made.pk)
    return show(
        request,
        "evaluations/rectification/begin.html",
        "启动整改",
        disposition=disposition,
        limits=limits,
        form=form,
    )


@never_cache
def rectification(request: HttpRequest, rectification_id: int) -> HttpResponse:
    """One rectification: how it stands, its items, what this user can do, what happened."""
    user = require(request, *SEE)
    one = the_rectification(user, rectification_id)
    forms = _forms(request, one, user)
    if request.method == "POST":
        require(request, "rectification.plan", "rectification.check")
        if _acted(request, one, forms, user):
            return redirect("cockpit:rectification", one.pk)
    now = timezone.now()
    standing = standing_of(one, now)
    chases = roles.allowed(user, "rectification.chase") and one.state in (State.PLANNING, State.UNDER_WAY)
    steps = [(step.value, step.label) for step in chasing.STEPS if not chasing.refusal(standing, step, now)]
    return show(
        request,
        "evaluations/rectification/rectification.html",
        str(one.disposition.subject.name) + "整改",
        **forms,
        standing=standing,
        one=one,
        events=queries.events_of(one),
        last_chase=one.events.filter(act__in=chasing.STEPS).order_by("pk").last() if standing.late else None,
        steps=steps if chases else [],
        sees_all=roles.allowed(user, "rectification.view"),
        works=acts_for_the_unit(user) and one.state in (State.PLANNING, State.UNDER_WAY),
        may_plan=acts_for_the_unit(user) and one.state == State.PLANNING,
        may_list=roles.allowed(user, "rectification.begin") and one.state == State.PLANNING,
        may_check=_may_check(one, user),
        checkers=roles.in_words("rectification.check"),
        ready=bool(standing.items) and all(each.item.planned_by_id for each in standing.items),
        seen_mark=edit_conflicts.page_mark(request, queries.changed_at(one)),
    )


def _may_check(one: Rectification, user: User) -> bool:
    authors = {item.planned_by_id for item in one.items.all()} | {one.plan_handed_in_by_id}
    may = roles.allowed(user, "rectification.check") and one.state == State.HANDED_IN
    return may and user.pk not in authors


def _forms(request: HttpRequest, one: Rectification, user: User) -> dict[str, Any]:
    data = posted(request)

    def sent(name: str) -> Any:
        return data if data is not None and name in data else None

    lists = one.state == State.PLANNING and roles.allowed(user, "rectification.begin")
    return {
        "problems_form": ProblemsForm(sent("problems"), found=candidates(one)) if lists else None,
        "accept_form": OpinionForm(sent("accept"), prefix="accept"),
        "return_form": ReturnPlanForm(sent("return"), prefix="return"),
        "step_form": StepForm(sent("step"), prefix="step"),
    }


def _acted(request: HttpRequest, one: Rectification, forms: dict[str, Any], user: User) -> bool:
    """Do the one act whose button was pressed; False where its form has faults or it was refused."""
    now, data = timezone.now(), request.POST
    common: dict[str, Any] = {"now": now, "acting_user": user}
    problems, accept, returned, step = (forms[name] for name in FORMS)
    if "hand_in" in data:
        with attempt(request, "已报送整改方案，等待审核。") as done:
            planning.hand_in_plan(rectification=one, **common)
    elif dropped := data.get("drop"):
        number = int(dropped) if dropped.isdecimal() and len(dropped) < 19 else 0
        item = get_object_or_404(RectificationItem, pk=number, rectification=one)
        with attempt(request, "已移出。") as done:
            planning.drop_problem(item=item, **common)
    elif problems is not None and problems.is_valid():
        with attempt(request, "已列入。") as done:
            planning.add_problems(rectification=one, problems=problems.problems(), **common)
    elif accept.is_valid():
        unchanged = edit_conflicts.unchanged(request, one, queries.changed_at)
        with attempt(request, "已同意整改方案。") as done, unchanged:
            planning.accept_plan(rectification=one, **accept.cleaned_data, **common)
    elif returned.is_valid():
        unchanged = edit_conflicts.unchanged(request, one, queries.changed_at)
        with attempt(request, "已退回整改方案。") as done, unchanged:
            planning.return_plan(rectification=one, **returned.cleaned_data, **common)
    elif step.is_valid() and data["step"] in chasing.STEPS:
        act = Act(data["step"])
        with attempt(request, f"已登记{act.label}。") as done:
            chasing.STEPS[act](rectification=one, **step.cleaned_data, **common)
    else:
        return False
    return bool(done)


FORMS = ("problems_form", "accept_form", "return_form", "step_form")
