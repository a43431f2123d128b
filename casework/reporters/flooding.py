"""Limits against flooding and guessing, in the memory of the process alone.

An address or a number is kept as a keyed hash whose key dies with the process, and forgotten with the
window. What floods is held for a person to look at, not lost; only what never ends is told to wait.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_KEPT = 20_000
KEY = secrets.token_bytes(32)


@dataclass
class Counts:
    """How often each of many happened within a window of seconds; all are forgotten together."""

    window: float
    clock: Callable[[], float] = time.monotonic
    started: float = 0.0
    kept: dict[bytes, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str) -> int:
        """Count one more and return how many there are; beyond what is kept nothing new is counted."""
        mark = _mark(what)
        with self.lock:
            self._turn()
            if mark in self.kept or len(self.kept) < MOST_KEPT:
                self.kept[mark] = self.kept.get(mark, 0) + 1
            return self.kept.get(mark, 0)

    def of(self, what: str) -> int:
        with self.lock:
            self._turn()
            return self.kept.get(_mark(what), 0)

    def forget(self, what: str) -> None:
        with self.lock:
            self.kept.pop(_mark(what), None)

    def minutes_left(self) -> int:
        return int((self.window - (self.clock() - self.started)) // 60) + 1

    def _turn(self) -> None:
        now = self.clock()
        if not self.started or now - self.started >= self.window:
            self.started = now
            self.kept.clear()


def _mark(what: str) -> bytes:
    return hashlib.blake2b(what.encode(errors="replace"), key=KEY, digest_size=12).digest()


def _pair(number: str, address: str) -> str:
    return f"pair {number} {address}"


EVERYBODY = "everybody"


@dataclass
class Guesses:
    """Wrong codes: a handful for one number, more for one address, which many may share.

    The code of a firm has no number beside it, and is too long to be guessed from many addresses. Where
    everybody knows the numbers, the handful is `per_pair`, for one number from one address, and `per_number`
    many more: else anybody could lock out whom they like.
    """

    per_number: int = 5
    per_address: int = 30
    per_pair: int | None = None
    counts: Counts = field(default_factory=lambda: Counts(window=600))

    def minutes_to_wait(self, number: str, address: str) -> int:
        """Return 0 while a try is let through, the same whether or not there is such a number."""
        reached = bool(number) and self.counts.of(f"number {number}") >= self.per_number
        reached |= bool(address) and self.counts.of(f"address {address}") >= self.per_address
        reached |= self.per_pair is not None and self.counts.of(_pair(number, address)) >= self.per_pair
        return self.counts.minutes_left() if reached else 0

    def wrong(self, number: str, address: str) -> None:
        if number:
            self.counts.add(f"number {number}")
        if address:
            self.counts.add(f"address {address}")
        if self.per_pair is not None:
            self.counts.add(_pair(number, address))

    def right(self, number: str, address: str = "") -> None:
        self.counts.forget(f"number {number}")
        self.counts.forget(_pair(number, address))


@dataclass
class Reports:
    """Reports that come in: many from one address, or very many at all, wait for a person to look at them."""

    held_per_address: int = 5
    most_per_address: int = 60
    held_a_minute: int = 30
    by_address: Counts = field(default_factory=lambda: Counts(window=3600))
    of_all: Counts = field(default_factory=lambda: Counts(window=60))

    def minutes_to_wait(self, address: str) -> int:
        reached = bool(address) and self.by_address.of(address) >= self.most_per_address
        return self.by_address.minutes_left() if reached else 0

    def came(self, address: str) -> str:
        """Count a report; return why it has to be looked at before it counts, or nothing."""
        mine = self.by_address.add(address) if address else 0
        if mine > self.held_per_address:
            return "同一网络短时间内多次提交"
        if self.of_all.add(EVERYBODY) > self.held_a_minute:
            return "短时间内大量提交"
        return ""


guesses = Guesses()
firm_guesses = Guesses()
reports = Reports()
