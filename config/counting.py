"""How many requests a process answered, how, and how fast; nothing of voters, reporters and raters (YC-R6).

Read every few seconds, a count that a vote moves would say when somebody voted. So those paths, what their
pages load and every static file, which they share, are not counted at all: not by path, not in a sum.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterator
from threading import Lock
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.logs import SILENT, is_answered_apart
from config.openmetrics import Family, Sample

LIMITS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))
PROBES = ("/livez", "/healthz", "/readyz", "/metrics")


def is_counted(path: str) -> bool:
    apart = is_answered_apart(path) or path.startswith((*SILENT, settings.STATIC_URL))
    return not apart and path not in PROBES


class Counts:
    """The figures of one process, from its start."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.by_status: dict[str, int] = {}
        self.by_limit = [0] * len(LIMITS)
        self.seconds = 0.0

    def add(self, status: int, seconds: float) -> None:
        with self.lock:
            kind = f"{status // 100}xx"
            self.by_status[kind] = self.by_status.get(kind, 0) + 1
            self.by_limit[bisect_left(LIMITS, seconds)] += 1
            self.seconds += seconds

    def families(self) -> Iterator[Family]:
        process = {"process": str(os.getpid())}
        with self.lock:
            by_status, by_limit, seconds = dict(self.by_status), list(self.by_limit), self.seconds
        yield Family(
            "sanliang_requests",
            "counter",
            "Requests answered by this process since its start, by class of status; none of voters' pages.",
            [
                Sample(count, {**process, "status": kind}, "_total")
                for kind, count in sorted(by_status.items())
            ],
        )
        samples = [
            Sample(
                sum(by_limit[: place + 1]),
                {**process, "le": "+Inf" if limit == LIMITS[-1] else str(limit)},
                "_bucket",
            )
            for place, limit in enumerate(LIMITS)
        ]
        samples += [Sample(sum(by_limit), process, "_count"), Sample(seconds, process, "_sum")]
        meaning = "How long the answers of this process took; none of voters' pages."
        yield Family("sanliang_request_seconds", "histogram", meaning, samples)


counts = Counts()


class Counting:
    """First of all middleware, so that what it measures is what a reader waits for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_counted(request.path_info):
            return self.get_response(request)
        began = perf_counter()
        response = self.get_response(request)
        counts.add(response.status_code, perf_counter() - began)
        return response
