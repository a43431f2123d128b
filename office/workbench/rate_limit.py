"""Limit requests per address and minute, for search and login only.

Of searches every one counts, of passwords and codes only the wrong ones: a training room of forty behind
one address comes in.

The voters' paths have a limit of their own (surveys.throttle): there a good code never waits.
Addresses are kept as keyed hashes, for a minute.
"""

from __future__ import annotations

import contextlib
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

    @property
    def counts_failures_only(self) -> bool:
        """A form that was accepted leads on to another page."""
        return self.method == "POST"


def limit_for(method: str, path: str) -> Limit | None:
    asked = "GET" if method == "HEAD" else method  # it tells as much
    return next(
        (
            limit
            for limit in (Limit(*values) for values in settings.RATE_LIMITS)
            if asked == limit.method and path.startswith(limit.path)
        ),
        None,
    )


def seconds_to_wait(limit: Limit, address: str, now: float) -> int:
    """Return 0 while within the limit, else the seconds until the next minute."""
    reached = int(cache.get(_key(limit, address, now)) or 0) >= limit.per_minute
    return MINUTE - int(now % MINUTE) if reached else 0


def count(limit: Limit, address: str, now: float) -> None:
    key = _key(limit, address, now)
    if not cache.add(key, 1, timeout=2 * MINUTE):
        with contextlib.suppress(ValueError):  # forgotten between the two calls
            cache.incr(key)


def _key(limit: Limit, address: str, now: float) -> str:
    hidden = hashlib.blake2b(
        f"{limit.path} {address}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16
    ).hexdigest()
    return f"rate-{hidden}-{int(now // MINUTE)}"
