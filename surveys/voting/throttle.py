"""Slowing down wrong codes, in memory only; a good code is never kept waiting.

Thousands of voters may share one carrier's address, so an address may mistype generously often,
and only the answer to a wrong code changes. Nothing about an address leaves this process: it is
kept as a keyed hash whose key dies with the process.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW = 300.0  # seconds
PER_ADDRESS = 60  # wrong codes of one address in a window
OVERALL = 3000  # wrong codes of all addresses in a window
MOST_ADDRESSES = 10_000
KEY = secrets.token_bytes(32)


@dataclass
class Throttle:
    clock: Callable[[], float] = time.monotonic
    started: float = 0.0
    overall: int = 0
    by_address: dict[bytes, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wrong(self, address: str) -> int:
        """Note a wrong code; return the seconds to wait, 0 while within the limits.

        Without an address only the overall limit holds.
        """
        mark = hashlib.blake2b(address.encode(), key=KEY, digest_size=12).digest()
        with self.lock:
            now = self.clock()
            if not self.started or now - self.started >= WINDOW:
                self.started, self.overall = now, 0
                self.by_address.clear()
            self.overall += 1
            if address and (mark in self.by_address or len(self.by_address) < MOST_ADDRESSES):
                self.by_address[mark] = self.by_address.get(mark, 0) + 1
            if self.by_address.get(mark, 0) <= PER_ADDRESS and self.overall <= OVERALL:
                return 0
            return int(WINDOW - (now - self.started)) + 1


throttle = Throttle()
