"""How sure published scores are, from what is published alone: scores, grades, bands, distributions.

Whoever knows the pages could compute the same, so an interval betrays nobody. It is wider than the one the
centre sees: the fewest ballots or answers of their bands stand for their number (whoever says 不了解情况 of
all adds none), the rounded distribution (or none) for how alike the answers are, and a score in whole
numbers may be half a point off. How unequally the answers fall on a unit's people is not public: where they
do, the centre's interval can be the wider one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from evaluations.confidence import Bounds, Sample, of_mean, of_sum, places, stays_within
from evaluations.publication.figures import fewest_in
from evaluations.publication.rules import Rules
from evaluations.publication.unit_parts import UnitRules
from evaluations.publication.view import NO_BALLOTS, Likely, PublicDepartment, PublicGroup, PublicView
from evaluations.scoring.scheme import Scheme
from office.definitions.numbers import exact

Grades = Sequence[tuple[str, Fraction | None]]
"""From the best to the worst, with lower bounds."""
EVERYTHING = (float("-inf"), float("inf"))
HALF = 0.5


def grades_of(scheme: Scheme) -> Grades:
    found = scheme.grades.bands if scheme.grades else ()
    return tuple((one.grade, one.lower) for one in found)


def with_likely(view: PublicView, rules: Rules | UnitRules, grades: Grades) -> PublicView:
    """The view with an interval beside every score that has one."""
    of = _of_persons(rules) if isinstance(rules, Rules) else _of_parts()
    return replace(view, groups=tuple(_in_group(group, of, grades) for group in view.groups))


def _in_group(
    group: PublicGroup, of: Callable[[PublicDepartment], Bounds | None], grades: Grades
) -> PublicGroup:
    bounds = {one.id: of(one) if one.figure.score else None for one in group.departments}
    ranks = _ranks(group, bounds, grades)
    departments = []
    for one in group.departments:
        found, (best, worst) = bounds[one.id], ranks.get(one.id, (None, None))
        likely = found and _likely(one, found, grades, best, worst)
        missing = NO_BALLOTS if one.figure.score is not None and found is None else ""
        departments.append(replace(one, likely=likely, no_range=one.no_range or missing))
    return replace(group, departments=tuple(departments))


def _likely(
    one: PublicDepartment, bounds: Bounds, grades: Grades, best: int | None, worst: int | None
) -> Likely:
    """Its grade is judged by the bounds as they are written, so that readers see the same."""
    low, high = _written(one, bounds)
    return Likely(low, high, _steady((float(low), float(high)), one.figure.grade, grades), best, worst)


def _ranks(
    group: PublicGroup, bounds: Mapping[str, Bounds | None], grades: Grades
) -> dict[str, tuple[int, int]]:
    """The range of every rank that is shown, among all that are ranked, whether their rank is shown or not.

    Of those that show no figure readers know only how many they are: each may be behind or before.
    """
    around = {
        one.id: bounds[one.id] or _of_grade(one.figure.grade, grades)
        for one in group.departments
        if one.rank is not None or (one.is_ranked and one.figure.is_shown)
    }
    found = places(around)
    ranked = [one for one in group.departments if one.rank is not None]
    silent = {one.id: max(0, one.ranked_of - len(around)) for one in ranked}
    return {
        one.id: (found[one.id][0], min(one.ranked_of, found[one.id][1] + silent[one.id])) for one in ranked
    }


def _of_persons(rules: Rules) -> Callable[[PublicDepartment], Bounds | None]:
    def bounds(one: PublicDepartment) -> Bounds | None:
        if one.figure.score is None or one.ballots is None:
            return None
        size = min(fewest_in(shown) for shown in (one.ballots, one.figure.band) if shown)
        low, high = float(rules.lowest), float(rules.highest)
        sample = None
        if one.distribution:
            shares: dict[float, float] = {}
            for row in one.distribution:
                value = float(rules.points[row.choice])
                shares[value] = shares.get(value, 0.0) + row.percent
            sample = Sample(shares, size, low, high)
        score = float(exact(one.figure.score))
        return _wider(of_mean(score, size, low, high, sample), one.figure.score, low, high)

    return bounds


def _of_parts() -> Callable[[PublicDepartment], Bounds | None]:
    def bounds(one: PublicDepartment) -> Bounds | None:
        if one.figure.score is None or one.sampled is None:
            return None
        parts = []
        for part in one.sampled:
            value, low, high = float(exact(part.value)), float(Fraction(part.low)), float(Fraction(part.high))
            interval = _wider(of_mean(value, part.fewest, low, high), part.value, low, high)
            parts.append((float(Fraction(part.weight)), value, interval))
        total = float(exact(one.figure.score))
        reach = [
            (
                float(Fraction(part.weight)),
                float(exact(part.value)),
                (float(Fraction(part.low)), float(Fraction(part.high))),
            )
            for part in one.sampled
        ]
        lowest = total - sum(weight * (value - low) for weight, value, (low, _) in reach)
        highest = total + sum(weight * (high - value) for weight, value, (_, high) in reach)
        return _wider(of_sum(total, parts), one.figure.score, lowest, highest)

    return bounds


def _wider(bounds: Bounds, score: str, low: float, high: float) -> Bounds:
    """A score in whole numbers may be half a point away from what it stands for."""
    half = 0.0 if "." in score else HALF
    return max(low, bounds[0] - half), min(high, bounds[1] + half)


def _of_grade(grade: str | None, grades: Grades) -> Bounds:
    upper = float("inf")
    for name, lower in grades:
        below = float("-inf") if lower is None else float(lower)
        if name == grade:
            return below, upper
        upper = below
    return EVERYTHING


def _steady(bounds: Bounds, grade: str | None, grades: Grades) -> bool | None:
    if grade is None:
        return None
    lowest, highest = _of_grade(grade, grades)
    return stays_within(bounds, lowest, highest if highest != float("inf") else None)


def _written(one: PublicDepartment, bounds: Bounds) -> tuple[str, str]:
    """Outwards to one decimal, to whole numbers beside a whole number; the score where nothing is unsure."""
    if one.figure.score and bounds[0] == bounds[1]:
        return one.figure.score, one.figure.score
    scale = 10 if "." in (one.figure.score or "") else 1
    low, high = floor(bounds[0] * scale + 1e-9) / scale, ceil(bounds[1] * scale - 1e-9) / scale
    return (f"{low:.1f}", f"{high:.1f}") if scale > 1 else (f"{low:.0f}", f"{high:.0f}")
