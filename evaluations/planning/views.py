"""The calendar of rounds, and a round made from the last one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.models import Round
from evaluations.planning import calendar
from evaluations.planning.following import carried_from, follow_round, next_period
from evaluations.planning.forms import FollowForm
from evaluations.rounds import periods
from evaluations.rounds.page import heading
from evaluations.rounds.services import twin_of
from office import roles
from office.calendar import days
from office.errors import Refused
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show


@never_cache
@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """The plan of one year, of all schemes in use."""
    user = require(request, "round.view")
    today = timezone.localdate()
    shown = _year(request.GET.get("year", ""), today.year)
    before, after = calendar.years_around(shown)
    plan = calendar.year_of(shown, today)
    return show(
        request,
        "evaluations/planning/calendar.html",
        f"{shown}年轮次日历",
        year=shown,
        before=before,
        after=after,
        used=[one for one in plan if one.is_used],
        others=[one for one in plan if not one.is_used],
        has_holidays=days.calendar().knows(shown),
        gathering=calendar.GATHERING_TAKES,
        computing=calendar.COMPUTING_TAKES,
        may_create=roles.allowed(user, "round.edit"),
    )


def _year(text: str, today: int) -> int:
    given = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else today
    return min(max(given, calendar.FIRST_YEAR), calendar.LAST_YEAR)


@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show what a round made from this one takes over and what differs, then make it."""
    user = require(request, "round.edit")
    previous = get_object_or_404(Round.objects.select_related("scheme_version"), pk=round_id)
    if previous.state == Round.State.VOID:
        messages.error(request, "已作废的轮次不能作为新一轮的依据。")
        return redirect("cockpit:round", previous.pk)
    try:
        carried = carried_from(previous)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("cockpit:round", previous.pk)
    period = request.GET.get("period", "")
    form = FollowForm(posted(request), carried=carried, period=period)
    if request.method == "POST" and form.is_valid():
        with attempt(request, "已按上一轮创建轮次。请核对参评单位后锁定名单。") as done:
            made = follow_round(
                previous=previous,
                wanted=form.wanted(),
                expected=form.cleaned_data["expected"],
                acting_user=user,
            )
        if done:
            return redirect("cockpit:round", made.pk)
    aimed_at = period if periods.is_period(period) else next_period(previous)
    return show(
        request,
        "evaluations/planning/follow.html",
        "按上一轮新建轮次",
        **heading(previous),
        carried=carried,
        form=form,
        twin=twin_of(carried.version, aimed_at) if aimed_at else None,
        status=422 if form.is_bound and form.errors else 200,
    )
