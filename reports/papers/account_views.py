"""The yearly account and what goes to a superior body, as files; whoever reads the page may take them."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluations.account import queries, reporting
from evaluations.account.views import account_for
from office import audit
from office.errors import Refused
from office.exports.documents import hand_out
from office.models import User
from office.workbench.pages import require
from reports.documents.content import Content
from reports.documents.docx import paper_docx
from reports.documents.files import safe_name
from reports.documents.pdf import paper_html
from reports.documents.views import docx_answer
from reports.papers.account import package_sheet, unit_account

FORMS = ("pdf", "docx")


@require_safe
def unit_file(request: HttpRequest, year: int, department_id: int, form: str) -> HttpResponse | FileResponse:
    user, account, with_people = account_for(request, year, department_id)
    people = queries.people_of(department_id, year) if with_people else []
    content = unit_account(account, year, people, on=timezone.localdate())
    with transaction.atomic():
        after = {"年度": year, "单位": account.name, "含人员": with_people, "格式": form}
        audit.record("导出年度账目", user, acting_user=user, after=after)
    return _file(content, form, user)


@require_safe
def package_file(request: HttpRequest, year: int, form: str) -> HttpResponse | FileResponse:
    user = require(request, "yearly.view")
    try:
        package = reporting.package_of(year, request.GET.get("body", ""))
    except Refused as refusal:
        raise Http404(str(refusal)) from refusal
    return _file(package_sheet(package, year, on=timezone.localdate()), form, user)


def _file(content: Content, form: str, user: User) -> HttpResponse | FileResponse:
    if form not in FORMS:
        raise Http404
    name = safe_name(content.title)
    if form == "pdf":
        return hand_out(paper_html(content, demo=settings.DEMO), name=name, acting_user=user)
    return docx_answer(paper_docx(content, demo=settings.DEMO), name)
