"""The office's page for the blank sheets of a round (annex 3)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from evaluations.models import Round
from office.errors import Refused
from office.exports import documents
from office.models import User
from office.workbench import start_page
from office.workbench.pages import require, show
from office.workbooks.writing import XLSX
from reports.annexes.blank_sheets import sheets_html, sheets_workbook, take_sheets


class SheetsForm(forms.Form):
    round = forms.ModelChoiceField(
        Round.objects.exclude(survey=None).exclude(survey__public="").select_related("survey"),
        label="轮次",
        empty_label="请选择",
        error_messages={"required": "请选择轮次。"},
    )
    department = forms.CharField(
        label="单位（不填为全部单位）",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"size": 40}),
    )
    form = forms.ChoiceField(
        label="格式",
        choices=[("xlsx", "工作簿（每个单位一张工作表）"), ("pdf", "PDF（打印用）")],
        widget=forms.RadioSelect,
        initial="xlsx",
    )


@require_safe
def export_sheets(request: HttpRequest) -> HttpResponse | FileResponse:
    user = require(request, "round.view")
    asked = "form" in request.GET
    form = SheetsForm(request.GET if asked else None)
    refusal = None
    if asked and form.is_valid():
        try:
            return _file(form.cleaned_data, user)
        except Refused as error:
            refusal = error
    return show(
        request,
        "reports/annexes/export_sheets.html",
        "导出测评表",
        status=422 if refusal or form.errors else 200,
        form=form,
        refusal=refusal,
    )


def _file(chosen: dict[str, Any], user: User) -> HttpResponse | FileResponse:
    round_, department = chosen["round"], str(chosen["department"]).strip() or None
    as_pdf = chosen["form"] == "pdf"
    sheets = take_sheets(round=round_, department=department, as_pdf=as_pdf, acting_user=user)
    name = f"{department or '全部单位'}测评表（附件3）"
    if as_pdf:
        html = sheets_html(sheets, title=round_.title, county=settings.COUNTY_NAME)
        return documents.hand_out(html, name=name, acting_user=user)
    content = BytesIO(sheets_workbook(sheets, title=round_.title))
    return FileResponse(content, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


start_page.add_link(
    "评价轮次",
    "导出测评表",
    "export-sheets",
    "round.view",
    hint="工作人员服务质量测评表（附件3）空白表，工作簿或 PDF",
    order=60,
)
