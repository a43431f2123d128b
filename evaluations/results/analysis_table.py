"""The tables of which the analysis of a result is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from office.definitions.numbers import half_up, shown

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One part of the analysis; without rows it says why."""

    title: str
    headings: Row
    rows: tuple[Row, ...]
    says: str = ""
    empty: str = ""
    numbers: frozenset[int] = field(default_factory=frozenset)
    """Columns of numbers."""

    @property
    def cells(self) -> list[list[tuple[str, str, bool]]]:
        """Each row as heading, cell, and whether it is a number."""
        return [
            [(self.headings[place], cell, place in self.numbers) for place, cell in enumerate(row)]
            for row in self.rows
        ]


def percent(share: Fraction) -> str:
    return f"{shown(half_up(share * 100, 1), 1)}%"
