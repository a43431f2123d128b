"""Answer voters, reporters and raters without session, user or messages; a hall votes at once."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import ResolverMatch, is_valid_path, resolve

from config.logs import is_answered_apart


class VotersApart:
    """Answer /v/, /b/, /report/, /p/, /visits/ and /r/ here; only what stands before sees who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Do for such a page what the skipped middleware would have done."""
        if not is_answered_apart(request.path_info):
            return self.get_response(request)
        request.get_host()  # refuses a foreign name
        typed = f"{request.path_info}/"
        if not is_valid_path(request.path_info) and is_valid_path(typed):  # typed by hand, without its end
            return HttpResponsePermanentRedirect(typed)
        match: ResolverMatch = resolve(request.path_info)
        request.resolver_match = match
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        if isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response
