"""List to the inspectorate who looked at whom, month by month."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from casework.models import ReporterOpening
from casework.reporters import opening
from office import dates
from office.workbench.pages import page, require, show
from office.workbooks.writing import XLSX, workbook

FIRST_YEAR, LAST_YEAR = 2000, 2099
HEADINGS = ("时间", "事项编号", "规程", "查看人", "理由", "提供给", "反映人同意提供身份")


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
    title = f"{dates.month(month)}查看反映人身份登记"
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
    page("office/matters/openings/", openings, "reporter-openings"),
    page("office/matters/openings.xlsx", openings_workbook, "reporter-openings-workbook"),
]
