"""Limit requests per address and minute, for search and login only.

The voters' paths have a limit of their own (surveys.throttle): there a good code never waits.
Addresses are kept as keyed hashes, for a minute.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

MINUTE = 60


@dataclass(frozen=True)
class Limit:
    """So many requests of one method to addresses that begin with `path`, per address and minute."""

    method: str
    path: str
    per_minute: int


def limit_for(method: str, path: str) -> Limit | None:
    return next(
        (
            limit
            for limit in (Limit(*values) for values in settings.RATE_LIMITS)
            if method == limit.method and path.startswith(limit.path)
        ),
        None,
    )


def seconds_to_wait(limit: Limit, address: str, now: float) -> int:
    """Count a request; return 0 while within the limit, else the seconds until the next minute."""
    minute = int(now // MINUTE)
    hidden = hashlib.blake2b(
        f"{limit.path} {address}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16
    ).hexdigest()
    key = f"rate-{hidden}-{minute}"
    if cache.add(key, 1, timeout=2 * MINUTE):
        return 0
    try:
        count = cache.incr(key)
    except ValueError:  # forgotten between the two calls
        return 0
    return MINUTE - int(now % MINUTE) if count > limit.per_minute else 0
