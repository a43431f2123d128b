"""The page that takes a call list from a draw, and the one on which the reserve steps in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evaluations.gathering import services as channels
from evaluations.gathering.draws.services import draws_of
from evaluations.gathering.interviews.drawn import IN_VAIN, list_from_draw, plan_of, replace_interview
from evaluations.gathering.interviews.kind import ENTER
from evaluations.gathering.interviews.views import channel_of
from evaluations.models import Interview
from evaluations.rounds.page import heading
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from surveys.respondents.pools.calling import Called

UNIT = "unit-"
MOST_AT_ONCE = 50  # lists of units on one page


class UnitsForm(forms.Form):
    """About which unit those are asked whom no department named."""

    def __init__(
        self, *args: Any, unplaced: list[Called], units: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "暂不列入"), *units]
        for one in unplaced:
            self.fields[f"{UNIT}{one.drawn.pk}"] = forms.TypedChoiceField(
                label=one.name, choices=choices, required=False, coerce=int, empty_value=None
            )

    def units(self) -> dict[int, int]:
        given = self.cleaned_data.items()
        return {int(name.removeprefix(UNIT)): unit for name, unit in given if unit is not None}


@never_cache
@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest, channel_id: int, draw_id: int) -> HttpResponse:
    user = require(request, ENTER)
    channel = channel_of(channel_id)
    draw = next((one for one in draws_of(channel.round) if one.pk == draw_id), None)
    if draw is None:
        raise Http404
    plan = plan_of(channel, draw)
    units = list(channel.round.departments.values_list("pk", "name"))
    form = UnitsForm(posted(request), unplaced=plan.unplaced[:MOST_AT_ONCE], units=units)
    if request.method == "POST" and form.is_valid():
        with attempt(request, "已按抽样列入调查名单。") as done:
            made = list_from_draw(channel=channel, draw=draw, units=form.units(), acting_user=user)
        if done:
            messages.info(request, f"新列入 {len(made.new)} 家。")
            return redirect("cockpit:interviews", channel.pk)
    return show(
        request,
        "evaluations/gathering/draws/call_list.html",
        "按抽样列入调查名单",
        **heading(channel.round),
        channel=channel,
        draw=draw,
        plan=plan,
        form=form,
        most=MOST_AT_ONCE,
        may_enter=channels.may_enter(channel, user),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="替换原因", max_length=100, help_text="例如“三次未接通”“拒访”“空号”。")


@never_cache
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, interview_id: int) -> HttpResponse:
    user = require(request, ENTER)
    rows = Interview.objects.select_related("channel__round__scheme_version", "subject")
    found = get_object_or_404(rows, pk=interview_id)
    if found.drawn_id is None or found.state not in IN_VAIN:
        messages.error(request, "只有抽样产生、联系未成的企业可以由候补递补。")
        return redirect("cockpit:interview", found.pk)
    form = ReasonForm(posted(request), initial={"reason": found.get_state_display()})
    if request.method == "POST" and form.is_valid():
        with attempt(request, "已由同一细分的下一名候补递补。") as done:
            new = replace_interview(
                interview=found,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            for one in new:
                messages.info(request, f"递补：{one.enterprise}，列入{one.subject.name}的名单。")
            return redirect("cockpit:interviews-unit", found.channel_id, new[0].subject_id)
    return show(
        request,
        "evaluations/gathering/draws/replace.html",
        f"{found.enterprise}：候补递补",
        **heading(found.channel.round),
        channel=found.channel,
        interview=found,
        form=form,
    )
