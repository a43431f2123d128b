"""A rate with its fraction: never rounded up to all of them, never down to none. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NONE = "—"
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; without cases there is no rate, and 100.00 means every one of them."""

    part: int
    whole: int

    @property
    def percent(self) -> str:
        if self.whole == 0:
            return NONE
        exact = Decimal(100) * self.part / self.whole
        rounded = exact.quantize(HUNDREDTH, ROUND_HALF_UP)
        if self.part < self.whole:
            rounded = min(rounded, 100 - HUNDREDTH)
        return str(max(rounded, HUNDREDTH) if self.part else rounded)

    @property
    def fraction(self) -> str:
        return f"{self.part}/{self.whole}"

    def __str__(self) -> str:
        return f"{self.percent}%（{self.fraction}）" if self.whole else NONE
