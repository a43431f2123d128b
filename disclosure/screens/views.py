"""A screen's page, its frames, and the worker that keeps both where the network is gone."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from disclosure.screens.frames import Frame, frame_of, frames_of
from disclosure.screens.places import Place, place_of
from disclosure.screens.turns import turns_of
from office import dates

ASKS_AFTER = 240  # seconds; somebody taken down is gone from a screen within five minutes
NO_CACHE = cache_control(no_cache=True)
LOOK = ("screens/screen.css", "screens/screen.js")


@require_safe
@NO_CACHE
def screen(request: HttpRequest, place: str) -> HttpResponse:
    """The page that is opened once; without script it goes from frame to frame by itself."""
    where = _place(place)
    part, _, number = request.GET.get("frame", "").partition(".")
    frame, (next_part, next_number) = frame_of(where, timezone.localdate(), _number(part), _number(number))
    now = timezone.now()
    context: dict[str, Any] = {
        "place": where,
        "frame": frame,
        "html": _html(frame),
        "next": f"{next_part}.{next_number}",
        "made": now,
        "made_at": _milliseconds(now),
        "persons_hours": settings.SCREEN_PERSONS_HOURS,
        "asks_after": ASKS_AFTER,
        "look": _look(),
    }
    return render(request, "disclosure/screens/screen.html", context)


@require_safe
@NO_CACHE
def frames(request: HttpRequest, place: str) -> JsonResponse:
    """All frames of a place, in turns; `version` changes with what they show, never with the hour."""
    found = frames_of(_place(place), timezone.localdate())
    turns = turns_of(found)
    told = {
        "order": [at for turn in turns for at in turn],
        "turns": [len(turn) for turn in turns],
        "frames": [{"key": one.key, "seconds": one.seconds, "html": _html(one)} for one in found],
    }
    version = sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
    now = timezone.now()
    about = {
        "version": version,
        "look": _look(),
        "made": _milliseconds(now),
        "said": dates.moment(now),
    }
    return JsonResponse(about | told)


@require_safe
@NO_CACHE
def worker(request: HttpRequest) -> HttpResponse:
    """The script stands among the screens, because it may keep only what lies below its own address."""
    content = Path(str(finders.find("screens/worker.js"))).read_bytes()
    response = HttpResponse(content, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/screen/"
    return response


def _place(key: str) -> Place:
    found = place_of(key)
    if found is None:
        raise Http404
    return found


def _html(frame: Frame) -> SafeString:
    return render_to_string(frame.template, {"frame": frame, **frame.data})


def _look() -> str:
    """A mark of the page's style and script: another one lets a screen open its page anew."""
    return sha256("".join(map(static, LOOK)).encode()).hexdigest()[:16]


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
