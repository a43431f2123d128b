"""The keying screen: one page that stays, three small answers behind it."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from office.errors import Refused
from office.workbench.pages import require, show
from surveys.ballots import forms
from surveys.ballots.marks import gives_marks, panels
from surveys.models import PaperReading, Survey
from surveys.paper import data_entry, numbers, packets_pdf
from surveys.paper.data_entry import LONGEST

CLERKS = ("paper.key", "paper.settle", "paper.decide")


def _survey(survey_id: int) -> Survey:
    """Without its long texts: form, counts and comments take as long to read as all the rest."""
    found = Survey.objects.exclude(state=Survey.State.DRAFT).only("title", "state", "paper_finished")
    return get_object_or_404(found, pk=survey_id)


@require_GET
def screen(request: HttpRequest, survey_id: int) -> HttpResponse:
    user = require(request, *CLERKS)
    survey = _survey(survey_id)
    form = survey.frozen()["form"]
    return show(
        request,
        "surveys/paper/data_entry.html",
        "录入纸质票",
        survey=survey,
        words=[] if gives_marks(form) else [choice["word"] for choice in form["choices"]],
        remarks=bool(form["comment_cap"]),
        longest=LONGEST,
        mine=PaperReading.objects.filter(sheet__survey=survey, reader=user).count(),
        ready=survey.state == Survey.State.CLOSED and not survey.paper_finished,
    )


@require_GET
def form(request: HttpRequest, survey_id: int) -> HttpResponse:
    require(request, *CLERKS)
    survey = _survey(survey_id)
    public = survey.frozen()["form"]
    departments = [
        {
            "name": one["name"],
            "rows": [[row["of"], row["who"], row["post"], row["ask"]] for row in packets_pdf.rows(one)],
        }
        for one in forms.sheets(public)
    ]
    places = {one["id"]: place for place, one in enumerate(forms.sheets(public))}
    return JsonResponse(
        {
            "words": [{"word": choice["word"], "tone": choice["tone"]} for choice in public["choices"]],
            "marks": {panel["stratum"]: panel["words"] for panel in panels(public)},
            "departments": departments,
            "codes": {
                code: [place.stratum, places[place.department]]
                for code, place in numbers.codes(survey.public).items()
            },
        }
    )


@require_GET
def sheet(request: HttpRequest, survey_id: int) -> HttpResponse:
    user = require(request, *CLERKS)
    typed = request.GET.get("number", "")
    try:
        found = data_entry.require_turn(survey_id=survey_id, number=typed, acting_user=user)
    except Survey.DoesNotExist as missing:
        raise Http404 from missing
    except Refused as refusal:
        return _refused(refusal)
    return JsonResponse({"number": found.number})


@require_POST
def save(request: HttpRequest, survey_id: int) -> HttpResponse:
    user = require(request, *CLERKS)
    try:
        number, typed = _read(request.body)
        kept = data_entry.key_sheet(survey_id=survey_id, number=number, typed=typed, acting_user=user)
    except Survey.DoesNotExist as missing:
        raise Http404 from missing
    except Refused as refusal:
        return _refused(refusal)
    return JsonResponse({"number": kept.number})


def _refused(refusal: Refused) -> HttpResponse:
    return JsonResponse({"refused": str(refusal)}, status=422)


def _read(body: bytes) -> tuple[str, data_entry.Typed]:
    try:
        told = json.loads(body)
        parts = {name: told[name] for name in ("number", "code", "kind", "marks", "matter", "suggestion")}
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise Refused("没有收到完整的一张测评表", "请刷新页面后重新录入。") from fault
    if not all(isinstance(part, str) and "\0" not in part for part in parts.values()):
        raise Refused("没有收到完整的一张测评表", "请刷新页面后重新录入。")
    return parts.pop("number"), data_entry.Typed(**parts)
