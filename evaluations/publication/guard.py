"""No withheld score may be derived: what a reader can infer from all that is shown together.

The reader is assumed to know who is averaged and with which weight (more than the pages say). Everything
shown of a department, in every publication of the round, makes statements about its persons' scores; the
scores that fulfil all of them together leave an interval for each withheld one. A publication reveals a
person if that interval is narrower than two grades (or, where the grade is known, than half of the grade),
or if it determines a grade that is not shown.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluations.publication.ranges import Interval, Ranges

ENOUGH_DOUBT = Fraction(20)
"""The width in points that must remain possible for a person of whom nothing is shown: two grades."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A person's score: what is shown of it alone, whether it must stay unknown, and what it is."""

    known: Interval
    withheld: bool
    truth: Fraction


@dataclass(frozen=True, slots=True)
class Statement:
    """A mean of scores, of which a reader knows the interval: weights need no common sum."""

    weights: Mapping[Hashable, Fraction]
    interval: Interval


def ranges(unknowns: Mapping[Hashable, Unknown], statements: Sequence[Statement]) -> Ranges:
    """The statement at place n is asked for as `("mean", n)`."""
    bounds = {key: one.known for key, one in unknowns.items()}
    found = Ranges(bounds, {key: one.truth for key, one in unknowns.items()})
    for place, statement in enumerate(statements):
        whole = sum(statement.weights.values(), Fraction(0))
        if whole:
            weights = {key: weight / whole for key, weight in statement.weights.items()}
            found.state(("mean", place), weights, statement.interval)
    return found


def remaining(
    unknowns: Mapping[Hashable, Unknown], statements: Sequence[Statement]
) -> Iterator[tuple[Hashable, Interval]]:
    """The values still possible for each withheld score, given all statements together."""
    possible = ranges(unknowns, statements)
    for key, one in unknowns.items():
        if one.withheld:
            yield key, possible.of(key)


def betrays(
    unknowns: Mapping[Hashable, Unknown], statements: Sequence[Statement], bounds: Sequence[Fraction]
) -> bool:
    """Whether the statements narrow a withheld score too far; `bounds` are the scores between two grades."""
    return any(_narrow(unknowns[key].known, left, bounds) for key, left in remaining(unknowns, statements))


def _narrow(known: Interval, left: Interval, bounds: Sequence[Fraction]) -> bool:
    doubt = min(ENOUGH_DOUBT, (known[1] - known[0]) / 2)
    return left[1] - left[0] < doubt or (not _one_grade(known, bounds) and _one_grade(left, bounds))


def _one_grade(interval: Interval, bounds: Sequence[Fraction]) -> bool:
    return not any(interval[0] < bound < interval[1] for bound in bounds)
