"""Downloads for those inside."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evaluations.models import Result
from office import roles
from office.models import User
from reports.results.ranking import ranking_workbook

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@never_cache
@login_required
def download_ranking(request: HttpRequest, result_id: int) -> FileResponse:
    """The full ranking of a result, for roles that may download it; before publication made on the spot."""
    if not isinstance(request.user, User) or not roles.allowed(request.user, "result.download"):
        raise PermissionDenied
    result = get_object_or_404(Result.objects.select_related("round", "scheme_version"), pk=result_id)
    response = FileResponse(BytesIO(ranking_workbook(result)), content_type=WORKBOOK)
    name = quote(f"{result.round.title}排名.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
