from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from casework.plates.qr import drawn
from departments.models import Hall
from ratings.shown.screen import AT_ONCE, screen_of

KEPT = 60  # seconds
TURNS_AFTER, ASKS_AFTER = 20, 600  # seconds until the next windows are shown; until it is asked for again


@require_safe
@cache_control(public=True, max_age=KEPT)
def screen(request: HttpRequest, hall_id: int) -> HttpResponse:
    """The screen of a hall; it goes to its next windows, and begins again, by itself."""
    hall = get_object_or_404(Hall, pk=hall_id)
    found = screen_of(hall, timezone.localdate())
    page = Paginator(found.windows if found else [], AT_ONCE).get_page(request.GET.get("page"))
    several = page.paginator.num_pages > 1
    origin, slash, code = found.address.rpartition("/r/") if found else ("", "", "")
    context: dict[str, Any] = {
        "origin": origin,
        "path": f"{slash}{code}",
        "hall": hall,
        "screen": found,
        "page": page,
        "next": (page.number % page.paginator.num_pages + 1) if several else 1,
        "seconds": TURNS_AFTER if several else ASKS_AFTER,
        "qr": drawn(found.address, f"{hall}评价码") if found and found.address else "",
    }
    return render(request, "ratings/shown/screen.html", context)
