"""The page that exports annexes 1 and 2: the working copy as a workbook, what is published as a PDF."""

from __future__ import annotations

from io import BytesIO

from django import forms
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from departments.models import Department
from departments.roster.annex_workbook import annex_workbook
from departments.roster.annexes import take_annexes
from departments.roster.unit_choice import UnitChoiceForm
from disclosure.approval.printed_annexes import take_for_posting
from office.errors import Refused
from office.exports import documents
from office.models import User
from office.workbench import start_page
from office.workbench.pages import require, show
from office.workbooks.writing import XLSX
from reports.annexes.paper import annexes_content
from reports.annexes.pdf import annexes_html
from reports.documents.docx import docx_answer, paper_docx
from reports.documents.files import safe_name


class AnnexForm(UnitChoiceForm):
    department = forms.ModelChoiceField(
        Department.objects.none(), label="单位", required=False, empty_label="全部单位"
    )
    form = forms.ChoiceField(
        label="格式",
        choices=[
            ("xlsx", "工作簿（内部使用：当前名册，含办公电话，可修改后重新导入）"),
            ("pdf", "PDF（张贴公示用：已公布的内容）"),
            ("docx", "Word 文档（.docx，已公布的内容，可调整排版）"),
        ],
        widget=forms.RadioSelect,
        initial="xlsx",
    )


@require_safe
@never_cache
def export_annexes(request: HttpRequest) -> HttpResponse | FileResponse:
    """Offer the annexes, or send one (YC-R1, YC-R2); a department's people get their own only."""
    user = require(request, "roster.view")
    asked = "form" in request.GET
    form = AnnexForm(*((request.GET,) if asked else ()), user=user)
    refusal = None
    if asked and form.is_valid():
        try:
            return _file(form.cleaned_data["department"], form.cleaned_data["form"], user)
        except Refused as error:
            refusal = error
    return show(
        request,
        "disclosure/approval/export_annexes.html",
        "导出公示表",
        status=422 if refusal or form.errors else 200,
        form=form,
        refusal=refusal,
    )


def _file(department: Department | None, form: str, user: User) -> HttpResponse | FileResponse:
    wanted = department.pk if department else None
    name = f"{department or '全部单位'}公示表（附件1、附件2）"
    county, today = settings.COUNTY_NAME, timezone.localdate()
    if form != "xlsx":
        posted = take_for_posting(department_id=wanted, acting_user=user, form=form)
        if form == "docx":
            content = annexes_content(posted, county=county, today=today)
            return docx_answer(paper_docx(content, demo=settings.DEMO), safe_name(name))
        html = annexes_html(posted, county=county, today=today)
        return documents.hand_out(html, name=name, acting_user=user)
    found = take_annexes(department_id=wanted, acting_user=user)
    book = BytesIO(annex_workbook(found, county=county, today=today))
    return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


start_page.add_link(
    "单位和人员",
    "导出公示表",
    "export-annexes",
    "roster.view",
    hint="人员身份公示表（附件1）和岗位职责公示表（附件2），工作簿或 PDF",
    order=35,
)
