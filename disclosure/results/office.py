"""The 成绩单 for an office program, behind the login: of the last publication, as the public may read it."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from disclosure.models import Publication
from disclosure.results.shown import to_render
from evaluations.models import Round
from evaluations.results.views import reader_of
from evaluations.rounds.subject_keys import department_key
from reports.documents.docx import docx_answer, paper_docx
from reports.documents.files import safe_name
from reports.results.sheet import sheet_content


@require_safe
def result_sheet(request: HttpRequest, round_id: int, department_id: int) -> FileResponse:
    round_ = get_object_or_404(Round, pk=round_id)
    reader_of(request, round_, department_id)
    last = (
        Publication.objects.filter(round=round_).select_related("round", "result").order_by("number").last()
    )
    found = to_render(last) if last else None
    key = department_key(department_id)
    department = next((one for one in found.view.departments if one.id == key), None) if found else None
    if found is None or department is None:
        raise Http404
    content = sheet_content(found, department, county=settings.COUNTY_NAME)
    return docx_answer(paper_docx(content, demo=settings.DEMO), safe_name(content.title))
