"""The screen of a hall: one page that is opened once and then looks after itself."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from departments.models import Hall
from disclosure.screens.frames import COUNTY, frames_of
from office import dates
from office.workbench.pages import require, show

NO_CACHE = cache_control(no_cache=True)  # somebody taken down must be gone when it is asked for again
SECONDS, ASKS_AFTER = 15, 300


def place_of(place: str) -> Hall | None:
    """The hall of an address; None for the county. Raises `Http404` for no place."""
    if place == COUNTY:
        return None
    found = Hall.objects.filter(pk=place).first() if place.isdecimal() and len(place) < 10 else None
    if found is None:
        raise Http404
    return found


def _content(hall: Hall | None) -> dict[str, Any]:
    now = timezone.localtime()
    frames = frames_of(hall, now.date())
    html = format_html_join(
        "", '<section class="frame {}">{}</section>', ((one.kind, one.html) for one in frames)
    )
    return {
        "version": hashlib.sha256(html.encode()).hexdigest()[:16],
        "made": dates.moment(now),
        "html": html,
    }


@require_safe
@NO_CACHE
def screen(request: HttpRequest, place: str) -> HttpResponse:
    hall = place_of(place)
    context = {
        "hall": hall,
        "content": _content(hall),
        "seconds": SECONDS,
        "asks_after": ASKS_AFTER,
        "county_name": settings.COUNTY_NAME,
        "demo": settings.DEMO,
    }
    return render(request, "disclosure/screens/screen.html", context)


@require_safe
@NO_CACHE
def content(request: HttpRequest, place: str) -> JsonResponse:
    """What the page asks for every few minutes: the same frames, and a version that changes with them."""
    return JsonResponse(_content(place_of(place)), json_dumps_params={"ensure_ascii": False})


def screens(request: HttpRequest) -> HttpResponse:
    """The addresses of all screens, to be opened once on the device that shows them."""
    require(request, "round.view")
    rows = [(settings.COUNTY_NAME, COUNTY), *((hall.name, str(hall.pk)) for hall in Hall.objects.all())]
    found = [
        {"name": name, "url": f"{settings.PUBLIC_ORIGIN}{reverse('hall-screen', args=[place])}"}
        for name, place in rows
    ]
    return show(request, "disclosure/screens/screens.html", "公示屏", screens=found)


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the screen on a device that is switched on without a network.

    It has to come from the folder of the screens: a browser lets it serve nothing else.
    """
    text = Path(str(finders.find("screens/worker.js"))).read_bytes()
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")
