"""The page to scan returned slips."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from office.errors import Refused
from office.models import User
from office.workbench.pages import posted, require, show
from surveys.models import Survey
from surveys.slips import taking_back
from surveys.slips.forms import SlipForm
from surveys.slips.returned import batch_rows
from surveys.slips.taking_back import RETURNABLE
from surveys.slips.views import own_towns


@require_http_methods(["GET", "POST"])
def returned_slips(request: HttpRequest, survey_id: int) -> HttpResponse:
    user = require(request, "slip.return")
    survey = get_object_or_404(Survey.objects.exclude(state=Survey.State.DRAFT), pk=survey_id)
    form = SlipForm(posted(request))
    if form.is_valid():
        _take_back(request, survey, form.cleaned_data["text"], user)
        return redirect("survey-returned", survey_id=survey.pk)
    rows = batch_rows(survey, own_towns(user))
    return show(
        request,
        "surveys/slips/returned.html",
        f"{survey.title}：登记退回凭条",
        survey=survey,
        form=form,
        may_scan=survey.state in RETURNABLE,
        rows=rows,
        unused=sum(row.back.unused for row in rows),
        redeemed=sum(row.back.redeemed for row in rows),
    )


def _take_back(request: HttpRequest, survey: Survey, text: str, user: User) -> None:
    try:
        taken = taking_back.take_back_slip(survey=survey, text=text, acting_user=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    batch = f"{taken.batch.town}第{taken.batch.number}批"
    if taken.was_redeemed:
        messages.error(
            request,
            f"{batch}：这张凭条已经在手机上开始评价，却作为未用凭条退回。已按批次登记。"
            "从未发给评价人的，是冒投的证据，请单独封存，报纪检监察机关；评价人交回的，请注明情况，一并报告。",
        )
    else:
        messages.success(request, f"{batch}：凭条未使用，已登记退回，不能再用于投票。")
