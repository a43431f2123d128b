"""The pages of a unit: what it has in hand, what runs out first, one assignment and what may be done."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from casework.matters.beside import kept_beside, steps_beside
from casework.matters.files import files_for
from casework.matters.queries import assignments_for
from casework.matters.state import NEXT
from casework.models import Assignment, Matter, MatterEvent
from casework.own import standing
from casework.own.acts import ACTS, Act, ActForm, Case
from casework.own.history import steps_of
from casework.own.standing import Reader, rows_of
from office.errors import Refused
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import require, show

PER_PAGE = 30
WITH_PEOPLE = ("signed_by", "replied_by", "matter__about", "unit__parent")


@never_cache
def assignments(request: HttpRequest) -> HttpResponse:
    """What is in hand, the first to run out in front; on demand what is done."""
    user = require(request, "matter.handle")
    reader, is_done = Reader(timezone.now()), request.GET.get("done") == "1"
    found = standing.done(user) if is_done else standing.in_hand(user, reader)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = rows_of(page.object_list, reader)
    return show(request, "casework/own/list.html", "本单位的事项", page=page, rows=rows, is_done=is_done)


@never_cache
def assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    user = require(request, "matter.handle")
    found = assignments_for(user).select_related(*WITH_PEOPLE)
    one = get_object_or_404(found, pk=assignment_id)
    now = timezone.now()
    (row,) = rows_of([one], Reader(now))
    case = Case(row, user, now)
    offered = _offered(request, case)
    if request.method == "POST" and _acted(request, case, offered):
        return redirect("casework:own-assignment", one.pk)
    matter = one.matter
    return show(
        request,
        "casework/own/assignment.html",
        matter.number,
        row=row,
        one=one,
        matter=matter,
        procedure=row.procedure,
        told=_told(matter),
        beside=kept_beside(matter),
        outcome=row.procedure.outcome(one.proposed_outcome),
        next=NEXT[Matter.State(matter.state)],
        next_ones=[each for each in offered if each[0].is_next],
        other_ones=[each for each in offered if not each[0].is_next],
        steps=steps_of(one),
        files=files_for(user).filter(matter=matter).order_by("pk"),
        seen_mark=edit_conflicts.page_mark(request, _seen(one)),
    )


def _told(matter: Matter) -> list[tuple[str, str]]:
    """Return what was answered at the registration and may be shown to a unit."""
    asked = [one for one in matter.procedure.intake.fields if one.to_unit]
    return [(one.label, matter.fields[one.id]) for one in asked if matter.fields.get(one.id)]


def _seen(one: Assignment) -> list[Any]:
    """What a page showed of an assignment: everything that happens to its matter is an event."""
    latest = MatterEvent.objects.filter(matter=one.matter_id).aggregate(latest=Max("pk"))["latest"]
    return [one.pk, latest]


def _offered(request: HttpRequest, case: Case) -> list[tuple[Act, ActForm, str]]:
    sent = request.POST.get("act") if request.method == "POST" else None
    found = []
    elsewhere = steps_beside(case.matter)
    for act in ACTS if case.procedure.is_readable else ():
        if act.step not in elsewhere and act.fits(case):
            form = act.form(case, request.POST, request.FILES) if sent == act.name else act.form(case)
            found.append((act, form, act.hint(case)))
    return found


def _acted(request: HttpRequest, case: Case, offered: list[tuple[Act, ActForm, str]]) -> bool:
    """Do the act whose button was pressed; False where its form has faults or it was refused."""
    wanted = request.POST.get("act", "")
    chosen = next((one for one in offered if one[0].name == wanted), None)
    if chosen is None:
        return _is_gone(request, case, wanted)
    act, form, _ = chosen
    if not form.is_valid():
        return False
    common = {"assignment": case.one, "now": case.now, "acting_user": case.user}
    with attempt(request, act.done) as done, edit_conflicts.unchanged(request, case.one, _seen):
        act.run(case, form.cleaned_data, common)
    return bool(done)


def _is_gone(request: HttpRequest, case: Case, wanted: str) -> bool:
    label = next((act.label for act in ACTS if act.name == wanted), "这样办理")
    with attempt(request, ""):
        raise Refused(
            f"这一交办目前为“{case.one.get_state_display()}”，不能{label}", "请按页面所列的办法办理。"
        )
    return True
