"""What everybody reads of ratings, without account, cookie or script; answers may be kept for minutes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from departments.models import Department
from ratings.shown import public
from ratings.shown.screen import halls_with_screens

KEPT = 300  # seconds


@require_safe
@cache_control(public=True, max_age=KEPT)
def units(request: HttpRequest) -> HttpResponse:
    """All units of a month, the last one that is over if none is asked for."""
    months = public.months(timezone.localdate())
    asked = request.GET.get("month", "")
    month = _month(asked, months) if asked else next(iter(months), None)
    context: dict[str, Any] = {
        "months": months,
        "month": month,
        "halls": halls_with_screens(),
        "lists": public.units_of(month) if month else [],
        "nav": "ratings",
    }
    return render(request, "ratings/shown/units.html", context)


@require_safe
@cache_control(public=True, max_age=KEPT)
def unit(request: HttpRequest, unit_id: int, month: str) -> HttpResponse:
    """One unit and month: the sum, its windows, its aspects, and what counts."""
    found = get_object_or_404(Department, pk=unit_id)
    months = public.months(timezone.localdate())
    asked = _month(month, months)
    parts = public.unit_of(found, asked)
    if not parts:
        raise Http404
    at = months.index(asked)
    context: dict[str, Any] = {
        "unit": found,
        "month": asked,
        "parts": parts,
        "earlier": months[at + 1] if at + 1 < len(months) else None,
        "later": months[at - 1] if at else None,
        "nav": "ratings",
    }
    return render(request, "ratings/shown/unit.html", context)


def _month(text: str, months: list[date]) -> date:
    """Return a month that is over, written as 2026-09."""
    found = next((one for one in months if one.isoformat()[:7] == text), None)
    if found is None:
        raise Http404
    return found
