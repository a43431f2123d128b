"""The analysis of a result: page, workbook, paper."""

from __future__ import annotations

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from evaluations.models import Result, Round
from evaluations.results.analysis import analysis_of
from evaluations.results.services import current_result
from evaluations.rounds.page import heading
from office import audit
from office.errors import Refused
from office.exports import documents
from office.workbench.pages import require, show
from office.workbooks.writing import XLSX, workbook_of


def _result(round_id: int) -> Result:
    round_ = get_object_or_404(Round.objects.select_related("survey", "scheme_version"), pk=round_id)
    try:
        found = current_result(round_)
    except Refused as refusal:
        raise Http404(str(refusal)) from refusal
    found.round = round_
    return found


@require_safe
def analysis(request: HttpRequest, round_id: int) -> HttpResponse:
    require(request, "result.view")
    found = _result(round_id)
    context = {**heading(found.round), "result": found, "tables": analysis_of(found)}
    return show(request, "evaluations/results/analysis.html", "评价分析", **context)


@require_safe
def workbook(request: HttpRequest, round_id: int) -> HttpResponse:
    user = require(request, "result.view")
    found = _result(round_id)
    sheets = [
        (one.title, one.headings, one.rows or [[one.empty, *[""] * (len(one.headings) - 1)]])
        for one in analysis_of(found)
    ]
    with transaction.atomic():
        audit.record("下载评价分析", found, acting_user=user, after={"格式": ".xlsx"})
    response = HttpResponse(workbook_of(sheets), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="analysis.xlsx"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def paper(request: HttpRequest, round_id: int) -> HttpResponse | FileResponse:
    user = require(request, "result.view")
    found = _result(round_id)
    with transaction.atomic():
        audit.record("下载评价分析", found, acting_user=user, after={"格式": "PDF"})
    html = render_to_string(
        "evaluations/results/analysis_paper.html", {"result": found, "tables": analysis_of(found)}
    )
    return documents.hand_out(html, name=f"{found.round.title}评价分析", acting_user=user)
