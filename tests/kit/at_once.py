"""Several people at the same moment, each in a thread with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

from office.errors import Refused

Answer = TypeVar("Answer")
DONE = "done"


def together(*acts: Callable[[], Answer]) -> list[Answer]:
    """What each of the acts gave, in their order; all start at once."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Answer]) -> Answer:
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each of the acts came to: `DONE`, or the refusal. Those that were done come first."""

    def said(act: Callable[[], object]) -> str:
        try:
            act()
        except Refused as refusal:
            return str(refusal)
        return DONE

    found = together(*((lambda act=act: said(act)) for act in acts))
    return sorted(found, key=lambda one: (one != DONE, one))
