"""The office's page for importing the calendar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from office.calendar import holidays
from office.imports import short_lists
from office.imports import views as import_views

HOLIDAYS = short_lists.offer(
    holidays.HOLIDAYS,
    lead="上传国务院办公厅公布的节假日和调休安排，表头为日期、名称、是否上班。工作簿中没有的日期保持不变。",
    url_name="admin:import-holidays",
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_holidays(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, HOLIDAYS)
