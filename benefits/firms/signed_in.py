"""Who is signed in as a firm: a signed cookie for these pages alone, for half an hour; a new code ends it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from benefits.models import Firm

COOKIE = "firm"
SALT = "benefits.firm"
LASTS = timedelta(minutes=30)
FOLDER = "/benefits/"
BEGINNING = 12  # of the mark of the code: a new code ends what was opened with the old one


def sign_in(response: HttpResponse, firm: Firm) -> HttpResponse:
    response.set_signed_cookie(
        COOKIE,
        f"{firm.pk}:{firm.access_mark[:BEGINNING]}",
        salt=SALT,
        max_age=LASTS,
        path=FOLDER,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def sign_out(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=FOLDER, samesite="Lax")
    return response


def the_firm(request: HttpRequest) -> Firm | None:
    try:
        text = request.get_signed_cookie(COOKIE, salt=SALT, max_age=LASTS)
    except (KeyError, signing.BadSignature):
        return None
    number, _, mark = (text or "").partition(":")
    firm = Firm.objects.filter(pk=number, is_cancelled=False).first()
    return firm if firm and mark and firm.access_mark.startswith(mark) else None
