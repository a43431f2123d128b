"""The what-if page and its workbook: asked by GET, for nothing is changed."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from evaluations.models import Result, Round, SchemeVersion
from evaluations.results.public import judges_persons
from evaluations.results.what_if import WhatIf, what_if
from evaluations.rounds.forms import option_field
from evaluations.rounds.page import heading
from evaluations.schemes.stored import policy_of
from evaluations.scoring.compare import LABELS
from office.errors import Refused
from office.workbench.pages import require, show
from office.workbooks.writing import XLSX, workbook

NO_RESULT = "假设测算，不是评价结果，不作任何依据"


class SchemeForm(forms.Form):
    def __init__(self, *args: Any, versions: list[SchemeVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own, *others = versions
        choices = [(own.pk, f"{own.title}（本轮所用）"), *((one.pk, one.title) for one in others)]
        self.fields["scheme"] = forms.ChoiceField(label="评价方案", choices=choices)


class ReadingsForm(forms.Form):
    """The readings of one scheme; weights and values are set in the scheme's file only."""

    def __init__(self, *args: Any, version: SchemeVersion, chosen: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy_of(version)
        for name, option in self.policy.options.items():
            if made := option_field(option, ""):
                made.initial = chosen.get(name, option.default)
                self.fields[name] = made

    def overrides(self) -> dict[str, Any]:
        given = self.cleaned_data.items()
        return {name: self.policy.options[name].normal(value) for name, value in given if value is not None}


def what_if_page(request: HttpRequest, round_id: int) -> HttpResponse:
    round_, result, version, form = _asked(request, round_id)
    found, refusal = None, None
    if form.is_bound and form.is_valid():
        try:
            found = what_if(result, version, form.overrides())
        except Refused as why:
            refusal = why
    return show(
        request,
        "evaluations/results/what_if.html",
        "假设测算",
        **heading(round_),
        result=result,
        form=form,
        version=version,
        schemes=SchemeForm(initial={"scheme": version.pk}, versions=_versions(result)),
        who=_who(result),
        found=found,
        refusal=refusal,
        labels=list(LABELS.values()),
        query=request.GET.urlencode(),
    )


def what_if_workbook(request: HttpRequest, round_id: int) -> HttpResponse | FileResponse:
    round_, result, version, form = _asked(request, round_id)
    if not form.is_bound or not form.is_valid():
        return what_if_page(request, round_id)
    try:
        found = what_if(result, version, form.overrides())
    except Refused:
        return what_if_page(request, round_id)
    content = workbook(NO_RESULT[:4], [_who(result), *LABELS.values(), NO_RESULT], _rows(found))
    return FileResponse(
        BytesIO(content), as_attachment=True, filename=f"{round_.title}假设测算.xlsx", content_type=XLSX
    )


def _who(result: Result) -> str:
    return "单位（人员）" if judges_persons(result) else "单位"


def _rows(found: WhatIf) -> list[list[str]]:
    return [
        [one.name, *(f"{cell[1]} → {cell[2]}" if cell else "" for cell in one.cells()), ""]
        for one in found.moved
    ]


def _asked(request: HttpRequest, round_id: int) -> tuple[Round, Result, SchemeVersion, ReadingsForm]:
    require(request, "result.view")
    round_ = get_object_or_404(Round.objects.select_related("survey", "scheme_version"), pk=round_id)
    result = get_object_or_404(round_.results.select_related("scheme_version"), replaced_by=None)
    result.round = round_
    wanted = request.GET.get("scheme", "")
    versions = _versions(result)
    version = next((one for one in versions if str(one.pk) == wanted), result.scheme_version)
    same = version.scheme_id == result.scheme_version.scheme_id
    chosen = result.outcome["options"] if same else {}
    asked = request.GET if "show" in request.GET else None
    return round_, result, version, ReadingsForm(asked, version=version, chosen=chosen)


def _versions(result: Result) -> list[SchemeVersion]:
    """The result's own scheme first, then those in use."""
    own = result.scheme_version
    return [own, *SchemeVersion.objects.filter(is_active=True).exclude(pk=own.pk)]
