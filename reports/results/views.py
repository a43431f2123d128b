"""Downloads for those inside."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from evaluations.models import Result
from office.workbench.pages import require
from office.workbooks.writing import XLSX
from reports.results.ranking import ranking_workbook


@require_safe
def download_ranking(request: HttpRequest, result_id: int) -> FileResponse:
    """Before publication there is no file yet: the workbook is made on the spot."""
    require(request, "result.download")
    result = get_object_or_404(Result.objects.select_related("round", "scheme_version"), pk=result_id)
    response = FileResponse(BytesIO(ranking_workbook(result)), content_type=XLSX)
    name = quote(f"{result.round.title}排名.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
