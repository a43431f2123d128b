"""The channels of a round on one page: who does what by when, what is missing, and how each is ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from evaluations.gathering import services
from evaluations.gathering.kinds import KINDS, Progress
from evaluations.models import Channel, Round
from evaluations.rounds.page import heading
from evaluations.schemes.stored import scheme_of
from office import roles
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

NOT_BEGUN = (Round.State.DRAFT, Round.State.FROZEN, Round.State.VOID)


@dataclass(frozen=True)
class Line:
    """A channel as the page shows it."""

    channel: Channel
    label: str
    who: str
    clause: str
    says: str
    progress: Progress | None
    url: str
    is_late: bool
    may_enter: bool
    may_end: bool


def channels(request: HttpRequest, round_id: int) -> HttpResponse:
    user = require(request, "round.view")
    round_ = get_object_or_404(Round.objects.select_related("scheme_version", "survey"), pk=round_id)
    return show(
        request,
        "evaluations/gathering/channels.html",
        "取数渠道",
        **heading(round_),
        lines=[_line(channel, round_, user) for channel in round_.channels.all()],
        may_reopen=roles.allowed(user, "gathering.reopen") and round_.state in services.GATHERING,
        may_set_due=roles.allowed(user, "round.edit"),
    )


def _line(channel: Channel, round_: Round, user: Any) -> Line:
    channel.round = round_
    rules = {need.key: (need, rule) for need, rule in scheme_of(round_).needs()}
    need, rule = rules[channel.need]
    kind = KINDS.get(channel.kind)
    begun = round_.state not in NOT_BEGUN
    late = channel.state == Channel.State.OPEN and bool(
        channel.due_on and channel.due_on < timezone.localdate()
    )
    return Line(
        channel=channel,
        label=need.label,
        who=rule.who if rule else "",
        clause=rule.clause if rule else "",
        says=rule.says if rule else "",
        progress=kind.progress(channel) if kind and begun else None,
        url=kind.url(channel) if kind and begun else "",
        is_late=late,
        may_enter=bool(kind) and channel.kind != Channel.Kind.BALLOT and services.may_enter(channel, user),
        may_end=bool(kind)
        and channel.kind != Channel.Kind.BALLOT
        and services.is_open(channel)
        and roles.allowed(user, kind.confirm if kind else "round.view"),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class DueForm(forms.Form):
    due_on = forms.DateField(
        label="应于何日办结",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="留空即不设期限。",
    )


ENDINGS = {
    "settle": ("办结", forms.Form, "办结后不能再填报；确需更改的，须注明原因重新打开。"),
    "set-aside": ("不采用", ReasonForm, "不采用的数据按评价方案关于缺项的规定处理，结果中注明。"),
    "reopen": ("重新打开", ReasonForm, "重新打开后可以继续填报，之后须再次办结。"),
    "due": ("设定期限", DueForm, "到期没有办结的，在工作台提示。"),
}


def ending(request: HttpRequest, channel_id: int, act: str) -> HttpResponse:
    """Settle a channel, set it aside, open it again, or say by when it is due."""
    if act not in ENDINGS:
        raise Http404
    title, form_class, says = ENDINGS[act]
    action = {"reopen": "gathering.reopen", "due": "round.edit"}.get(act, "round.view")
    user = require(request, action)
    channel = get_object_or_404(Channel.objects.select_related("round__scheme_version"), pk=channel_id)
    label = services.label_of(channel)
    form = form_class(posted(request), initial={"due_on": channel.due_on})
    if request.method == "POST" and form.is_valid():
        with attempt(request, f"“{label}”已{title}。") as done:
            _end(act, channel, form.cleaned_data, user)
        if done:
            return redirect("cockpit:channels", channel.round_id)
    return show(
        request,
        "evaluations/gathering/ending.html",
        f"{title}：{label}",
        **heading(channel.round),
        form=form,
        says=says,
        button=title,
    )


def _end(act: str, channel: Channel, data: dict[str, Any], user: Any) -> None:
    now = timezone.now()
    if act == "settle":
        services.settle_channel(channel=channel, now=now, acting_user=user)
    elif act == "set-aside":
        services.set_channel_aside(channel=channel, reason=data["reason"], now=now, acting_user=user)
    elif act == "reopen":
        services.reopen_channel(channel=channel, reason=data["reason"], acting_user=user)
    else:
        services.set_due(channel=channel, due_on=data["due_on"], acting_user=user)
