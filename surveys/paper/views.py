"""Pages around the paper ballot: exchange at the sitting, printing, reconciliation, the end of keying."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from office import roles
from office.errors import Refused
from office.exports import documents
from office.models import User
from office.workbench.pages import require, show
from surveys.models import PaperSheet, Stratum, Survey
from surveys.paper import exchanging, packets_pdf, reconciliation
from surveys.paper import labels as labels_

State = Survey.State
ACTIONS = ("paper.view", "paper.exchange", "paper.print")


def _require_any(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not any(roles.allowed(user, action) for action in ACTIONS):
        raise PermissionDenied
    return user


def _survey(survey_id: int) -> Survey:
    return get_object_or_404(Survey.objects.exclude(state=State.DRAFT), pk=survey_id)


@require_GET
def surveys(request: HttpRequest) -> HttpResponse:
    """The surveys that voters may answer on paper."""
    user = _require_any(request)
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
    """Exchange slips at the sitting: scan, hand out the packet of the color that is named."""
    user = require(request, "paper.exchange")
    survey = _survey(survey_id)
    form = ExchangeForm(request.POST or None)
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
        is_over=survey.state in (State.CLOSED, State.COUNTED),
        colors=packets_pdf.colors(survey),
    )


class LabelsForm(forms.Form):
    """How many numbers to print."""

    number = forms.IntegerField(label="标签个数", min_value=1, max_value=2000)


class AsideForm(forms.Form):
    """Which sheet is no voter's, and why."""

    sheet = forms.CharField(
        label="测评表编号", max_length=12, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = forms.CharField(label="剔除原因", max_length=200)


@require_GET
def paper(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Packets to print; after the close packets against sheets, and what is still open."""
    user = _require_any(request)
    survey = _survey(survey_id)
    closed = survey.state in (State.CLOSED, State.COUNTED)
    standing = None
    if closed and roles.allowed(user, "paper.view"):
        standing = reconciliation.standing(survey)
    keying = survey.state == State.CLOSED and not survey.paper_finished and standing and standing.packets
    return show(
        request,
        "surveys/paper/paper.html",
        f"{survey.title}：纸质票",
        survey=survey,
        colors=packets_pdf.colors(survey),
        standing=standing,
        table=_table(survey, standing) if standing else [],
        states=_states(standing) if standing else [],
        may_print=roles.allowed(user, "paper.print"),
        may_exchange=roles.allowed(user, "paper.exchange") and survey.state == State.OPEN,
        may_key=keying and _may_key(user),
        labels=LabelsForm() if keying and roles.allowed(user, "paper.label") else None,
        aside=AsideForm() if keying and roles.allowed(user, "paper.decide") else None,
        may_finish=keying and roles.allowed(user, "paper.finish"),
        suggested=min(2000, standing.packets * len(survey.form["departments"])) if standing else 0,
    )


def _table(survey: Survey, standing: reconciliation.Standing) -> list[tuple[str, list[tuple[int, bool]]]]:
    """A row for each department: its sheets in each group, and whether they are too many."""
    names = [one["name"] for one in survey.frozen()["form"]["departments"]]
    return [
        (name, [(group.sheets[name], group.sheets[name] > group.packets) for group in standing.groups])
        for name in names
    ]


def _states(standing: reconciliation.Standing) -> list[tuple[str, int, list[int]]]:
    return [(state.label, standing.states[state], standing.open.get(state, [])) for state in PaperSheet.State]


@require_GET
def packet(request: HttpRequest, stratum_id: int) -> HttpResponse | FileResponse:
    """The packet of one stratum; the printer makes the copies."""
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
def labels(request: HttpRequest, survey_id: int) -> HttpResponse | FileResponse:
    """Make numbers and print them; each printing makes new ones."""
    user = require(request, "paper.label")
    survey = _survey(survey_id)
    form = LabelsForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else 0
    try:
        numbers = labels_.make_labels(survey=survey, number=number, acting_user=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("survey-paper", survey_id=survey.pk)
    return documents.hand_out(packets_pdf.labels(numbers), name="纸质票编号标签", acting_user=user)


@require_POST
def set_aside(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Take a sheet out of the count that is no voter's."""
    user = require(request, "paper.decide")
    survey = _survey(survey_id)
    number, reason = (request.POST.get(name, "").replace("\0", "") for name in ("sheet", "reason"))
    try:
        labels_.set_aside_sheet(survey=survey, number=number, reason=reason[:200], acting_user=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已剔除，不计入票数。原件请单独封存备查。")
    return redirect("survey-paper", survey_id=survey.pk)


@require_POST
def finish(request: HttpRequest, survey_id: int) -> HttpResponse:
    """End the keying; the bundle is written next."""
    user = require(request, "paper.finish")
    survey = _survey(survey_id)
    try:
        labels_.finish_keying(survey=survey, acting_user=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "纸质票录入已结束，正在写出计票包。下一步：计票。")
    return redirect("survey-paper", survey_id=survey.pk)
