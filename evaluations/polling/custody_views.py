"""Files for the custodian and whoever verifies: the rehearsal, the bundle, the bundle with results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from evaluations.models import Round
from evaluations.rounds.state import survey_of
from office.errors import Refused
from office.workbench.pages import require
from surveys import services as surveys


def with_box(round_id: int) -> Round:
    return get_object_or_404(Round.objects.select_related("survey").filter(survey__isnull=False), pk=round_id)


@require_GET
def challenge(request: HttpRequest, round_id: int) -> HttpResponse:
    """Hand out the rehearsal's challenge as a file for the custodian; it is no secret."""
    require(request, "survey.view")
    survey = with_box(round_id).survey
    if survey is None or survey.key_on_server:
        raise Http404
    response = HttpResponse(f"{survey.rehearsal['challenge']}\n", content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rehearsal-{survey.public_id}.txt"'
    return response


@require_POST
def bundle(request: HttpRequest, round_id: int) -> HttpResponseBase:
    """Hand out the sealed ballots of a closed box, for the custodian."""
    user = require(request, "survey.bundle")
    round_ = with_box(round_id)
    return download(
        request,
        round_,
        partial(surveys.hand_over_bundle, survey=survey_of(round_), acting_user=user),
        "bundle",
    )


def download(request: HttpRequest, round_: Round, take: Callable[[], Path], name: str) -> HttpResponseBase:
    """Hand out the file that `take` fetches; if it refuses, say why on the page of the round."""
    try:
        path = take()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("cockpit:round", round_.pk)
    response = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{name}-{survey_of(round_).public_id}.zip",
        content_type="application/zip",
    )
    response["Cache-Control"] = "no-store"
    return response
