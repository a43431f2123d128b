"""Pages of the figures: by month and procedure, the list behind each, causes, what-if, the closed month."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casework.figures import causes, closing, lists, places, what_if
from casework.figures.asked import Asked
from casework.figures.counting import accepted, counted, registered
from casework.figures.months import MONTHS
from casework.figures.notice import notice_sheets
from casework.models import MonthFigures
from casework.procedure import Procedure
from departments.models import Department
from office import audit, dates, roles
from office.imports.views import workbook_answer
from office.workbench.attempt import attempt
from office.workbench.pages import require, show
from office.workbooks.writing import workbook

ON_A_PAGE = 50
QUARTER = 3
NOT_GIVEN = (None, "未交办")


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The rates of one month with their fractions, twelve months back, by category and by unit."""
    user = require(request, "matter.figures")
    asked = Asked.read(request)
    if asked is None:
        return show(request, "casework/figures/figures.html", "事项数字", asked=None)
    scope = asked.scope
    year = replace(scope, first=asked.month.moved(1 - MONTHS))
    by_month = counted(year, "month")
    procedure = scope.procedure
    by_unit = {} if asked.unit else counted(scope, "unit")
    units = [*Department.objects.filter(pk__in=filter(None, by_unit)).values_list("pk", "name"), NOT_GIVEN]
    by_category = counted(scope, "category")
    return show(
        request,
        "casework/figures/figures.html",
        f"事项数字：{procedure.desk}",
        asked=asked,
        procedure=procedure,
        registered=registered(scope).count(),
        accepted=accepted(scope).count(),
        rates=counted(scope)[None].values(),
        trend=[
            (one, [by_month[one][figure.id] if one in by_month else None for figure in procedure.figures])
            for one in asked.month.back()
            if one >= min(by_month, default=asked.month)
        ],
        categories=[
            (one, by_category[one.id].values()) for one in procedure.categories.items if one.id in by_category
        ],
        units=[(pk, name, by_unit[pk].values()) for pk, name in units if pk in by_unit],
        places=places.by_place(scope) if roles.allowed(user, "plate.view") and not asked.unit else [],
        closed=closing.last_closed(procedure.id, asked.month),
        may_close=roles.allowed(user, "matter.close_month") and asked.month.ends <= scope.now,
        is_running=asked.month.ends > scope.now,
    )


@require_safe
def figure_list(request: HttpRequest, form: str = "") -> HttpResponse:
    """The matters that one figure counts, as a page or a workbook."""
    user = require(request, "matter.figures")
    asked = Asked.read(request)
    figure = (
        next((one for one in asked.scope.procedure.figures if one.id == request.GET.get("figure")), None)
        if asked
        else None
    )
    if asked is None or figure is None:
        raise Http404
    which = request.GET.get("which", lists.ALL)
    which = which if which in lists.CHOICES else lists.ALL
    rows = lists.rows_of(asked.scope, figure, which)
    title = f"{asked.scope.procedure.desk}{asked.month.in_words}{figure.label}"
    if form == "xlsx":
        cells = [one.cells() for one in lists.lines_of(rows, asked.scope.now)]
        with transaction.atomic():
            told = {"列表": title, "范围": lists.CHOICES[which], "行数": len(cells)}
            audit.record("导出", user, acting_user=user, after=told)
        return workbook_answer(workbook("事项", lists.HEADINGS, cells), f"{title}.xlsx")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    part, whole = (lists.rows_of(asked.scope, figure, one).count() for one in (lists.PART, lists.ALL))
    return show(
        request,
        "casework/figures/list.html",
        title,
        asked=asked,
        figure=figure,
        page=page,
        lines=list(lists.lines_of(page.object_list, asked.scope.now)),
        which=which,
        choices=[
            (value, label, asked.query(figure=figure.id, which=value))
            for value, label in lists.CHOICES.items()
        ],
        part=part,
        whole=whole,
        of_limits=bool(figure.counts),
        query=asked.query(figure=figure.id, which=which),
    )


@require_safe
def cause_report(request: HttpRequest) -> HttpResponse:
    """“一类事” of a quarter by cause, each with the units where it went wrong."""
    require(request, "matter.figures")
    asked = Asked.read(request)
    if asked is None:
        raise Http404
    first = asked.month.moved(-((asked.month.number - 1) % QUARTER))
    scope = replace(asked.scope, first=first, last=first.moved(QUARTER - 1))
    found = causes.by_cause(scope)
    return show(
        request,
        "casework/figures/causes.html",
        f"“一类事”分析：{scope.procedure.desk}",
        asked=asked,
        quarter=f"{first.year}年第{(first.number - 1) // QUARTER + 1}季度",
        before=asked.at(first.moved(-QUARTER)),
        after=asked.at(first.moved(QUARTER)),
        rows=found,
        total=sum(one.count for one in found),
    )


@require_safe
def try_limits(request: HttpRequest) -> HttpResponse:
    """With another limit, how many would have been late; nothing is changed by asking."""
    require(request, "matter.figures")
    asked = Asked.read(request)
    if asked is None:
        raise Http404
    procedure = asked.scope.procedure
    rule = next((one for one in procedure.clocks if one.id == request.GET.get("clock")), None)
    count, months = _number(request, "count", 999), _number(request, "months", MONTHS) or QUARTER
    rows = []
    if rule is not None and count is not None:
        scope = replace(asked.scope, first=asked.month.moved(1 - months))
        rows = what_if.tried(scope, rule, count)
    return show(
        request,
        "casework/figures/what_if.html",
        f"时限试算：{procedure.desk}",
        asked=asked,
        procedure=procedure,
        clocks=[(one, _unit_of(procedure, one.id)) for one in procedure.clocks],
        rule=rule,
        unit=_unit_of(procedure, rule.id) if rule else "",
        count=count,
        months=months,
        rows=rows,
        provisional=months > 1,
    )


def _unit_of(procedure: Procedure, clock: str) -> str:
    rule = procedure.clock(clock)
    time = rule.limit or next(iter(rule.limits.values()))
    return what_if.IN_WORDS[time.span.unit]


def _number(request: HttpRequest, name: str, most: int) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 5 and int(text) <= most else None


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close a month; once more with a reason."""
    user = require(request, "matter.close_month")
    asked = Asked.read(request)
    if asked is None:
        raise Http404
    with attempt(request, f"{asked.month.in_words}已结账。") as done:
        made = closing.close_month(
            version=asked.version,
            month=asked.month,
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
            acting_user=user,
        )
    if done:
        return redirect("casework:matter-month", made.pk)
    return redirect(f"{request.path.removesuffix('close/')}?{asked.query()}")


@require_safe
def closed_month(request: HttpRequest, month_id: int) -> HttpResponse:
    """A closed month: the notice in one click, as page, PDF, .docx and workbook."""
    user = require(request, "matter.figures")
    month = get_object_or_404(MonthFigures.objects.select_related("version", "closed_by"), pk=month_id)
    others = MonthFigures.objects.filter(procedure_id=month.procedure_id, month=month.month)
    return show(
        request,
        "casework/figures/month.html",
        f"月度数字：{month.version.procedure.desk}",
        month=month,
        sheets=notice_sheets(month),
        is_whole=closing.is_whole(month),
        others=others.exclude(pk=month.pk),
        query=urlencode({"procedure": month.procedure_id, "month": f"{month.month:%Y-%m}"}),
        may_close=roles.allowed(user, "matter.close_month"),
    )


@require_safe
def closed_month_workbook(request: HttpRequest, month_id: int) -> HttpResponse:
    user = require(request, "matter.figures")
    month = get_object_or_404(MonthFigures.objects.select_related("version"), pk=month_id)
    content, title = _workbook(month), f"{month.version.procedure.desk}{dates.month(month.month)}数字"
    with transaction.atomic():
        audit.record("导出月度数字", month, acting_user=user, after={"版次": month.number})
    return workbook_answer(content, f"{title}.xlsx")


def _workbook(month: MonthFigures) -> bytes:
    """One sheet: each table of the notice under its title."""
    rows: list[list[Any]] = []
    for sheet in notice_sheets(month):
        rows += [[sheet.title], list(sheet.headings), *map(list, sheet.rows), []]
    about = [f"统计至{sheet_moment(month)}", f"第{month.number}版", f"摘要 {month.sha256[:16]}"]
    return workbook("月度数字", about, rows)


def sheet_moment(month: MonthFigures) -> str:
    return timezone.localtime(month.closed_at).isoformat(sep=" ", timespec="minutes")[:16]
