"""The page to enter what became of the slips of one batch."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from surveys.models import SlipBatch
from surveys.slips import counting


class CountForm(forms.Form):
    handed_out = forms.IntegerField(
        label="发出（张）", min_value=0, max_value=500, help_text="按签收或发放记录填写，不要用印制数减出来。"
    )
    returned = forms.IntegerField(label="未发退回（张）", min_value=0, max_value=500)
    spoiled = forms.IntegerField(label="损毁（张）", min_value=0, max_value=500)


@require_http_methods(["GET", "POST"])
def batch_count(request: HttpRequest, batch_id: int) -> HttpResponse:
    user = require(request, "slip.count")
    found = SlipBatch.objects.select_related("survey", "town", "stratum")
    batch = get_object_or_404(found, pk=batch_id)
    form = CountForm(posted(request))
    if form.is_valid():
        with attempt(request, "已登记清点数。") as done:
            counting.count_batch(batch=batch, **form.cleaned_data, acting_user=user)
        if done:
            return redirect("survey-controls", survey_id=batch.survey_id)
    title = f"{batch.town}第{batch.number}批：登记清点数"
    return show(request, "surveys/slips/batch_count.html", title, batch=batch, form=form)
