"""A unit of a scheme that judges no persons: of its figures the most detailed that betrays nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from evaluations.publication.figures import SERVED_ON_DEPARTMENT, TOO_FEW, Figure, unrounded, wide_band
from evaluations.publication.ranges import Interval
from evaluations.publication.unit_parts import Inference, Leaf, UnitRules, changed, rounded
from evaluations.publication.view import RosterDepartment, Shown
from evaluations.scoring.facts import Facts
from evaluations.scoring.steps.mark_mean import MarkMean
from office.definitions.numbers import exact, shown

Stored = Mapping[str, Any]
INCOMPLETE = "暂不计分"
"""A part is missing without which the scheme gives no score; the derivation says which."""
TOO_FEW_CODES = ("too_few_answers", "no_valid_answers")


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """What is shown of a unit: its own figure, and which secret parts stand beside it."""

    own: Figure
    parts: frozenset[str] = frozenset()


@dataclass(slots=True)
class Unit:
    roster: RosterDepartment
    result: Stored
    rules: UnitRules
    leaves: list[Leaf]
    inference: Inference
    figures: UnitFigures
    pool: str
    rank: int | None = None
    tied: bool = False
    ranked_of: int = 0
    ballots: int = 0

    @property
    def places(self) -> int:
        return self.rules.scheme.score.places

    @property
    def is_coarse(self) -> bool:
        return any(leaf.secret.is_coarse for leaf in self.inference.secrets if leaf.secret)

    def total(self) -> Interval | None:
        """The bounds of the total that its own figure gives; None where it gives none.

        Beside its grade a whole number says on which side of the grade's bound it is: the highest of a grade
        can stand for anything below the bound, and the lowest for nothing below it.
        """
        own, grade = self.figures.own, self._of_grade()
        if own.score is None:
            return grade
        number = exact(own.score)
        unit = Fraction(1) if self.is_coarse else Fraction(1, 10**self.places)
        low, high = number - unit / 2, number + unit / 2
        if grade is None or not self.is_coarse:
            return low, high
        finest = Fraction(1, 2 * 10**self.places)  # grades are of scores with so many places
        highest = grade[1] - finest
        return max(low, grade[0] - finest), highest if number + 1 >= grade[1] else min(high, highest)

    def _of_grade(self) -> Interval | None:
        """What the grade alone says of the total; a veto says nothing of it."""
        own, grades = self.figures.own, self.rules.scheme.grades
        if own.grade is None or grades is None or "vetoed" in self.result.get("flags", []):
            return None
        lower = {one.grade: one.lower for one in grades.bands}
        better = [one.lower for one in grades.bands[: grades.position(own.grade)]]
        low = lower[own.grade]
        return (
            Fraction(low) if low is not None else Fraction(-(10**6)),
            Fraction(better[-1] or 0) if better else Fraction(10**6),
        )


def case_of(
    row: RosterDepartment,
    outcome: Stored,
    facts: Facts,
    rules: UnitRules,
    past: Sequence[tuple[Shown, Facts]],
) -> Unit:
    result = outcome["subjects"][row.id]
    leaves = rules.leaves(row.id, result["derivation"], facts.subjects[row.id])
    before = [
        rules.leaves(row.id, one.outcome["subjects"][row.id]["derivation"], read.subjects[row.id])
        for one, read in past
        if row.id in read.subjects
    ]
    held = any(changed(leaves, one) for one in before)
    total = None if result.get("exact") is None else unrounded(result)
    unit = Unit(
        roster=row,
        result=result,
        rules=rules,
        leaves=leaves,
        inference=Inference(rules, leaves, total, held),
        figures=UnitFigures(Figure()),
        pool=rules.scheme.pool_of(row.group),
    )
    for candidate in _candidates(unit):
        unit.figures = candidate
        if not unit.inference.betrays(candidate.parts, unit.total()):
            break
    return unit


def _candidates(unit: Unit) -> Iterator[UnitFigures]:
    alone, result = unit.inference.alone(), unit.result
    n = band_of(unit)
    if result.get("score") is None:
        few = any(_is_few(leaf) for leaf in unit.leaves)
        yield UnitFigures(Figure(grade=result.get("grade"), note=TOO_FEW if few else INCOMPLETE), alone)
        return
    found = Figure(_number(unit), result.get("grade"), n)
    if not unit.inference.held:
        yield UnitFigures(found, alone)
        yield UnitFigures(found, frozenset())
    if found.grade:
        by_grade = replace(found.by_grade_only(), band=None if unit.inference.held else n)
        yield UnitFigures(by_grade, alone)
        yield UnitFigures(by_grade, frozenset())
    yield UnitFigures(Figure(note=SERVED_ON_DEPARTMENT), frozenset())


def _is_few(leaf: Leaf) -> bool:
    return leaf.value is None and leaf.stored.get("withheld") in TOO_FEW_CODES


def band_of(unit: Unit) -> str | None:
    """The band of those who answered, where voters gave one part; a panel is no number of voters."""
    secrets = [leaf for leaf in unit.inference.secrets if not isinstance(leaf.step, MarkMean)]
    asked = [leaf.secret for leaf in secrets if leaf.secret]
    return wide_band(asked[0].n) if len(asked) == 1 else None


def _number(unit: Unit) -> str:
    """Whole below 50 ballots, half up, but never one of a better grade than its own."""
    if not unit.is_coarse:
        return str(unit.result["score"])
    number = rounded(unrounded(unit.result), coarse=True, places=unit.places)
    grades, grade = unit.rules.scheme.grades, unit.result.get("grade")
    if grades and grade and "vetoed" not in unit.result.get("flags", []):
        better = [one.lower for one in grades.bands[: grades.position(grade)]]
        if better and better[-1] is not None and number >= better[-1]:
            number -= 1
    return shown(number, 0)
