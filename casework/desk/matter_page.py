"""The page of one matter for the window and the centre: how it stands, its clocks, what may be done."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from casework.desk import deciding_acts, ending_acts, unit_acts
from casework.desk.acts import Act, Case, Offered
from casework.desk.rows import category_of, is_judged
from casework.matters.acceptance import refusal_in_words
from casework.matters.beside import kept_beside, steps_beside
from casework.matters.queries import matters_for
from casework.matters.state import NEXT
from casework.models import Assignment, Clock, Matter, MatterEvent
from office import roles
from office.errors import Refused
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import require, show

ACTS: tuple[Act, ...] = (*deciding_acts.ACTS, *unit_acts.ACTS, *ending_acts.ACTS)
SEEN = ("version", "about__parent", "plate", "merged_into", "follows", "refusal_proposed_by")


def the_case(user: User, number: int) -> Case:
    """Return the matter as the user sees it, with what the acts look at; 404 where they see none."""
    matter = get_object_or_404(matters_for(user).select_related(*SEEN), pk=number)
    assignments = list(matter.assignments.select_related("unit", "signed_by", "replied_by", "assigned_by"))
    clocks = list(matter.clocks.order_by("pk"))
    return Case(matter, user, timezone.now(), assignments, clocks)


@never_cache
def matter(request: HttpRequest, matter_id: int) -> HttpResponse:
    user = require(request, "matter.view")
    case = the_case(user, matter_id)
    offered = _offered(request, case)
    if request.method == "POST" and _acted(request, case, offered):
        return redirect("casework:matter", case.matter.pk)
    one = case.matter
    return show(
        request,
        f"casework/desk/{'passed_on' if one.is_passed_on else 'matter'}.html",
        f"{one.number}　{one.shown_title}",
        matter=one,
        procedure=case.procedure,
        category=category_of(one),
        is_judged=is_judged(one),
        first_category=category_of(one, one.first_category),
        outcome=case.procedure.outcome(one.outcome),
        finding=next((each for each in case.procedure.findings if each.id == one.finding), None),
        refusal=refusal_in_words(one) if one.refusal else "",
        source=case.procedure.intake.channels.get(one.source, one.source),
        told=[(asked.label, one.fields[asked.id]) for asked in _asked(case)],
        next=NEXT[case.state],
        beside=kept_beside(one),
        units=_units(case),
        own_clocks=_clocks(case, None),
        next_ones=[each for each in offered if each.act.is_next],
        other_ones=[each for each in offered if not each.act.is_next],
        events=one.events.select_related("by", "assignment__unit"),
        files=list(one.files.all()),
        stops=list(one.stops.all()),
        call_backs=list(one.call_backs.select_related("by")),
        reporter=_reporter(one),
        is_own=case.is_own,
        may_print=roles.allowed(user, "document.view"),
        may_run=roles.allowed(user, "matter.run"),
        may_open=roles.allowed(user, "reporter.open"),
        openers=roles.in_words("reporter.open"),
        likes=one.followed_by.all(),
        merged=one.merged_ones.all(),
        seen_mark=edit_conflicts.page_mark(request, seen(one)),
    )


def seen(one: Matter) -> list[Any]:
    """What a page showed of a matter: everything that happens to one is an event."""
    latest = MatterEvent.objects.filter(matter=one).aggregate(latest=Max("pk"))["latest"]
    return [one.pk, latest]


def _offered(request: HttpRequest, case: Case) -> list[Offered]:
    sent = request.POST.get("act") if request.method == "POST" else None
    found = []
    elsewhere = steps_beside(case.matter)
    for act in ACTS if case.procedure.is_readable else ():
        if act.step not in elsewhere and act.fits(case):
            bar = act.bar(case)
            form = None if bar else act.form(case, request.POST if sent == act.name else None)
            found.append(Offered(act, form, bar))
    return found


def _acted(request: HttpRequest, case: Case, offered: list[Offered]) -> bool:
    """Do the act whose button was pressed; False where its form has faults or it was refused."""
    wanted = request.POST.get("act", "")
    chosen = next((one for one in offered if one.act.name == wanted), None)
    if chosen is None:
        return _is_gone(request, case, wanted)
    form = chosen.form
    if form is None:
        return _is_barred(request, chosen)
    if not form.is_valid():
        return False
    common = {"now": timezone.now(), "acting_user": case.user}
    unchanged = edit_conflicts.unchanged(request, case.matter, seen)
    with attempt(request, chosen.act.done) as done, unchanged:
        chosen.act.run(case, form.cleaned_data, common)
    return bool(done)


def _is_gone(request: HttpRequest, case: Case, wanted: str) -> bool:
    label = next((act.label for act in ACTS if act.name == wanted), "这项操作")
    with attempt(request, ""):
        raise Refused(
            f"本事项目前为“{case.matter.get_state_display()}”，不能{label}", f"下一步：{NEXT[case.state]}。"
        )
    return True


def _is_barred(request: HttpRequest, chosen: Offered) -> bool:
    with attempt(request, ""):
        raise Refused(f"“{chosen.act.label}”{chosen.bar}", "请转告有权办理的人员。")
    return True


def _asked(case: Case) -> list[Any]:
    return [one for one in case.procedure.intake.fields if case.matter.fields.get(one.id)]


def _reporter(one: Matter) -> Any:
    return getattr(one, "reporter", None)


def _clocks(case: Case, assignment: Assignment | None) -> list[tuple[Clock, bool]]:
    mine = assignment.pk if assignment else None
    return [(one, one.is_over(case.now)) for one in case.clocks if one.assignment_id == mine]


def _units(case: Case) -> list[dict[str, Any]]:
    """Each assignment with its clocks, the lead first."""
    rows = sorted(case.assignments, key=lambda one: (not one.is_lead, one.pk))
    return [
        {
            "one": one,
            "clocks": _clocks(case, one),
            "outcome": case.procedure.outcome(one.proposed_outcome),
        }
        for one in rows
    ]
