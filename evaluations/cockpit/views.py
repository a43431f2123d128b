"""The cockpit of a round for the centre; its steps and acts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from evaluations.cockpit import round_progress
from evaluations.cockpit.round_actions import ACTS, act_of, form_of
from evaluations.models import Round
from evaluations.polling import custody
from evaluations.polling import shares as returns
from evaluations.remarks import shown as comments
from evaluations.rounds import periods
from evaluations.rounds.page import heading
from evaluations.rounds.views import chosen_departments
from office import roles
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from surveys import queries

S = Round.State


def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds, the newest first."""
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
    """Show one round as a row of steps with the one to do now."""
    user = require(request, "round.view")
    round_ = get_object_or_404(
        Round.objects.select_related("scheme_version", "survey", "created_by"), pk=round_id
    )
    survey = round_.survey
    counted = bool(survey and queries.counts(survey))
    turnout = queries.turnout(survey) if survey and round_.state == S.OPEN else None
    context = {
        **heading(round_),
        "steps": round_progress.steps_of(
            round_,
            user,
            counted=counted,
            notes=_notes(round_),
            paper_keyed=queries.paper_keyed(survey) if survey else None,
        ),
        "turnout": turnout,
        "returns": returns.returns_of(round_, returns.returned(round_, turnout, counted=counted)),
        "is_open": round_.state == S.OPEN,
        "counted": counted,
        "controls": queries.controls(survey) if survey and counted else {},
        "custody": custody.of(round_, user),
        "comments": comments.summary(round_) if counted else None,
        "publication": round_.publications.filter(is_current=True, rendered_at__isnull=False).first(),
    }
    return show(request, "evaluations/cockpit/round.html", round_.title, **context)


def _notes(round_: Round) -> dict[str, str]:
    departments = round_.departments.count()
    notes = {"departments": f"{departments} 个单位" if departments else "尚未选定"}
    notes["subjects"] = f"名单基准日 {round_.base_date:%Y年%m月%d日}"
    if planned := sum(sum(kinds.values()) for kinds in round_.slips_plan.values()):
        notes["slips"] = f"共 {planned} 张"
    for page, day, word in (
        ("open", round_.opened_on, "开始"),
        ("close", round_.closed_on, "截止"),
        ("serve", round_.served_on, "送达"),
        ("end-appeals", round_.appeals_until, "申诉截止"),
    ):
        if day:
            notes[page] = (
                f"{word}于 {day:%Y年%m月%d日}" if page != "end-appeals" else f"{word}日 {day:%Y年%m月%d日}"
            )
    if round_.published_at:
        notes["publish"] = f"公布于 {timezone.localtime(round_.published_at):%Y年%m月%d日}"
    return notes


def act(request: HttpRequest, round_id: int, slug: str) -> HttpResponse:
    """Ask once, then do one act of a round."""
    if slug not in ACTS:
        raise Http404
    user = require(request, ACTS[slug].action)
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    chosen = act_of(slug, round_)
    form = form_of(slug, round_)(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        with attempt(request, chosen.done) as done:
            # Compared before the act, which checks the round's state in a transaction of its own.
            edit_conflicts.refuse_changed(request, round_, _built_on(round_))
            chosen.work(round_, form.cleaned_data, user, now)
        if done:
            return redirect("cockpit:round", round_.pk)
    around = {**heading(round_), "act": chosen, "form": form, "slug": slug}
    around["seen_mark"] = edit_conflicts.page_mark(request, _built_on(round_))
    return show(
        request, "evaluations/cockpit/act.html", chosen.title, **around, custody=custody.of(round_, user)
    )


def _built_on(round_: Round) -> list[Any]:
    """Values that must not have changed since the page was shown."""
    results = round_.results.order_by("pk").values_list("pk", flat=True)
    return [list(Round.objects.values_list().get(pk=round_.pk)), chosen_departments(round_), list(results)]
