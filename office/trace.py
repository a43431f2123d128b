"""The number of a request, which its log lines, its error page and the jobs that it starts carry (编号).

Set for no page of voters, reporters and raters: a number in two logs would join what must stay apart (YC-R6).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import token_hex

LONGEST = 64
KEY = "sanliang.trace"  # where the environment of a request keeps it
WELL_FORMED = re.compile(rf"[0-9A-Za-z-]{{8,{LONGEST}}}")

before_the_end: list[Callable[[], object]] = []
"""What has to leave a process that ends at once, as those of jobs do."""

_number: ContextVar[str] = ContextVar("number of the request", default="")
_job: ContextVar[int | None] = ContextVar("job at work", default=None)


def number() -> str:
    """Return the number of the request, or of the one that started the job at work; empty for neither."""
    return _number.get()


def new() -> str:
    return token_hex(16)  # as nginx makes them


@contextmanager
def under(number: str, *, job: int | None = None) -> Iterator[None]:
    tokens = _number.set(number), _job.set(job)
    try:
        yield
    finally:
        _number.reset(tokens[0])
        _job.reset(tokens[1])


class Traced(logging.Filter):
    """Gives each record `trace`: the number, and the job at work."""

    def filter(self, record: logging.LogRecord) -> bool:
        job = _job.get()
        parts = [f"job-{job}"] if job is not None else []
        record.trace = " ".join([*parts, _number.get() or _of_its_request(record)]).strip() or "-"
        return True


def _of_its_request(record: logging.LogRecord) -> str:
    """Django logs what it answered when all middleware has ended."""
    return str(getattr(getattr(record, "request", None), "META", {}).get(KEY, ""))
