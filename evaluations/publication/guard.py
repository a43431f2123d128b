"""No withheld score may be derived: what a reader can infer from a mean and the parts that are shown.

The reader is assumed to know who is averaged and with which weight (more than the pages say). A total and
what is shown of the other parts bound each withheld part by an interval. A publication reveals a person if
that interval is narrower than two grades (or, where the grade is known, than half of the grade), or if it
determines a grade that is not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

ENOUGH_DOUBT = Fraction(20)
"""The width in points that must remain possible for a person of whom nothing is shown: two grades."""

Interval = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mean: its weight, what the public knows of its value, whether it must stay unknown."""

    weight: Fraction
    known: Interval
    withheld: bool


def remaining(parts: Sequence[Part], total: Interval) -> list[tuple[Part, Interval]]:
    """The values still possible for each withheld part, given `total` and everything known."""
    weights = sum((part.weight for part in parts), Fraction(0))
    lowest = sum((part.weight * part.known[0] for part in parts), Fraction(0))
    highest = sum((part.weight * part.known[1] for part in parts), Fraction(0))
    found: list[tuple[Part, Interval]] = []
    for part in parts:
        if part.withheld and part.weight:
            low = (total[0] * weights - (highest - part.weight * part.known[1])) / part.weight
            high = (total[1] * weights - (lowest - part.weight * part.known[0])) / part.weight
            found.append((part, (max(low, part.known[0]), min(high, part.known[1]))))
    return found


def betrays(parts: Sequence[Part], total: Interval, bounds: Sequence[Fraction]) -> bool:
    """Whether `total` narrows a withheld part too far; `bounds` are the scores between two grades."""
    return any(_narrow(part.known, left, bounds) for part, left in remaining(parts, total))


def _narrow(known: Interval, left: Interval, bounds: Sequence[Fraction]) -> bool:
    doubt = min(ENOUGH_DOUBT, (known[1] - known[0]) / 2)
    return left[1] - left[0] < doubt or (not _one_grade(known, bounds) and _one_grade(left, bounds))


def _one_grade(interval: Interval, bounds: Sequence[Fraction]) -> bool:
    return not any(interval[0] < bound < interval[1] for bound in bounds)
