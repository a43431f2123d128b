"""A cache in Redis that goes on in the memory of the process while Redis is away or mute."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

SILENCE = 10.0
"""Seconds in which Redis is not asked again: else every request would wait for it."""

logger = logging.getLogger(__name__)


class RedisOrMemory(BaseCache):
    """What is counted in memory meanwhile holds for one process, as it does without Redis."""

    _silent_until = 0.0  # of the class: what one thread has found out, all know

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._redis = RedisCache(server, params)
        self._memory = LocMemCache("while-redis-is-away", {**params, "OPTIONS": {}})

    def _ask(self, name: str, *args: Any, **options: Any) -> Any:
        if monotonic() >= RedisOrMemory._silent_until:
            try:
                return getattr(self._redis, name)(*args, **options)
            except (RedisError, OSError) as error:
                RedisOrMemory._silent_until = monotonic() + SILENCE
                logger.warning("cache: Redis does not answer (%s)", type(error).__name__)
        return getattr(self._memory, name)(*args, **options)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._ask("add", key, value, timeout=timeout, version=version))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._ask("get", key, default, version=version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._ask("set", key, value, timeout=timeout, version=version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._ask("touch", key, timeout=timeout, version=version))

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._ask("delete", key, version=version))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        """Add to a count; ValueError where there is none, as of any cache."""
        return int(self._ask("incr", key, delta, version=version))

    def clear(self) -> None:
        self._ask("clear")
        self._memory.clear()
