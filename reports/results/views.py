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
from reports.results.ranking import ranking, ranking_path


@require_safe
def download_ranking(request: HttpRequest, result_id: int) -> FileResponse:
    """Before publication there is no file yet: the workbook is made on the spot."""
    require(request, "result.download")
    result = get_object_or_404(Result.objects.select_related("round", "scheme_version"), pk=result_id)
    path = ranking_path(result)
    if path.exists():
        content = BytesIO(path.read_bytes())
    else:
        content = BytesIO()
        ranking(result).save(content)
        content.seek(0)
    response = FileResponse(content, content_type=XLSX)
    name = quote(f"{result.round.title}排名.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
