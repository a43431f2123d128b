"""Who is signed in as a firm: a signed cookie for these pages alone; leaving and a new code end it."""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db.models import F
from django.http import HttpRequest, HttpResponse

from benefits.models import Firm
from benefits.rules import rules

COOKIE = "firm"
SALT = "benefits.firm"
FOLDER = "/benefits/"
BEGINNING = 12  # of the mark of the code: a new code ends what was opened with the old one


def sign_in(response: HttpResponse, firm: Firm, *, began: int | None = None) -> HttpResponse:
    """Let a firm in until it is idle for too long; `began` in seconds of the epoch, else now."""
    began = int(time.time()) if began is None else began
    response.set_signed_cookie(
        COOKIE,
        f"{_names(firm)}:{began}",
        salt=SALT,
        max_age=_idle(),
        path=FOLDER,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def stay(request: HttpRequest, response: HttpResponse, firm: Firm) -> HttpResponse:
    """Count the idle time from now on; the longest time goes on from when the firm signed in."""
    return sign_in(response, firm, began=_told(request)[1])


def sign_out(response: HttpResponse, firm: Firm | None) -> HttpResponse:
    if firm is not None:
        Firm.objects.filter(pk=firm.pk).update(times_left=F("times_left") + 1)
    response.delete_cookie(COOKIE, path=FOLDER, samesite="Lax")
    return response


def the_firm(request: HttpRequest) -> Firm | None:
    names, began = _told(request)
    longest = timedelta(hours=rules()[1].access.longest_hours)
    if not names or time.time() - began >= longest.total_seconds():
        return None
    firm = Firm.objects.filter(pk=names.partition(":")[0], is_cancelled=False).first()
    return firm if firm and firm.access_mark and _names(firm) == names else None


def _names(firm: Firm) -> str:
    return f"{firm.pk}:{firm.access_mark[:BEGINNING]}:{firm.times_left}"


def _told(request: HttpRequest) -> tuple[str, int]:
    """Return what a cookie that holds says of the firm, and when it signed in."""
    try:
        text = request.get_signed_cookie(COOKIE, salt=SALT, max_age=_idle()) or ""
    except (KeyError, signing.BadSignature):
        return "", 0
    names, _, began = text.rpartition(":")
    return (names, int(began)) if names.count(":") == 2 and began.isdecimal() else ("", 0)


def _idle() -> timedelta:
    return timedelta(minutes=rules()[1].access.idle_minutes)
