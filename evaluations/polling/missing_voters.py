"""What to do before the close where a kind of voter is missing (reading 5): how many more, in which towns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from departments.models import Town
from evaluations.polling.shares import Share
from surveys.sittings.figures import TownRow

MOST_TOWNS = 5


@dataclass(frozen=True)
class Advice:
    """One kind that is short: about how many more have to come, and which towns can still invite some."""

    name: str
    more: int
    towns: tuple[tuple[Town, int], ...]

    @property
    def room(self) -> int:
        return sum(number for _, number in self.towns)


def advice(returns: Sequence[Share], rows: Sequence[TownRow], tolerance: Fraction) -> list[Advice]:
    """Return what is advised for every kind that is short; the numbers come from rounded returns."""
    total = sum(one.number for one in returns)
    return [
        Advice(one.name, more_needed(one.number, total, one.due - tolerance), _towns(one.name, rows))
        for one in returns
        if one.due is not None and one.is_short
    ]


def more_needed(number: int, total: int, least: Fraction) -> int:
    """Return the smallest x for which (number + x) of (total + x) is at least `least` per cent."""
    missing = (least * total - 100 * number) / (100 - least)
    return max(0, -(-missing.numerator // missing.denominator))


def _towns(name: str, rows: Sequence[TownRow]) -> tuple[tuple[Town, int], ...]:
    room = [(row.town, cell.left) for row in rows for cell in row.cells if cell.stratum.name == name]
    return tuple(sorted((each for each in room if each[1]), key=lambda each: -each[1])[:MOST_TOWNS])
