"""The office's page of slip batches: which are printed, and printing them."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from departments.models import Membership
from office import roles
from office.errors import Refused
from office.models import User
from office.roles import Role
from surveys.models import SlipBatch, Survey
from surveys.slips import printing as printing_
from surveys.slips.queries import batches as batches_in


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def own_towns(user: User) -> list[int] | None:
    """The towns whose slips a town organizer may print and take back; None: all towns."""
    if user.role != Role.TOWN_ORGANIZER:
        return None
    towns = Membership.objects.filter(user=user, town__isnull=False)
    return list(towns.values_list("town_id", flat=True))


@require_GET
def surveys(request: HttpRequest) -> HttpResponse:
    """Surveys whose slips can be printed now, then the others."""
    user = _user(request)
    if not roles.allowed(user, "slip.print"):
        raise PermissionDenied
    found = Survey.objects.exclude(state=Survey.State.DRAFT)
    context = {
        **admin.site.each_context(request),
        "title": "投票凭条",
        "surveys": sorted(found, key=lambda survey: survey.state != Survey.State.FROZEN),
    }
    return render(request, "surveys/slips/surveys.html", context)


@require_GET
def slips(request: HttpRequest, survey_id: int) -> HttpResponse:
    """The batches of a survey; a town organizer sees the own town's only."""
    user = _user(request)
    if not (roles.allowed(user, "slip.print") or roles.allowed(user, "survey.view")):
        raise PermissionDenied
    survey = get_object_or_404(Survey, pk=survey_id)
    batches = list(batches_in(survey, town_ids=own_towns(user)))
    context = {
        **admin.site.each_context(request),
        "title": f"{survey.title}：投票凭条",
        "survey": survey,
        "batches": batches,
        "total": sum(batch.size for batch in batches),
        "may_print": roles.allowed(user, "slip.print") and survey.state == Survey.State.FROZEN,
        "may_return": roles.allowed(user, "slip.return"),
        "is_draft": survey.state == Survey.State.DRAFT,
    }
    return render(request, "surveys/slips/batches.html", context)


@require_POST
def print_slips(request: HttpRequest, batch_id: int) -> HttpResponse | StreamingHttpResponse:
    """Print one batch; the file goes out and is kept nowhere."""
    batch = get_object_or_404(SlipBatch, pk=batch_id)
    try:
        pieces = printing_.stream_slips_pdf(batch=batch, acting_user=_user(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("survey-slips", survey_id=batch.survey_id)
    response = StreamingHttpResponse(pieces, content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'投票凭条-{batch}.pdf')}"
    response["Cache-Control"] = "no-store"
    return response
