"""Pages around the paper ballot: exchange at the sitting, printing, reconciliation, the end of keying."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from office import roles
from office.errors import Refused
from office.exports import documents
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from surveys.ballots import forms as ballot_forms
from surveys.models import PaperSheet, Stratum, Survey
from surveys.paper import exchanging, labels, packets_pdf, reconciliation

State = Survey.State
READERS = ("paper.view", "paper.exchange", "paper.print")


def _survey(survey_id: int) -> Survey:
    return get_object_or_404(Survey.objects.exclude(state=State.DRAFT), pk=survey_id)


@require_GET
def survey_list(request: HttpRequest) -> HttpResponse:
    user = require(request, *READERS)
    found = Survey.objects.exclude(state=State.DRAFT)
    return show(
        request,
        "surveys/paper/surveys.html",
        "纸质票",
        surveys=sorted(found, key=lambda survey: survey.state not in (State.OPEN, State.CLOSED)),
        may_exchange=roles.allowed(user, "paper.exchange"),
        may_key=_may_key(user),
    )


def _may_key(user: User) -> bool:
    return any(roles.allowed(user, action) for action in ("paper.key", "paper.settle", "paper.decide"))


class ExchangeForm(forms.Form):
    """What the scanner typed."""

    text = forms.CharField(
        label="凭条二维码或投票码",
        max_length=400,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        ),
        help_text="用扫描枪扫描凭条上的二维码；没有扫描枪的，输入凭条上的16位投票码。",
    )


@require_http_methods(["GET", "POST"])
def exchange(request: HttpRequest, survey_id: int) -> HttpResponse:
    user = require(request, "paper.exchange")
    survey = _survey(survey_id)
    form = ExchangeForm(posted(request))
    if form.is_valid():
        try:
            stratum = exchanging.exchange_for_paper(
                survey=survey, text=form.cleaned_data["text"], acting_user=user
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            color = packets_pdf.color_of(stratum)
            messages.success(
                request,
                f"已换领，凭条不能再用于手机投票。请发给{color.mark}{stratum.name}（{color.name}）纸质票一份。",
            )
        return redirect("survey-paper-exchange", survey_id=survey.pk)
    return show(
        request,
        "surveys/paper/exchange.html",
        f"{survey.title}：换领纸质票",
        survey=survey,
        form=form,
        is_open=survey.state == State.OPEN,
        is_over=survey.state in Survey.OVER,
        colors=packets_pdf.colors(survey),
    )


class LabelsForm(forms.Form):
    """How many numbers to print."""

    number = forms.IntegerField(label="标签个数", min_value=1, max_value=labels.MOST_LABELS)


class AsideForm(forms.Form):
    """Which sheet is no voter's, and why."""

    sheet = forms.CharField(
        label="测评表编号", max_length=12, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = forms.CharField(label="剔除原因", max_length=200)


@require_GET
def paper(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Packets to print; after the close packets against sheets, and what is still open."""
    user = require(request, *READERS)
    survey = _survey(survey_id)
    found = None
    if survey.state in Survey.OVER and roles.allowed(user, "paper.view"):
        found = reconciliation.reconcile(survey)
    return show(
        request,
        "surveys/paper/paper.html",
        f"{survey.title}：纸质票",
        survey=survey,
        colors=packets_pdf.colors(survey),
        figures=found,
        table=_table(survey, found) if found else [],
        states=_states(found) if found else [],
        suggested=min(labels.MOST_LABELS, found.packets * len(ballot_forms.sheets(survey.form)))
        if found
        else 0,
        may_print=roles.allowed(user, "paper.print"),
        may_exchange=roles.allowed(user, "paper.exchange") and survey.state == State.OPEN,
        **_data_entry(survey, found, user),
    )


def _data_entry(survey: Survey, found: reconciliation.Reconciliation | None, user: User) -> dict[str, Any]:
    if survey.state != State.CLOSED or survey.paper_finished or not (found and found.packets):
        return {}
    return {
        "may_key": _may_key(user),
        "labels": LabelsForm() if roles.allowed(user, "paper.label") else None,
        "aside": AsideForm() if roles.allowed(user, "paper.decide") else None,
        "may_finish": roles.allowed(user, "paper.finish"),
    }


def _table(
    survey: Survey, figures: reconciliation.Reconciliation
) -> list[tuple[str, list[tuple[int, bool]]]]:
    names = [one["name"] for one in ballot_forms.sheets(survey.frozen()["form"])]
    return [
        (name, [(group.sheets[name], group.sheets[name] > group.packets) for group in figures.groups])
        for name in names
    ]


def _states(figures: reconciliation.Reconciliation) -> list[tuple[str, int, list[int]]]:
    return [(state.label, figures.states[state], figures.open.get(state, [])) for state in PaperSheet.State]


@require_GET
def packet(request: HttpRequest, stratum_id: int) -> HttpResponse | FileResponse:
    user = require(request, "paper.print")
    stratum = get_object_or_404(
        Stratum.objects.select_related("survey").exclude(survey__public=""), pk=stratum_id
    )
    try:
        html = packets_pdf.packet(stratum)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("survey-paper", survey_id=stratum.survey_id)
    return documents.hand_out(html, name=f"纸质票-{stratum.name}", acting_user=user)


@require_POST
def print_labels(request: HttpRequest, survey_id: int) -> HttpResponse | FileResponse:
    user = require(request, "paper.label")
    survey = _survey(survey_id)
    form = LabelsForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else 0
    try:
        numbers = labels.make_labels(survey=survey, number=number, acting_user=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("survey-paper", survey_id=survey.pk)
    return documents.hand_out(packets_pdf.labels(numbers), name="纸质票编号标签", acting_user=user)


@require_POST
def set_aside(request: HttpRequest, survey_id: int) -> HttpResponse:
    user = require(request, "paper.decide")
    survey = _survey(survey_id)
    number, reason = (request.POST.get(name, "").replace("\0", "") for name in ("sheet", "reason"))
    with attempt(request, "已剔除，不计入票数。原件请单独封存备查。"):
        labels.set_aside_sheet(survey=survey, number=number, reason=reason[:200], acting_user=user)
    return redirect("survey-paper", survey_id=survey.pk)


@require_POST
def finish(request: HttpRequest, survey_id: int) -> HttpResponse:
    user = require(request, "paper.finish")
    survey = _survey(survey_id)
    with attempt(request, "纸质票录入已结束，正在写出计票包。下一步：计票。"):
        labels.finish_keying(survey=survey, acting_user=user)
    return redirect("survey-paper", survey_id=survey.pk)
