"""A rate with its fraction; no cases are no rate, and only a whole is 100."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from office.definitions.numbers import shown

NONE = "—"
WHOLE, NEARLY = "100.00", "99.99"


@dataclass(frozen=True)
class Share:
    count: int
    of: int

    @property
    def number(self) -> str:
        """Per cent with two places, rounded half up, never up to 100."""
        if not self.of:
            return NONE
        text = shown(Fraction(self.count * 100, self.of), 2)
        return NEARLY if text == WHOLE and self.count != self.of else text

    @property
    def fraction(self) -> str:
        return f"{self.count}/{self.of}"

    def __str__(self) -> str:
        return f"{self.number}%（{self.fraction}）" if self.of else NONE

    def stored(self) -> dict[str, int | str]:
        return {"count": self.count, "of": self.of, "number": self.number}
