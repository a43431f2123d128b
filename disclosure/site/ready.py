"""Answers that are ready: the home page and published files that name nobody, kept in the process' memory.

A county looks at its results all at once, on the day they come out. What is kept is the whole answer, headers
included, as it left the first time; so this middleware stands before all others and asks nothing but, at most
once a second, whether anything was published, corrected or rendered since. Files that name persons are never
kept: somebody taken down is gone at once.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

from disclosure.models import PERSONS_SUFFIX, Publication

HOME = "/"
RESULTS = "/results/"
MOST_BYTES, LARGEST = 32 * 1024 * 1024, 1024 * 1024
Key = tuple[str, str]
BESIDE_CONTENT = 2048
"""Bytes that an answer takes beside its content: headers, key, places in tables."""


@dataclass(slots=True)
class Ready:
    content: bytes
    headers: dict[str, str]
    until: float  # of the home page; a file of a publication holds as long as nothing was published
    is_asked_again: bool = False

    @property
    def size(self) -> int:
        return len(self.content) + BESIDE_CONTENT


class ReadyAnswers:
    """Keeps and gives answers; several threads of a process share one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.lock = Lock()
        self.kept: OrderedDict[Key, Ready] = OrderedDict()
        self.bytes = 0
        self.state: object = None
        self.looked_at = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if request.method not in ("GET", "HEAD") or not (path == HOME or path.startswith(RESULTS)):
            return self.get_response(request)
        try:
            request.get_host()  # refused like anywhere else, but no part of the key: no page names its host
        except DisallowedHost:
            return self.get_response(request)
        key = (request.scheme or "", path)  # the query is read by none of these pages; WeChat adds one
        found = self._find(key, may_renew=request.method == "GET")
        if found is not None:
            return _answer(request, found)
        state = self.state
        try:
            response = self.get_response(request)
            if request.method == "GET":
                self._keep(key, request, response, state)
        finally:
            self._let_ask_again(key)
        return response

    def _find(self, key: Key, *, may_renew: bool) -> Ready | None:
        now = time.monotonic()
        with self.lock:
            looks = now - self.looked_at >= settings.READY_SECONDS
            if looks:
                self.looked_at = now
        if looks:
            self._look()
        with self.lock:
            found = self.kept.get(key)
            if found is None:
                return None
            if now >= found.until and may_renew and not found.is_asked_again:
                found.is_asked_again = True  # this request makes it anew; others still get the old one
                return None
            self.kept.move_to_end(key)
            return found

    def _look(self) -> None:
        """Forget everything when what is published has changed."""
        rows = Publication.objects.order_by("pk").values_list("pk", "directory", "is_current")
        state = tuple(rows)
        with self.lock:
            if state != self.state:
                self.state = state
                self.kept.clear()
                self.bytes = 0

    def _let_ask_again(self, key: Key) -> None:
        """An answer that could not be made anew, by a failure or a refusal, is not given for ever."""
        with self.lock:
            if old := self.kept.get(key):
                old.is_asked_again = False

    def _keep(self, key: Key, request: HttpRequest, response: HttpResponseBase, state: object) -> None:
        """Keep an answer, unless something was published since it was begun: it may be of before."""
        if not isinstance(response, HttpResponse) or not _may_be_kept(request, response):
            return
        now = time.monotonic()
        lasts = settings.READY_HOME_SECONDS if key[1] == HOME else float("inf")
        if lasts <= 0:
            return
        one = Ready(response.content, dict(response.items()), now + lasts)
        with self.lock:
            if state != self.state:
                return
            old = self.kept.pop(key, None)
            self.bytes += one.size - (old.size if old else 0)
            self.kept[key] = one
            while self.bytes > MOST_BYTES:
                _, gone = self.kept.popitem(last=False)
                self.bytes -= gone.size


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    if response.status_code != HTTPStatus.OK or match is None or response.cookies:
        return False
    if "Cookie" in response.get("Vary", "") or len(response.content) > LARGEST:
        return False
    file = str(match.kwargs.get("file", ""))
    names_nobody = match.url_name == "published" and not file.endswith((PERSONS_SUFFIX, ".pdf"))
    return match.url_name in ("home", "results", "results-archive") or names_nobody


def _answer(request: HttpRequest, found: Ready) -> HttpResponse:
    etag = found.headers.get("ETag")
    if etag and etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(found.content)  # the server leaves it out for HEAD
    for name, value in found.headers.items():
        if response.content or name not in ("Content-Type", "Content-Length"):
            response[name] = value
    return response
