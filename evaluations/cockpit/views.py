"""The pages of a round as a whole: its steps, and the actions that lead from one to the next."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from evaluations.cockpit.round_actions import ACTS, act_of, form_of
from evaluations.cockpit.round_progress import steps_of
from evaluations.models import Round
from evaluations.polling.custody import custody_of
from evaluations.polling.shares import shares_of, votes_of
from evaluations.remarks.shown import progress_of
from evaluations.rounds import periods
from evaluations.rounds.page import heading
from evaluations.rounds.services import slips_in
from evaluations.rounds.views import chosen_departments
from office import roles
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from surveys import queries

State = Round.State


def rounds(request: HttpRequest) -> HttpResponse:
    user = require(request, "round.view")
    found = Round.objects.select_related("scheme_version")
    rows = [{"round": one, "period": periods.in_words(one.period)} for one in found]
    return show(
        request,
        "evaluations/cockpit/rounds.html",
        "评价轮次",
        rows=rows,
        may_create=roles.allowed(user, "round.edit"),
    )


def round_page(request: HttpRequest, round_id: int) -> HttpResponse:
    user = require(request, "round.view")
    round_ = get_object_or_404(
        Round.objects.select_related("scheme_version", "survey", "created_by"), pk=round_id
    )
    survey = round_.survey
    counted = bool(survey and queries.counts(survey))
    turnout = queries.turnout(survey) if survey and round_.state == State.OPEN else None
    context = {
        **heading(round_),
        "steps": steps_of(
            round_,
            user,
            counted=counted,
            notes=_notes(round_),
            paper_keyed=queries.paper_keyed(survey) if survey else None,
        ),
        "turnout": turnout,
        "returns": shares_of(round_, votes_of(round_, turnout, counted=counted)),
        "is_open": round_.state == State.OPEN,
        "counted": counted,
        "controls": queries.controls(survey) if survey and counted else {},
        "custody": custody_of(round_, user),
        "comments": progress_of(round_) if counted else None,
        "publication": round_.publications.filter(is_current=True, rendered_at__isnull=False).first(),
    }
    context["may_correct"] = roles.allowed(user, "round.publish")
    context["may_correct_list"] = roles.allowed(user, "appeal.decide")
    context["may_compute"] = roles.allowed(user, "round.compute")
    return show(request, "evaluations/cockpit/round.html", round_.title, **context)


def _notes(round_: Round) -> dict[str, str]:
    departments = round_.departments.count()
    notes = {"departments": f"{departments} 个单位" if departments else "尚未选定"}
    notes["subjects"] = f"名单基准日 {round_.base_date:%Y年%m月%d日}"
    if planned := slips_in(round_):
        notes["slips"] = f"共 {planned} 张"
    for page, day, said in (
        ("open", round_.opened_on, "开始于 {}"),
        ("close", round_.closed_on, "截止于 {}"),
        ("serve", round_.served_on, "送达于 {}"),
        ("end-appeals", round_.appeals_until, "申诉截止日 {}"),
    ):
        if day:
            notes[page] = said.format(f"{day:%Y年%m月%d日}")
    if round_.published_at:
        notes["publish"] = f"公布于 {timezone.localtime(round_.published_at):%Y年%m月%d日}"
    return notes


def act(request: HttpRequest, round_id: int, slug: str) -> HttpResponse:
    """Ask once, then do one action of a round."""
    if slug not in ACTS:
        raise Http404
    user = require(request, ACTS[slug].action)
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    chosen = act_of(slug, round_)
    form = form_of(slug, round_)(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        with attempt(request, chosen.done) as done:
            # Compared before the action, which checks the round's state in a transaction of its own.
            edit_conflicts.refuse_changed(request, round_, _built_on(round_))
            chosen.work(round_, form.cleaned_data, user, now)
        if done:
            return redirect("cockpit:round", round_.pk)
    around = {**heading(round_), "act": chosen, "form": form, "slug": slug}
    around["seen_mark"] = edit_conflicts.page_mark(request, _built_on(round_))
    return show(
        request, "evaluations/cockpit/act.html", chosen.title, **around, custody=custody_of(round_, user)
    )


def _built_on(round_: Round) -> list[Any]:
    """Values that must not have changed since the page was shown."""
    results = round_.results.order_by("pk").values_list("pk", flat=True)
    return [list(Round.objects.values_list().get(pk=round_.pk)), chosen_departments(round_), list(results)]
