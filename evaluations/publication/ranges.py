"""The lowest and highest value that each of several unknowns can have, given bounds and linear statements.

An exact linear programme: the simplex method for variables with two bounds, in fractions.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction

Interval = tuple[Fraction, Fraction]
ZERO = Fraction(0)


class Ranges:
    """Unknowns within bounds, each with its true value, so that a solution is known from the start.

    A statement is a sum of unknowns, each times its weight, that lies in an interval. It is kept as one more
    variable: some variables (`rows`) are written as sums of the others, and a step moves one of the others
    until a bound is met. The first candidate in order moves, so no step is repeated for ever.
    """

    def __init__(self, bounds: Mapping[Hashable, Interval], truth: Mapping[Hashable, Fraction]) -> None:
        self.order = {key: place for place, key in enumerate(bounds)}
        self.value = dict(truth)
        self.bounds = {key: _around(bounds[key], truth[key]) for key in bounds}
        self.rows: dict[Hashable, dict[Hashable, Fraction]] = {}

    def state(self, name: Hashable, weights: Mapping[Hashable, Fraction], interval: Interval) -> None:
        """Add a statement; nothing may have been asked before."""
        self.order[name] = len(self.order)
        self.rows[name] = {key: weight for key, weight in weights.items() if weight}
        self.value[name] = sum((weight * self.value[key] for key, weight in weights.items()), ZERO)
        self.bounds[name] = _around(interval, self.value[name])

    def of(self, key: Hashable) -> Interval:
        """Return the lowest and highest value of an unknown."""
        return self._furthest(key, -1), self._furthest(key, 1)

    def _furthest(self, key: Hashable, sign: int) -> Fraction:
        while self.value[key] != self._bound(key, sign):
            if key not in self.rows:
                self._move(key, sign)
                continue
            ways = ((other, sign if weight > 0 else -sign) for other, weight in self.rows[key].items())
            open_ways = [way for way in ways if self.value[way[0]] != self._bound(*way)]
            if not open_ways:
                break
            self._move(*min(open_ways, key=lambda way: self.order[way[0]]))
        return self.value[key]

    def _bound(self, key: Hashable, sign: int) -> Fraction:
        return self.bounds[key][sign > 0]

    def _move(self, key: Hashable, sign: int) -> None:
        """Move a variable as far as the bounds allow; a row that stops it changes places with it."""
        step, stopped_by = abs(self._bound(key, sign) - self.value[key]), None
        for name in sorted(self.rows, key=self.order.__getitem__):
            weight = self.rows[name].get(key)
            if weight:
                way = sign if weight > 0 else -sign
                room = abs((self._bound(name, way) - self.value[name]) / weight)
                if room < step:
                    step, stopped_by = room, name
        self.value[key] += sign * step
        for name, row in self.rows.items():
            if key in row:
                self.value[name] += row[key] * sign * step
        if stopped_by is not None:
            self._swap(stopped_by, key)

    def _swap(self, name: Hashable, key: Hashable) -> None:
        row = self.rows.pop(name)
        weight = row.pop(key)
        solved = {other: -coefficient / weight for other, coefficient in row.items()}
        solved[name] = 1 / weight
        for other_row in self.rows.values():
            factor = other_row.pop(key, ZERO)
            if factor:
                for other, coefficient in solved.items():
                    total = other_row.get(other, ZERO) + factor * coefficient
                    if total:
                        other_row[other] = total
                    else:
                        other_row.pop(other, None)
        self.rows[key] = solved


def _around(interval: Interval, value: Fraction) -> Interval:
    """The interval; where a rounded statement excludes the truth, up to the truth."""
    return min(interval[0], value), max(interval[1], value)
