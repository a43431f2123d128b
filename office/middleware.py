"""The one piece of middleware the office needs: who asks, for the audit."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from office import audit

VOTER_PATHS = ("/v/", "/b/")


class ClientAddress:
    """Keep the address of an office request for the audit; never that of a voter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the address for the time of this request."""
        header = "HTTP_X_REAL_IP" if settings.BEHIND_PROXY else "REMOTE_ADDR"
        known = None if request.path.startswith(VOTER_PATHS) else request.META.get(header)
        token = audit.client_address.set(known or None)
        try:
            return self.get_response(request)
        finally:
            audit.client_address.reset(token)
