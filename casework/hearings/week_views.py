"""The week's items and the month's review in the office."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from casework.hearings import given_day, reviewing, weeks
from casework.hearings.forms import CheckForm, ItemForm, ReviewForm, month_of, week_of
from casework.hearings.rules import rules
from casework.models import WeeklyItem
from office import dates, roles
from office.calendar import days
from office.calendar.working_time import after_months
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show


@never_cache
@require_http_methods(["GET", "POST"])
def week(request: HttpRequest, day: str = "") -> HttpResponse:
    """One week: what is planned, assigned, done; without a day this week."""
    user = require(request, "hearing.view")
    today = timezone.localdate()
    asked = week_of(day) if day else today
    if asked is None or not date(2000, 1, 1) < asked < date(2100, 1, 1):
        raise Http404
    monday = weeks.monday_of(asked)
    form = ItemForm(posted(request))
    if request.method == "POST":
        require(request, "week.edit")
        if form.is_valid():
            with attempt(request, "已登记，交办日一并交办。") as done:
                weeks.plan_item(week=monday, **form.cleaned_data, acting_user=user)
            if done:
                return redirect("casework:week", monday.isoformat())
    rows = WeeklyItem.objects.filter(week=monday).select_related("unit", "clock", "matter__version")
    items = list(rows.prefetch_related("matter__assignments").order_by("id"))
    assigning_day = weeks.assigning_day(monday, days.calendar())
    may_edit = roles.allowed(user, "week.edit")
    planned = [one for one in items if one.matter_id is None]
    context: dict[str, Any] = {
        "monday": monday,
        "sunday": monday + weeks.SUNDAY,
        "assigning_day": assigning_day,
        "planned": planned,
        "given": [(one, given_day.reported_on(one.matter)) for one in items if one.matter is not None],
        "may_assign": may_edit and bool(planned) and assigning_day is not None and today >= assigning_day,
        "may_edit": may_edit,
        "may_check": roles.allowed(user, "promise.check"),
        "form": form if may_edit and assigning_day is not None else None,
        "before": (monday - weeks.WEEK).isoformat(),
        "after": (monday + weeks.WEEK).isoformat(),
        "month": f"{(assigning_day or monday):%Y-%m}",
        "today": today,
    }
    title = f"周交办：{dates.day(monday)}至{dates.day(monday + timedelta(days=6))}"
    return show(request, "casework/hearings/week.html", title, **context)


@never_cache
@require_http_methods(["POST"])
def assign_week(request: HttpRequest, day: str) -> HttpResponse:
    user = require(request, "week.edit")
    asked = week_of(day)
    if asked is None:
        raise Http404
    monday = weeks.monday_of(asked)
    with attempt(request, "已交办，各单位可以在“我的工作”中办理。"):
        weeks.assign_week(week=monday, now=timezone.now(), acting_user=user)
    return redirect("casework:week", monday.isoformat())


@never_cache
@require_http_methods(["POST"])
def drop_item(request: HttpRequest, weekly_id: int) -> HttpResponse:
    user = require(request, "week.edit")
    item = get_object_or_404(WeeklyItem, pk=weekly_id)
    with attempt(request, "已删除。"):
        weeks.drop_item(item=item, acting_user=user)
    return redirect("casework:week", item.week.isoformat())


@never_cache
@require_http_methods(["GET", "POST"])
def check_item(request: HttpRequest, weekly_id: int) -> HttpResponse:
    user = require(request, "promise.check")
    item = get_object_or_404(WeeklyItem.objects.select_related("unit", "clock"), pk=weekly_id)
    form = CheckForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with attempt(request, "已登记核实。") as done:
            weeks.check_item(item=item, **form.cleaned_data, now=timezone.now(), acting_user=user)
        if done:
            return redirect("casework:week", item.week.isoformat())
    context: dict[str, Any] = {
        "form": form,
        "button": "登记核实",
        "lead": f"{item.unit}　{item.title}：{item.text}",
        "week": item.week,
    }
    return show(request, "casework/hearings/form.html", "核实周交办事项", **context)


@never_cache
@require_http_methods(["GET", "POST"])
def month(request: HttpRequest, month: str = "") -> HttpResponse:
    user = require(request, "hearing.view")
    today = timezone.localdate()
    asked = month_of(month) if month else today.replace(day=1)
    if asked is None or not date(2000, 1, 1) < asked < date(2100, 1, 1):
        raise Http404
    found = reviewing.month_review(asked, today)
    form = ReviewForm(posted(request), units=[one.unit for one in found.units], words=rules().month.words)
    if request.method == "POST":
        require(request, "month.review")
        if form.is_valid():
            with attempt(request, "已登记讲评。") as done:
                reviewing.review_unit(month=asked, **form.cleaned_data, now=timezone.now(), acting_user=user)
            if done:
                return redirect("casework:month", f"{asked:%Y-%m}")
    is_open = found.ended is None and today >= found.review_day and bool(found.units)
    context: dict[str, Any] = {
        "found": found,
        "form": form if is_open and roles.allowed(user, "month.review") else None,
        "may_end": is_open and roles.allowed(user, "month.review") and all(one.review for one in found.units),
        "may_issue": roles.allowed(user, "document.view"),
        "before": f"{after_months(asked, -1):%Y-%m}",
        "after": f"{after_months(asked, 1):%Y-%m}",
        "key": f"{asked:%Y-%m}",
        "today": today,
    }
    title = f"{dates.month(asked)}讲评"
    return show(request, "casework/hearings/month.html", title, **context)


@never_cache
@require_http_methods(["POST"])
def end_month(request: HttpRequest, month: str) -> HttpResponse:
    user = require(request, "month.review")
    asked = month_of(month)
    if asked is None:
        raise Http404
    with attempt(request, "讲评已结束，数据已固定，可以制作纪要。"):
        reviewing.end_review(month=asked, now=timezone.now(), acting_user=user)
    return redirect("casework:month", f"{asked:%Y-%m}")
