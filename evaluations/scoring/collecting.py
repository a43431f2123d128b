"""The collector of cyclic garbage rests while a round is read, scored and written.

A county's round is hundreds of thousands of small objects, none of them in a cycle. Python's collector
walks through all of them again and again as they grow in number, which made a person cost more in a large
round than in a small one. Reference counts free them just the same, so nothing is kept longer.
"""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def without_collecting(work: Callable[P, R]) -> Callable[P, R]:
    """The same function, during which the collector rests; afterwards it is as it was before."""

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
