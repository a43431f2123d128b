"""Pages of what comes in as lists and numbers: 办件编号, 办件量, the province's 好差评."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from departments.models import Hall, Window
from office.imports import views as import_views
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from ratings.incoming import lists
from ratings.incoming.cases import CASES
from ratings.incoming.forms import DayForm, NumbersForm, yesterday
from ratings.incoming.province import PROVINCE
from ratings.incoming.served import SERVED, enter_served, may_correct
from ratings.models import Served

BEYOND = "评价超过办件量的已暂缓，由评价中心认定。"

CASES_IMPORT = lists.offer(
    CASES,
    url_name="ratings:import-cases",
    lead="上传当日办结的办件编号，表头须有办件编号、单位、办结日期，可有大厅、窗口。办事人凭编号在期限内评价一次。"
    "系统只存摘要，不存编号和文件；姓名、电话等其他各栏不读取。办件量另行填报。",
)
SERVED_IMPORT = lists.offer(
    SERVED,
    url_name="ratings:import-served",
    lead="上传各窗口的办件量，表头须有窗口、日期、办件量，可有大厅、单位、更正理由；当日的次日起填报。"
    "评价超过办件量的暂缓计入，之后调高办件量不会自动恢复。已填报的由评价中心更正，须写明理由。",
)
PROVINCE_IMPORT = lists.offer(
    PROVINCE,
    url_name="ratings:import-province",
    lead="上传省政务服务“好差评”导出的评价，表头须有办件编号、办理单位、满意度、评价日期，可有大厅、窗口、评价渠道、评价内容。"
    "每个办件编号只计一次；系统默认好评不计入。姓名、电话、证件各栏不读取，文件不保存。有误的行略过，更正后再次上传即可补上。",
)


def import_cases(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, CASES_IMPORT)


def import_served(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, SERVED_IMPORT)


def import_province(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, PROVINCE_IMPORT)


@require_http_methods(["GET", "HEAD", "POST"])
def served(request: HttpRequest) -> HttpResponse:
    """Choose hall and day, then enter the number of each window."""
    user = require(request, "rating.ticket")
    hall, day = _chosen(request)
    if hall is None:
        return show(request, "ratings/incoming/served.html", "填报办件量", choose=DayForm(), hall=None)
    windows = list(Window.objects.filter(hall=hall, is_active=True).select_related("hall", "department"))
    stored = _stored(hall, day)
    form = NumbersForm(posted(request), windows=windows, stored=stored, may_correct=may_correct(user))
    if form.is_valid():
        with (
            attempt(request, f"{hall}的办件量已保存。{BEYOND}") as done,
            edit_conflicts.unchanged(request, hall, partial(_seen, day)),
        ):
            enter_served(
                hall=hall,
                day=day,
                numbers=form.numbers(),
                today=timezone.localdate(),
                acting_user=user,
                reason=form.reason(),
            )
        if done:
            return redirect(f"{reverse('ratings:served')}?hall={hall.pk}&day={day.isoformat()}")
    return show(
        request,
        "ratings/incoming/served.html",
        "填报办件量",
        choose=DayForm(initial={"hall": hall.pk, "day": day}),
        hall=hall,
        day=day,
        form=form,
        rows=form.rows(),
        reason=form["reason"] if "reason" in form.fields else None,
        seen_mark=edit_conflicts.page_mark(request, _seen(day, hall)),
    )


def _chosen(request: HttpRequest) -> tuple[Hall | None, date]:
    asked = DayForm(request.GET) if "hall" in request.GET else None
    if asked is not None and asked.is_valid():
        return asked.cleaned_data["hall"], asked.cleaned_data["day"]
    return (Hall.objects.first() if asked is None else None), yesterday()


def _stored(hall: Hall, day: date) -> dict[int, Served]:
    return {one.window_id: one for one in Served.objects.filter(window__hall=hall, day=day)}


def _seen(day: date, hall: Hall) -> dict[str, int]:
    return {str(window): one.number for window, one in _stored(hall, day).items()}
