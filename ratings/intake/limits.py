"""Against stuffing, in the memory of the process alone: nothing about a phone is written anywhere.

A phone is known by a keyed hash of its address and what its browser says of itself; the key dies with the
process, and what is counted is forgotten every night. Two alike phones behind one address look the same, so
what is noticed here is held for a person to look at and never refused.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

MOST_KEPT = 100_000
MOST_A_MINUTE = 600  # stored ratings of all together: what is beyond is told to wait
MOST_OF_ONE = 60  # forms of any kind from one address in a minute: a hall's network is one, a script, too

KEY = secrets.token_bytes(32)


@dataclass
class Seen:
    """Which phones have rated which code today, and when a code was rated last."""

    clock: Callable[[], float] = time.monotonic
    most_a_minute: int = MOST_A_MINUTE
    most_of_one: int = MOST_OF_ONE
    most_kept: int = MOST_KEPT
    day: date | None = None
    phones: set[bytes] = field(default_factory=set)
    recent: dict[int, deque[float]] = field(default_factory=dict)
    last_minute: deque[float] = field(default_factory=deque)
    minute: float = 0.0
    addresses: Counter[bytes] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def seconds_to_wait(self, address: str) -> int:
        """Note that a form came from an address; return how long it has to wait, if at all.

        One address is held off by its own forms first: what it sends in vain shuts nobody else out.
        """
        mark = _mark(address)
        with self.lock:
            now = self.clock()
            if now - self.minute >= 60:
                self.minute = now
                self.addresses.clear()
            if mark in self.addresses or len(self.addresses) < self.most_kept:
                self.addresses[mark] += 1
            if self.addresses[mark] > self.most_of_one:
                return int(60 - (now - self.minute)) + 1
            self._forget(now)
            if len(self.last_minute) >= self.most_a_minute:
                return int(60 - (now - self.last_minute[0])) + 1
            return 0

    def note_stored(self) -> None:
        """Note that a rating was stored, which counts for everybody together."""
        with self.lock:
            now = self.clock()
            self._forget(now)
            self.last_minute.append(now)

    def rated_before(self, phone: str, code: int, today: date) -> bool:
        """Note that a phone rated a code today; return whether it had."""
        mark = _mark(f"{code} {phone}")
        with self.lock:
            self._turn(today)
            if mark in self.phones:
                return True
            if len(self.phones) < self.most_kept:
                self.phones.add(mark)
            return False

    def is_burst(self, code: int, most: int, minutes: int, today: date) -> bool:
        """Note that a code was rated; return whether that is more than `most` within `minutes`."""
        with self.lock:
            self._turn(today)
            now = self.clock()
            times = self.recent.setdefault(code, deque(maxlen=most + 1))
            times.append(now)
            return len(times) > most and now - times[0] < minutes * 60

    def _forget(self, now: float) -> None:
        while self.last_minute and now - self.last_minute[0] >= 60:
            self.last_minute.popleft()

    def _turn(self, today: date) -> None:
        if self.day != today:
            self.day = today
            self.phones.clear()
            self.recent.clear()


def _mark(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="replace"), key=KEY, digest_size=12).digest()


seen = Seen()
