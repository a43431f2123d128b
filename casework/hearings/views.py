"""Episodes and what is kept of them: who appeared, films, questions, the panel, promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework.hearings import episodes, promising, standing
from casework.hearings.forms import (
    AppearanceForm,
    CountsForm,
    EpisodeForm,
    FilmForm,
    PromiseForm,
    QuestionForm,
    VoteForm,
)
from casework.hearings.rules import rules
from casework.models import Episode, PanelVote
from office import roles
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

AT_ONCE = 20
LIST = "casework:hearings"


@require_safe
def hearings(request: HttpRequest) -> HttpResponse:
    user = require(request, "hearing.view")
    found = Episode.objects.annotate(
        films_shown=Count("films", distinct=True),
        promises_made=Count("promises", filter=Q(promises__first=None), distinct=True),
    ).order_by("-held_on", "-id")
    context: dict[str, Any] = {
        "page": Paginator(found, AT_ONCE).get_page(request.GET.get("page")),
        "may_edit": roles.allowed(user, "hearing.edit"),
    }
    return show(request, "casework/hearings/hearings.html", "媒体问政", **context)


@never_cache
@require_http_methods(["GET", "POST"])
def new_episode(request: HttpRequest) -> HttpResponse:
    user = require(request, "hearing.edit")
    form = EpisodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made: list[Episode] = []
        with attempt(request, "已登记。请继续登记出场单位、短片和承诺。") as done:
            made.append(episodes.enter_episode(**form.cleaned_data, acting_user=user))
        if done:
            return redirect("casework:hearing", made[0].pk)
    return _form(request, "登记媒体问政", form, "登记")


@require_safe
@never_cache
def episode(request: HttpRequest, episode_id: int) -> HttpResponse:
    user = require(request, "hearing.view")
    found = get_object_or_404(Episode.objects.select_related("entered_by"), pk=episode_id)
    votes = found.votes.select_related("unit", "keyed_by", "confirmed_by")
    today = timezone.localdate()
    chains = [standing.chain(one, today) for one in standing.promises().filter(episode=found)]
    context: dict[str, Any] = {
        "episode": found,
        "appearances": found.appearances.select_related("unit"),
        "films": found.films.select_related("unit"),
        "questions": found.questions.select_related("unit"),
        "votes": [(one, episodes.shares_of(one)) for one in votes],
        "words": rules().panel.choices,
        "chains": chains,
        "may_edit": roles.allowed(user, "hearing.edit"),
        "may_vote": roles.allowed(user, "hearing.vote"),
    }
    return show(request, "casework/hearings/episode.html", found.theme, **context)


@dataclass(frozen=True)
class Part:
    """One kind of thing that is added to an episode."""

    title: str
    form: type[Any]
    add: Callable[[Episode, Any, User], object]
    done: str
    lead: str = ""


def _key_vote(found: Episode, form: VoteForm, user: User) -> object:
    unit = form.cleaned_data["unit"]
    return episodes.key_vote(
        episode=found, unit=unit, counts=form.counts(), now=timezone.now(), acting_user=user
    )


def _enter_promise(found: Episode, form: PromiseForm, user: User) -> object:
    return promising.enter_promise(episode=found, **form.cleaned_data, now=timezone.now(), acting_user=user)


PARTS = {
    "appearance": Part(
        "登记出场单位",
        AppearanceForm,
        lambda found, form, user: episodes.add_appearance(
            episode=found, **form.cleaned_data, acting_user=user
        ),
        "已登记出场单位。",
    ),
    "film": Part(
        "登记短片",
        FilmForm,
        lambda found, form, user: episodes.add_film(episode=found, **form.cleaned_data, acting_user=user),
        "已登记短片。",
    ),
    "question": Part(
        "登记现场提问",
        QuestionForm,
        lambda found, form, user: episodes.add_question(episode=found, **form.cleaned_data, acting_user=user),
        "已登记提问。",
    ),
    "vote": Part(
        "录入评议团表决",
        VoteForm,
        _key_vote,
        "已录入，请另一人再次录入复核。",
        "逐单位录入票数；复核之前，由录入人改正；复核之后不能更改。",
    ),
    "promise": Part(
        "登记公开承诺",
        PromiseForm,
        _enter_promise,
        "已登记并交办，承诺已在公开页面列出。",
        "登记后立即交办单位并公开，内容和日期不能更改；要变更的，另立新的承诺并说明理由。",
    ),
}


@never_cache
@require_http_methods(["GET", "POST"])
def add_to_episode(request: HttpRequest, episode_id: int, part: str) -> HttpResponse:
    user = require(request, "hearing.vote" if part == "vote" else "hearing.edit")
    found = get_object_or_404(Episode, pk=episode_id)
    if part not in PARTS:
        raise Http404
    what = PARTS[part]
    form = what.form(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempt(request, what.done) as done:
            what.add(found, form, user)
        if done:
            return redirect("casework:hearing", found.pk)
    return _form(request, what.title, form, "提交", lead=what.lead, episode=found)


@never_cache
@require_http_methods(["GET", "POST"])
def confirm_vote(request: HttpRequest, vote_id: int) -> HttpResponse:
    """The second keying shows nothing of the first."""
    user = require(request, "hearing.vote")
    vote = get_object_or_404(PanelVote.objects.select_related("episode", "unit"), pk=vote_id)
    form = CountsForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempt(request, "两次录入一致，已复核。") as done:
            episodes.confirm_vote(vote=vote, counts=form.counts(), now=timezone.now(), acting_user=user)
        if done:
            return redirect("casework:hearing", vote.episode_id)
    lead = f"请按现场记录再次录入对{vote.unit}的票数，两次一致才生效。"
    return _form(request, "复核评议团表决", form, "提交复核", lead=lead, episode=vote.episode)


def _form(request: HttpRequest, title: str, form: Any, button: str, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "button": button, "back": LIST, **more}
    return show(request, "casework/hearings/form.html", title, **context)
