"""The pages of interviews: how far each unit is, its call list, and one enterprise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.gathering import services as channels
from evaluations.gathering.interviews import drawn, services, workbook
from evaluations.gathering.interviews.kind import (
    CONFIRM,
    ENTER,
    choices_of,
    deducting,
    questions_of,
    samples_of,
    to_recheck,
    url,
)
from evaluations.models import Channel, Interview, InterviewCall, RoundDepartment
from evaluations.rounds.page import heading
from office import roles
from office.imports import views as import_views
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

State = Interview.State


def channel_of(channel_id: int) -> Channel:
    rows = Channel.objects.select_related("round__scheme_version", "round__survey")
    return get_object_or_404(rows, pk=channel_id, kind=Channel.Kind.INTERVIEWS)


@never_cache
@require_safe
def interviews(request: HttpRequest, channel_id: int) -> HttpResponse:
    user = require(request, "round.view")
    channel = channel_of(channel_id)
    samples = samples_of(channel)
    return show(
        request,
        "evaluations/gathering/interviews.html",
        channels.label_of(channel),
        **heading(channel.round),
        channel=channel,
        samples=samples,
        rechecks=to_recheck(channel, samples),
        names={one.subject.pk: one.subject.name for one in samples},
        questions=list(questions_of(channel).values()),
        may_enter=channels.may_enter(channel, user),
        may_see=roles.allowed(user, ENTER) or roles.allowed(user, CONFIRM),
    )


class ListedForm(forms.Form):
    enterprise = forms.CharField(label="企业名称", max_length=120)
    phone = forms.CharField(label="联系电话", max_length=40)
    matter = forms.CharField(label="办理事项", max_length=200, required=False)


class ExcuseForm(forms.Form):
    reason = forms.CharField(label="没有样本企业的原因", max_length=200)


@never_cache
@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, channel_id: int, subject_id: int) -> HttpResponse:
    """The call list of one unit; telephone numbers are for those who call and those who recheck."""
    user = require(request, ENTER, CONFIRM)
    channel = channel_of(channel_id)
    subject = get_object_or_404(RoundDepartment, pk=subject_id, round=channel.round_id, is_judged=True)
    excusing = request.POST.get("do") == "excuse"
    form = ListedForm(None if excusing else posted(request))
    reason = ExcuseForm(posted(request) if excusing else None)
    if request.method == "POST" and (reason if excusing else form).is_valid():
        with attempt(request, "已保存。") as done:
            if excusing:
                services.excuse(
                    channel=channel,
                    subject=subject,
                    reason=reason.cleaned_data["reason"],
                    now=timezone.now(),
                    acting_user=user,
                )
            else:
                listed = services.Listed(subject.pk, **form.cleaned_data)
                services.list_enterprises(channel=channel, listed=[listed], acting_user=user)
        if done:
            return redirect("cockpit:interviews-unit", channel.pk, subject.pk)
    rows = channel.interviews.filter(subject=subject).select_related("asked_by").prefetch_related("calls")
    sample = next(one for one in samples_of(channel) if one.subject.pk == subject.pk)
    return show(
        request,
        "evaluations/gathering/interviews_unit.html",
        f"{subject.name}：样本企业",
        **heading(channel.round),
        channel=channel,
        rows=rows,
        sample=sample,
        form=form,
        reason=reason,
        may_enter=channels.may_enter(channel, user),
    )


class CallForm(forms.Form):
    """What came of one call."""

    outcome = forms.ChoiceField(
        label="结果", choices=[(one.value, one.label) for one in services.CALLED], widget=forms.RadioSelect
    )
    day = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    half = forms.ChoiceField(label="时段", choices=InterviewCall.Half.choices, widget=forms.RadioSelect)
    days = forms.IntegerField(label="办理用时（工作日）", min_value=0, required=False)
    cost = forms.DecimalField(
        label="办理费用（元）", min_value=0, max_digits=12, decimal_places=2, required=False
    )
    papers = forms.IntegerField(label="提交材料（份）", min_value=0, required=False)
    remark = forms.CharField(
        label="备注", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions_of(channel)
        choices = [("", "没有回答"), *((word, word) for word in choices_of(channel))]
        asked = {
            f"answer-{at}": forms.ChoiceField(label=words, choices=choices, required=False)
            for at, words in enumerate(self.questions.values())
        }
        rest = {name: self.fields.pop(name) for name in ("days", "cost", "papers", "remark")}
        self.fields |= {**asked, **rest}

    def call(self) -> services.Call:
        data = dict(self.cleaned_data)
        answers = {key: data.pop(f"answer-{at}") for at, key in enumerate(self.questions)}
        return services.Call(**data, answers={key: word for key, word in answers.items() if word})


class RecheckForm(forms.Form):
    agrees = forms.ChoiceField(
        label="复核结果",
        choices=[("yes", "与记录一致"), ("no", "与记录不一致，作废")],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label="情况", max_length=200, required=False)


@never_cache
@require_http_methods(["GET", "POST"])
def interview(request: HttpRequest, interview_id: int) -> HttpResponse:
    """One enterprise: its calls, a form for the next one, or for the person who asks it again."""
    user = require(request, ENTER, CONFIRM)
    found = get_object_or_404(
        Interview.objects.select_related(
            "channel__round__scheme_version", "channel__round__survey", "subject"
        ),
        pk=interview_id,
    )
    channel = found.channel
    to_do = found.state == State.DONE and found in services.may_be_rechecked(channel)
    may_call = channels.may_enter(channel, user) and found.state == State.WAITING
    may_recheck = to_do and channels.is_open(channel) and roles.allowed(user, CONFIRM)
    rechecking = request.POST.get("do") == "recheck"
    call = CallForm(
        None if rechecking else posted(request), channel=channel, initial={"day": timezone.localdate()}
    )
    again = RecheckForm(posted(request) if rechecking else None)
    if request.method == "POST" and (again if rechecking else call).is_valid():
        now = timezone.now()
        with attempt(request, "已登记。") as done, edit_conflicts.unchanged(request, found, _shown):
            if rechecking:
                services.recheck(
                    interview=found,
                    agrees=again.cleaned_data["agrees"] == "yes",
                    remark=again.cleaned_data["remark"],
                    now=now,
                    acting_user=user,
                )
            else:
                services.record_call(
                    interview=found, call=call.call(), today=timezone.localdate(), now=now, acting_user=user
                )
        if done:
            return redirect("cockpit:interviews-unit", channel.pk, found.subject_id)
    return show(
        request,
        "evaluations/gathering/interview.html",
        found.enterprise,
        **heading(channel.round),
        channel=channel,
        interview=found,
        calls=found.calls.select_related("called_by"),
        answers=[(words, found.answers.get(key, "")) for key, words in questions_of(channel).items()],
        may_replace=(
            channels.may_enter(channel, user) and found.drawn_id is not None and found.state in drawn.IN_VAIN
        ),
        form=call if may_call else again if may_recheck else None,
        do="call" if may_call else "recheck",
        seen_mark=edit_conflicts.page_mark(request, _shown(found)),
    )


def _shown(found: Interview) -> list[Any]:
    return [Interview.objects.values_list("state", "rechecked_by_id").get(pk=found.pk), found.calls.count()]


class ArrangeForm(forms.Form):
    sample_size = forms.IntegerField(
        label="每个单位应完成的家数", min_value=1, max_value=services.MOST_SAMPLE
    )
    questions = forms.CharField(
        label="问题",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="每行一个；每家企业按最差的一项回答计一次。留空即只问总体评价。",
    )


@never_cache
@require_http_methods(["GET", "POST"])
def arrange(request: HttpRequest, channel_id: int) -> HttpResponse:
    user = require(request, ENTER)
    channel = channel_of(channel_id)
    initial = {"sample_size": channel.sample_size, "questions": "\n".join(channel.named_items)}
    form = ArrangeForm(posted(request), initial=initial)
    if deducting(channel) is None:
        del form.fields["questions"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with (
            attempt(request, "已保存调查安排。") as done,
            edit_conflicts.unchanged(request, channel, _arranged),
        ):
            questions = data.get("questions", "").splitlines()
            services.arrange(
                channel=channel, sample_size=data["sample_size"], questions=questions, acting_user=user
            )
        if done:
            return redirect("cockpit:interviews", channel.pk)
    return show(
        request,
        "evaluations/gathering/indicators.html",
        "调查安排",
        **heading(channel.round),
        channel=channel,
        back=url(channel),
        form=form,
        seen_mark=edit_conflicts.page_mark(request, _arranged(channel)),
    )


def _arranged(channel: Channel) -> list[Any]:
    return list(Channel.objects.values_list("sample_size", "named_items").get(pk=channel.pk))


@never_cache
@require_safe
def exported(request: HttpRequest, channel_id: int) -> HttpResponse:
    require(request, ENTER, CONFIRM)
    channel = channel_of(channel_id)
    name = f"{channel.round.title}—样本企业.xlsx"
    return import_views.workbook_answer(workbook.workbook_of(channel), name)


@never_cache
@require_http_methods(["GET", "POST"])
def imported(request: HttpRequest, channel_id: int) -> HttpResponse:
    require(request, ENTER)
    return import_views.page(request, workbook.import_of(channel_of(channel_id)))
