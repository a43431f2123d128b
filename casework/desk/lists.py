"""Today's list of the window and the centre, its workbook, and what is held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.desk import filters
from casework.desk.filters import Filters
from casework.desk.rows import Row, row_of
from casework.matters.acceptance import propose_refusal
from casework.matters.queries import matters_for
from casework.matters.registration import release_held
from casework.matters.state import State
from casework.models import Matter, ProcedureVersion
from departments.models import Department
from office import audit, roles
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import require, show
from office.workbench.paging import FromTheNearerEnd
from office.workbooks.writing import XLSX, workbook

PER_PAGE = 50
HEADINGS = (
    "编号",
    "上级平台编号",
    "窗口",
    "来源",
    "收到日期",
    "事项名称",
    "涉及单位",
    "类别",
    "最初类别",
    "状态",
    "承办单位",
    "最近的时限",
    "截止",
    "是否逾期",
    "办理结果",
    "是否属实",
    "回访评价",
    "重办次数",
    "办结日期",
)


@never_cache
def matters(request: HttpRequest) -> HttpResponse:
    """What is due next comes first."""
    user = require(request, "matter.view")
    chosen, now = Filters.read(request.GET), timezone.localtime()
    versions = list(ProcedureVersion.objects.filter(is_active=True))
    rows = filters.by_what_is_due(chosen.of(matters_for(user), now, versions))
    found = FromTheNearerEnd(filters.with_what_a_row_shows(rows), PER_PAGE)
    page = found.get_page(request.GET.get("page"))
    return show(
        request,
        "casework/desk/list.html",
        "事项办理",
        page=page,
        rows=[row_of(one, now) for one in page.object_list],
        filters=chosen,
        versions=versions,
        states=State.choices,
        lateness=filters.LATENESS.items(),
        categories=_words(versions),
        units=Department.objects.filter(is_active=True),
        may_register=roles.allowed(user, "matter.register"),
        may_find=roles.allowed(user, "reporter.open"),
        may_export=roles.allowed(user, "matter.export"),
        held=Matter.objects.filter(state=State.HELD).count(),
    )


def _words(versions: list[ProcedureVersion]) -> list[str]:
    items = (one for version in versions for one in version.procedure.categories.items)
    return list(dict.fromkeys(one.label for one in items))


@require_safe
def exported(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook: nothing in it says who reported."""
    user = require(request, "matter.export")
    chosen, now = Filters.read(request.GET), timezone.localtime()
    versions = list(ProcedureVersion.objects.filter(is_active=True))
    rows = filters.by_what_is_due(chosen.of(matters_for(user), now, versions))
    if (count := rows.count()) > settings.EXPORT_ROWS_AT_ONCE:
        most = settings.EXPORT_ROWS_AT_ONCE
        messages.error(request, f"共 {count} 件，一次最多导出 {most} 件。请按月份或单位筛选后分批导出。")
        return redirect(f"{request.path.removesuffix('export/')}?{chosen.query}")
    found = [row_of(one, now) for one in filters.with_what_a_row_shows(rows)]
    with transaction.atomic():
        told = {"列表": "事项", "行数": len(found), "筛选": chosen.query or "在办"}
        audit.record("导出", user, acting_user=user, after=told)
    answer = HttpResponse(workbook("事项", HEADINGS, _cells(found)), content_type=XLSX)
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E4%BA%8B%E9%A1%B9.xlsx"
    return answer


def _cells(found: list[Row]) -> Iterator[list[Any]]:
    for row in found:
        matter, procedure = row.matter, row.matter.procedure
        outcome = procedure.outcome(matter.outcome)
        yield [
            matter.number,
            matter.higher_number,
            procedure.desk,
            procedure.intake.channels.get(matter.source, matter.source),
            matter.received_on,
            matter.shown_title,
            matter.about.name if matter.about else "",
            row.word,
            procedure.category(matter.first_category) if row.category else "",
            matter.get_state_display(),
            row.units,
            row.clock.label if row.clock else "",
            row.clock.due_in_words if row.clock else "",
            "是" if row.is_late else "否",
            outcome.label if outcome else "",
            next((one.label for one in procedure.findings if one.id == matter.finding), ""),
            matter.satisfaction,
            matter.times_reopened,
            timezone.localdate(matter.closed_at) if matter.closed_at else "",
        ]


@never_cache
def held(request: HttpRequest) -> HttpResponse:
    """What waits for a person before it counts: let it count, or refuse it with a reason."""
    user = require(request, "matter.register")
    if request.method == "POST":
        number = request.POST.get("matter", "")
        one = get_object_or_404(Matter, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)
        _settle_held(request, one, user)
        return redirect("casework:matters-held")
    rows = Matter.objects.filter(state=State.HELD).select_related("version", "about").order_by("pk")
    page = Paginator(rows.prefetch_related("events"), PER_PAGE).get_page(request.GET.get("page"))
    return show(request, "casework/desk/held.html", "待核事项", page=page)


def _settle_held(request: HttpRequest, one: Matter, user: User) -> None:
    common: dict[str, Any] = {"matter": one, "now": timezone.now(), "acting_user": user}
    if "release" in request.POST:
        with attempt(request, f"{one.number} 已放行，开始计时。"), _as_shown(request, one):
            release_held(**common)
    else:
        told: dict[str, Any] = {name: request.POST.get(name, "") for name in ("refusal", "reason")}
        done = f"{one.number} 已提出不予受理。"
        with attempt(request, done), _as_shown(request, one):
            propose_refusal(**told, **common)


def _as_shown(request: HttpRequest, one: Matter) -> Any:
    return edit_conflicts.unchanged(request, one, _state_of)


def _state_of(one: Matter) -> str:
    return Matter.objects.values_list("state", flat=True).get(pk=one.pk)
