"""A slip as it leaves the printer; nothing of it is stored but the hash of its code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PrintedSlip:
    """One slip on its way to paper; exists in memory only."""

    key_id: str
    code: str
    url: str
