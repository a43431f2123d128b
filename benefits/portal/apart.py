"""How the pages of firms answer: kept by no device and no cache; each step lets the firm stay."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from benefits.claims.checking import platform_alone
from benefits.firms.signed_in import COOKIE, FOLDER, stay, the_firm
from benefits.models import Firm
from benefits.rules import rules

FirmView = Callable[..., HttpResponse]


def for_firms(view: FirmView) -> FirmView:
    """Hand the view the firm that is signed in, or None; keep what it answers out of every cache."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        firm = the_firm(request)
        response = view(request, firm, *args, **kwargs)
        if firm is not None and COOKIE not in response.cookies:
            stay(request, response, firm)
        _keep_form_cookie_here(request, response)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"  # without a referrer at all the form's origin is lost
        return response

    return answer


def _keep_form_cookie_here(request: HttpRequest, response: HttpResponse) -> None:
    """Forms are checked as the office's are; only that cookie belongs to the office's paths, this to ours."""
    if not request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        return
    response.set_cookie(
        settings.CSRF_COOKIE_NAME,
        request.META["CSRF_COOKIE"],
        path=FOLDER,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False


def page(
    request: HttpRequest,
    template: str,
    title: str,
    *,
    firm: Firm | None = None,
    status: int = HTTPStatus.OK,
    **context: Any,
) -> HttpResponse:
    told = {"title": title, "firm": firm, "rules": rules()[1], "platform": platform_alone()}
    return render(request, f"benefits/portal/{template}.html", {**told, **context}, status=status)


def said(request: HttpRequest, title: str, to_do: str, status: int, firm: Firm | None = None) -> HttpResponse:
    """One sentence about what happened, one about the way on."""
    return page(request, "said", title, firm=firm, status=status, to_do=to_do)
