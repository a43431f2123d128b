"""Divide an amount between levels of government (分担): to the cent, and the parts sum to the whole. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")


def divided(amount: Decimal, percents: Sequence[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Return what each level bears; each part is cut to the cent and the last one bears the rest."""
    found: dict[str, Decimal] = {}
    left = amount
    for place, (level, percent) in enumerate(percents, start=1):
        is_last = place == len(percents)
        part = left if is_last else (amount * percent / 100).quantize(CENT, ROUND_DOWN)
        left -= part
        if part > 0:
            found[level] = part
    return found
