"""Pauses Python's garbage collector while a round is read, scored and written.

A county's round is hundreds of thousands of small objects, none of them in a cycle. The collector
would walk through all of them again and again as their number grows, so that a person would cost more
in a large round than in a small one. Reference counting frees them just the same: nothing is kept longer.
"""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def without_collecting(work: Callable[P, R]) -> Callable[P, R]:
    """The same function with the collector paused; afterwards the collector is as it was before."""

    @wraps(work)
    def quietly(*args: P.args, **kwargs: P.kwargs) -> R:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.enable()

    return quietly
