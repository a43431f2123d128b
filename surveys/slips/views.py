"""The office's page of slip batches: which are printed, and printing them."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from departments.models import Membership
from office import roles
from office.errors import Refused
from office.models import User
from office.roles import Role
from office.workbench.pages import require, show, signed_in
from surveys.models import SlipBatch, Survey
from surveys.slips import printing, queries


def own_towns(user: User) -> list[int] | None:
    """The towns whose slips a town organizer may print and take back; None: all towns."""
    if user.role != Role.TOWN_ORGANIZER:
        return None
    towns = Membership.objects.filter(user=user, town__isnull=False)
    return list(towns.values_list("town_id", flat=True))


@require_GET
def survey_list(request: HttpRequest) -> HttpResponse:
    require(request, "slip.print")
    found = Survey.objects.exclude(state=Survey.State.DRAFT)
    surveys = sorted(found, key=lambda survey: survey.state != Survey.State.FROZEN)
    return show(request, "surveys/slips/surveys.html", "凭条", surveys=surveys)


@require_GET
def batches(request: HttpRequest, survey_id: int) -> HttpResponse:
    user = require(request, "slip.print", "survey.view")
    survey = get_object_or_404(Survey, pk=survey_id)
    found = list(queries.batches(survey, town_ids=own_towns(user)))
    return show(
        request,
        "surveys/slips/batches.html",
        f"{survey.title}：凭条",
        survey=survey,
        batches=found,
        total=sum(batch.size for batch in found),
        may_print=roles.allowed(user, "slip.print") and survey.state == Survey.State.FROZEN,
        may_return=roles.allowed(user, "slip.return"),
        may_replace=roles.allowed(user, "slip.hold") or roles.allowed(user, "slip.replace"),
        is_draft=survey.state == Survey.State.DRAFT,
    )


@require_POST
def print_slips(request: HttpRequest, batch_id: int) -> HttpResponse | StreamingHttpResponse:
    """Print one batch; the file goes out and is kept nowhere."""
    batch = get_object_or_404(SlipBatch, pk=batch_id)
    try:
        pieces = printing.stream_slips_pdf(batch=batch, acting_user=signed_in(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("survey-slips", survey_id=batch.survey_id)
    response = StreamingHttpResponse(pieces, content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'凭条-{batch}.pdf')}"
    response["Cache-Control"] = "no-store"
    return response
