"""The pages of halls: which ones there are, and the week of one."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from departments.models import Hall
from office import roles
from office.workbench.pages import require, show
from ratings.models import RatingCode
from ratings.shown import hall as hall_shown


@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    require(request, "rating.view")
    live = Q(rating_codes__ended_on=None, rating_codes__kind=RatingCode.Kind.WINDOW)
    found = Hall.objects.annotate(
        coded=Count("rating_codes", filter=live, distinct=True),
        used=Count("windows", filter=Q(windows__is_active=True), distinct=True),
    )
    return show(request, "ratings/shown/halls.html", "大厅评价", halls=found)


@require_safe
def hall(request: HttpRequest, hall_id: int) -> HttpResponse:
    user = require(request, "rating.view")
    found = get_object_or_404(Hall, pk=hall_id)
    today = timezone.localdate()
    week = hall_shown.week_of(_day(request.GET.get("week", "")), today)
    waiting = hall_shown.waiting(found, today)
    return show(
        request,
        "ratings/shown/hall.html",
        f"{found}评价",
        hall=found,
        week=week,
        after=week.after(today),
        sheets=hall_shown.sheets_of(found, week),
        waiting=waiting,
        waiting_sum=sum(waiting.values()),
        may_enter=roles.allowed(user, "rating.ticket"),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
