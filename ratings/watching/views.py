"""The page of the inspectorate and the leading group: they read all and judge nothing."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.figures.months import Month
from office.workbench.pages import require, show
from ratings.judging.queries import act_in_words, reason_label
from ratings.watching import standing


@never_cache
@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    """Exclusions of a month by unit, each judgment with its two people, what is held too long."""
    require(request, "rating.watch")
    today = timezone.localdate()
    this = Month.of(today)
    month = Month.read(request.GET.get("month", "")) or this
    month = min(month, this)
    first, last = standing.past_days_of(month, today)
    judged = standing.judged_between(first, month.moved(1).first - timedelta(days=1))
    return show(
        request,
        "ratings/watching/watch.html",
        "评价排除监督",
        month=month,
        earlier=month.moved(-1),
        later=month.moved(1) if month < this else None,
        first=first,
        last=last,
        units=standing.excluded_by_unit(first, last),
        judged=[(one, act_in_words(one), reason_label(one)) for one in judged[: standing.MOST]],
        number=judged.count(),
        held=standing.held_too_long(today),
    )
