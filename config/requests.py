"""Take or make the number of a request; none for voters, reporters and raters."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.counting import is_counted
from office import trace

HEADER = "X-Request-ID"


class Numbered:
    """Before all that may fail, so that its line in the log has the number; the proxy's number holds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_counted(request.path_info):
            return self.get_response(request)
        number = _given(request) or trace.new()
        request.META[trace.KEY] = number
        with trace.under(number):
            response = self.get_response(request)
            if not response.has_header(HEADER):
                response[HEADER] = number
            return response


def _given(request: HttpRequest) -> str:
    """Only a proxy's: whoever else names a number could put another's into the log."""
    given = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
    return given if trace.WELL_FORMED.fullmatch(given) else ""
