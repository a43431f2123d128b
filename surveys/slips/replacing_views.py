"""The page to have a slip replaced that was begun on a phone: one person asks, another decides."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from office import roles
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from surveys.models import SlipBatch, Survey
from surveys.slips import replacing
from surveys.slips.forms import SlipForm
from surveys.slips.views import own_towns


@require_http_methods(["GET", "POST"])
def replacements(request: HttpRequest, survey_id: int) -> HttpResponse:
    user = require(request, *(["slip.hold"] if request.method == "POST" else ["slip.hold", "slip.replace"]))
    survey = get_object_or_404(Survey.objects.exclude(state=Survey.State.DRAFT), pk=survey_id)
    form = SlipForm(posted(request))
    if form.is_valid():
        with attempt(request, "已登记，等待核准。凭条请收存，核准之前不要补发。"):
            replacing.hold_slip(survey=survey, text=form.cleaned_data["text"], acting_user=user)
        return redirect("survey-replacements", survey_id=survey.pk)
    return show(
        request,
        "surveys/slips/replacements.html",
        f"{survey.title}：换发凭条",
        survey=survey,
        form=form,
        is_open=survey.state == Survey.State.OPEN,
        may_hold=roles.allowed(user, "slip.hold"),
        may_replace=roles.allowed(user, "slip.replace"),
        rows=replacing.batch_rows(survey, own_towns(user)),
    )


class DecisionForm(forms.Form):
    """What was shown, and what is to be done."""

    number = forms.IntegerField(min_value=1)
    act = forms.ChoiceField(choices=[("replace", "核准换发"), ("refuse", "不予换发")])


@require_POST
def decide_replacement(request: HttpRequest, batch_id: int) -> HttpResponse:
    user = require(request, "slip.replace")
    batch = get_object_or_404(SlipBatch.objects.select_related("town", "stratum"), pk=batch_id)
    form = DecisionForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else 0
    if form.is_valid() and form.cleaned_data["act"] == "refuse":
        with attempt(request, "已登记不予换发，凭条退还评价人。"):
            replacing.refuse_held(batch=batch, number=number, acting_user=user)
    else:
        with attempt(request, f"已核准。请{batch.town}从未发的凭条中补发同类凭条，张数与核准的相同。"):
            replacing.replace_held(batch=batch, number=number, acting_user=user)
    return redirect("survey-replacements", survey_id=batch.survey_id)
