"""Open a reporter with a reason, find the same phone again, and list each look to the inspectorate."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from casework.models import Matter, Reporter, ReporterOpening
from casework.reporters import opening
from casework.reporters.forms import OpeningForm, PhoneForm
from office.errors import Refused
from office.workbench.pages import page, posted, require, show
from office.workbooks.writing import XLSX, workbook

FIRST_YEAR, LAST_YEAR = 2000, 2099
HEADINGS = ("时间", "事项编号", "规程", "查看人", "理由", "提供给", "反映人同意提供身份")


@require_http_methods(["GET", "HEAD", "POST"])
def matter_reporter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Ask for the reason; the answer to it shows the identity this once, and no address leads back to it."""
    user = require(request, "reporter.open")
    matter = get_object_or_404(Matter.objects.select_related("version"), pk=matter_id)
    reporter = Reporter.objects.filter(matter=matter).first()
    form = OpeningForm(posted(request), reporter=reporter) if reporter else None
    found, refused = None, ""
    if reporter and form and form.is_valid():
        try:
            found = opening.open_reporter(
                reporter=reporter,
                reason=form.cleaned_data["reason"],
                given_to=form.cleaned_data["given_to"],
                now=timezone.now(),
                acting_user=user,
            )
        except Refused as refusal:
            refused = str(refusal)
    return show(
        request,
        "casework/reporters/reporter.html",
        "反映人身份",
        matter=matter,
        reporter=reporter,
        form=form,
        refused=refused,
        said=[(label, found[key]) for key, label in LABELS if found[key]] if found else None,
    )


LABELS = (("name", "姓名"), ("phone", "联系电话"), ("firm", "企业名称"), ("more", "其他联系方式"))


@require_http_methods(["GET", "HEAD", "POST"])
def by_phone(request: HttpRequest) -> HttpResponse:
    """Find the matters of a phone number; it travels in the form alone, never in an address."""
    user = require(request, "reporter.open")
    form, found, refused = PhoneForm(posted(request)), None, ""
    if form.is_valid():
        try:
            found = opening.matters_of_phone(phone=form.cleaned_data["phone"], acting_user=user)
        except Refused as refusal:
            refused = str(refusal)
    template = "casework/reporters/by_phone.html"
    return show(request, template, "按电话查找事项", form=form, found=found, refused=refused)


@require_safe
def openings(request: HttpRequest) -> HttpResponse:
    require(request, "reporter.openings")
    month = _month(request.GET.get("month", ""))
    return show(
        request,
        "casework/reporters/openings.html",
        "查看反映人身份登记",
        month=month,
        before=_moved(month, -1),
        after=_moved(month, 1),
        rows=opening.openings_of(month),
    )


@require_safe
def openings_workbook(request: HttpRequest) -> HttpResponse:
    require(request, "reporter.openings")
    month = _month(request.GET.get("month", ""))
    title = f"{month.year}年{month.month}月查看反映人身份登记"
    content = workbook(title, HEADINGS, [_row(one) for one in opening.openings_of(month)])
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{title}.xlsx") or "attachment"
    response["Cache-Control"] = "no-store"
    return response


def _row(one: ReporterOpening) -> tuple[object, ...]:
    matter = one.reporter.matter
    return (
        one.at,
        matter.number,
        matter.procedure.desk,
        str(one.by),
        one.reason,
        str(one.given_to or ""),
        one.reporter.may_be_named,
    )


def _month(asked: str) -> date:
    """Return the first day of the month asked for; this month for anything else."""
    try:
        year, month = asked.split("-")
        found = date(int(year), int(month), 1)
    except ValueError:
        found = timezone.localdate().replace(day=1)
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else timezone.localdate().replace(day=1)


def _moved(month: date, by: int) -> date:
    at = month.year * 12 + month.month - 1 + by
    return date(at // 12, at % 12 + 1, 1)


urlpatterns: list[URLPattern] = [
    page("office/matters/<int:matter_id>/reporter/", matter_reporter, "matter-reporter"),
    page("office/matters/reporters/", by_phone, "reporters-by-phone"),
    page("office/matters/openings/", openings, "reporter-openings"),
    page("office/matters/openings.xlsx", openings_workbook, "reporter-openings-workbook"),
]
