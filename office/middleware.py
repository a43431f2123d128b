"""Middleware of the office, never run for voters: client address, session clock, duties."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from office import audit
from office.accounts import client
from office.accounts import views as account_views
from office.accounts.sessions import BEGAN, SEEN
from office.models import User
from office.workbench import rate_limit

OFFICE = "/office/"
APART = ("/v/", "/b/", "/report/", "/p/", "/visits/", "/r/")
TOUCH_EVERY = 60  # seconds; a write per click would be one too many
WITHOUT_DUTIES = {"login", "logout", "jsi18n", "account-token"}
UNATTENDED = {"job-progress"}  # asked for by an open page, whether or not anybody sits before it

Next = Callable[[HttpRequest], HttpResponse]


class ClientAddress:
    """Keep the address of an office request for the audit; never that of a voter or a reporter."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = None if request.path.startswith(APART) else client.address(request)
        token = audit.client_address.set(known)
        try:
            return self.get_response(request)
        finally:
            audit.client_address.reset(token)


class NoNul:
    """Refuse a query with a NUL, which no text of the house has and PostgreSQL cannot look for."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            return render(request, "400.html", status=400)
        return self.get_response(request)


class RateLimit:
    """Answer 429 to an address that searches or tries passwords too often."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = rate_limit.limit_for(request.method or "", request.path)
        if limit is None:
            return self.get_response(request)
        address = client.address(request) or ""
        if wait := rate_limit.seconds_to_wait(limit, address, time.time()):
            refusal = render(request, "429.html", {"wait": wait}, status=429)
            refusal["Retry-After"] = str(wait)
            return refusal
        response = self.get_response(request)
        if not limit.counts_failures_only or response.status_code != HTTPStatus.FOUND:
            rate_limit.count(limit, address, time.time())
        return response


class SignedIn:
    """End sessions that are idle or too long, and see to what comes before all work.

    Idle sessions end because the store forgets them after SESSION_COOKIE_AGE; each minute of use
    writes them again. Nobody works with a one-time password or without the second factor asked for.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OFFICE) and request.user.is_authenticated:
            now = time.time()
            if now - request.session.get(BEGAN, now) > settings.SESSION_LONGEST:
                logout(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not request.path.startswith(OFFICE) or not isinstance(request.user, User):
            return None
        here = request.resolver_match.url_name if request.resolver_match else None
        now = time.time()
        if here not in UNATTENDED and now - request.session.get(SEEN, 0) > TOUCH_EVERY:
            request.session[SEEN] = now
        if here in WITHOUT_DUTIES:
            return None
        duty = account_views.duty_of(request, request.user)
        if duty is None or duty == here:
            return None
        wanted = {"next": request.get_full_path()} if request.method == "GET" else {}
        return HttpResponseRedirect(f"{reverse(f'admin:{duty}')}?{urlencode(wanted)}".rstrip("?"))
