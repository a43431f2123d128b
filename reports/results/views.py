"""Downloads for those inside; a unit's own people may take its score sheet from service on."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from evaluations.models import Result
from evaluations.results.public import judges_persons
from evaluations.results.score_sheet import score_sheet, score_sheets
from evaluations.results.services import current_result
from evaluations.results.views import reader_of, row_of
from evaluations.rounds.subject_keys import department_key
from office import roles
from office.exports.documents import hand_out
from office.models import User
from office.workbench.pages import require
from office.workbooks.writing import XLSX
from reports.documents.content import Content
from reports.documents.docx import docx_answer, paper_docx
from reports.documents.files import safe_name
from reports.documents.pdf import paper_html
from reports.results.ranking import ranking_workbook
from reports.results.score_sheets import ranking_content, sheet_workbook, sheets_content, sheets_workbook


@require_safe
def download_ranking(request: HttpRequest, result_id: int) -> FileResponse:
    """Before publication there is no file yet: the workbook is made on the spot."""
    require(request, "result.download")
    result = _result(result_id)
    return _workbook(ranking_workbook(result), f"{result.round.title}排名")


@require_safe
def download_ranking_paper(request: HttpRequest, result_id: int, form: str) -> HttpResponse | FileResponse:
    user = require(request, "result.download")
    if form not in ("pdf", "docx"):
        raise Http404
    result = _of_units(result_id)
    return _paper(ranking_content(result), form, f"{result.round.title}排名", user)


@require_safe
def download_score_sheets(request: HttpRequest, result_id: int, form: str) -> HttpResponse | FileResponse:
    """The sheets of all units in one file."""
    user = require(request, "result.download")
    result = _of_units(result_id)
    _refuse_other(form)
    sheets, name = score_sheets(result), f"{result.round.title}评分表"
    if form == "xlsx":
        return _workbook(sheets_workbook(result, sheets), name)
    return _paper(sheets_content(result, sheets), form, name, user)


@require_safe
def download_score_sheet(
    request: HttpRequest, result_id: int, department_id: int, form: str
) -> HttpResponse | FileResponse:
    result = _of_units(result_id)
    user = reader_of(request, result.round, department_id)
    row = row_of(result, department_id)
    if not roles.allowed(user, "result.view") and result != current_result(result.round):
        raise Http404
    _refuse_other(form)
    sheet, name = score_sheet(result, department_key(department_id)), f"{row.name}评分表"
    if form == "xlsx":
        return _workbook(sheet_workbook(result, sheet), name)
    return _paper(sheets_content(result, [sheet]), form, name, user)


def _paper(content: Content, form: str, name: str, user: User) -> HttpResponse | FileResponse:
    if form == "docx":
        return docx_answer(paper_docx(content, demo=settings.DEMO), safe_name(name))
    return hand_out(paper_html(content, demo=settings.DEMO), name=safe_name(name), acting_user=user)


def _refuse_other(form: str) -> None:
    if form not in ("pdf", "xlsx", "docx"):
        raise Http404


def _result(result_id: int) -> Result:
    return get_object_or_404(Result.objects.select_related("round", "scheme_version"), pk=result_id)


def _of_units(result_id: int) -> Result:
    result = _result(result_id)
    if judges_persons(result):
        raise Http404
    return result


def _workbook(content: bytes, name: str) -> FileResponse:
    response = FileResponse(BytesIO(content), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response
