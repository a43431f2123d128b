"""One department: its persons' figures, then the most detailed figure of its own that reveals nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from evaluations.publication.figures import (
    EXACT_FROM,
    SERVED_ON_DEPARTMENT,
    SERVED_ON_PERSON,
    TOO_FEW,
    UNANIMOUS_BELOW,
    Answers,
    Figure,
    Share,
    answers_in,
    band,
    distribution,
    figure,
    whole,
)
from evaluations.publication.guard import Interval, Part, betrays
from evaluations.publication.rules import Rules
from evaluations.scoring.numbers import exact, half_up, shown

HALF = Fraction(1, 2)
TWO = 2
CELL = 10
"""The fewest answers in every cell of a split by stratum, whatever the threshold for a person."""


@dataclass(frozen=True, slots=True)
class DepartmentFigures:
    """What a department shows of itself and its persons; `parts`: what that leaves open of each person."""

    own: Figure
    persons: Mapping[str, Figure]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class DepartmentCase:
    """A department's result and facts, and the round's choice of what is public of persons.

    `held` are the ids of `corrections.isolating`.
    """

    id: str
    result: Mapping[str, Any]
    facts: Mapping[str, Any]
    rules: Rules
    persons_public: str
    held: frozenset[str] = frozenset()

    @property
    def grade(self) -> str | None:
        grade: str | None = self.result.get("grade")
        return grade

    # --- persons ------------------------------------------------------------------------------------

    def answers_of(self, member: str) -> Answers:
        return answers_in([self.facts["members"][member].get("answers", {})], self.rules)

    def derived(self, member: str) -> bool:
        """Whether a person takes the score from the department or sections and is not averaged."""
        role = self.facts["members"][member].get("role")
        return role in self.rules.from_department or role in self.rules.from_sections

    def person(self, member: str) -> Figure:
        """A rated person's figure without regard to the other figures shown."""
        found = figure(self.result["members"][member], self.answers_of(member), self.rules)
        return replace(found.by_grade_only(), band=None) if member in self.held else found

    def visible(self, found: Figure) -> Figure:
        """The figure as `persons_public` allows; a person who is not named was served the result."""
        if self.persons_public == "all":
            return found
        named = self.persons_public == "top_grades" and found.grade in self.rules.named_grades
        return found if named else Figure(note=SERVED_ON_PERSON)

    # --- the department -----------------------------------------------------------------------------

    def figures(self) -> DepartmentFigures:
        """The first that reveals nobody: all numbers; persons by grade; the department by grade; neither.

        A person shown by the grade alone (few answers, nearly unanimous) is never part of a department's
        published number.
        """
        rated = {member: self.person(member) for member in self.result["members"] if not self.derived(member)}
        persons = {member: self.visible(found) for member, found in rated.items()}
        graded = {member: found.by_grade_only() for member, found in persons.items()}
        own = self.own_figure()
        tries = [(own, persons), (own, graded)]
        if not own.score or any(
            self.few_and_alike(member) and found.grade for member, found in persons.items()
        ):
            tries = []
        tries += [(own.by_grade_only(), persons), (own.by_grade_only(), graded)]
        for candidate, people in tries:
            parts = self.parts(people)
            if not candidate.is_shown or not betrays(
                parts, self.span(candidate, self.answers().n), self.rules.bounds
            ):
                return DepartmentFigures(candidate, {**people, **self.leaders(candidate, people)}, parts)
        hidden = Figure(note=SERVED_ON_DEPARTMENT)
        return DepartmentFigures(hidden, {**graded, **self.leaders(hidden, graded)}, self.parts(graded))

    def persons_by_grade(self, now: DepartmentFigures) -> DepartmentFigures:
        people = {key: f if self.derived(key) else f.by_grade_only() for key, f in now.persons.items()}
        return DepartmentFigures(now.own, people, self.parts(people))

    def answers(self) -> Answers:
        rated = [one for member, one in self.facts["members"].items() if not self.derived(member)]
        tables = [self.facts.get("answers", {}), *(one.get("answers", {}) for one in rated)]
        return answers_in(tables, self.rules)

    def own_figure(self) -> Figure:
        found = figure(self.result, self.answers(), self.rules)
        return replace(found.by_grade_only(), band=None) if self.id in self.held else found

    def few_and_alike(self, member: str) -> bool:
        """Whether a person's answers are so few and so alike that only the grade is shown."""
        answers = self.answers_of(member)
        return self.rules.k <= answers.n < UNANIMOUS_BELOW and answers.near_unanimous()

    def parts(self, people: Mapping[str, Figure], *, pooled: bool = False) -> tuple[Part, ...]:
        """The persons averaged into the department, with what the public knows of each."""
        pooled = pooled or "pooled" in self.result.get("flags", []) or self.rules.always_pooled
        found = []
        for member, public in people.items():
            if self.derived(member):
                continue
            answers, result = self.answers_of(member), self.result["members"][member]
            if answers.total and (pooled or result.get("score") is not None):
                role = self.facts["members"][member].get("role")
                weight = Fraction(answers.total) if pooled else self.rules.role_weights.get(role, Fraction(1))
                withheld = public.score is None and not self.could_show_number(member)
                found.append(Part(weight, self.span(public, answers.n), withheld))
        return tuple(found)

    def could_show_number(self, member: str) -> bool:
        """Whether the person's number is publishable and is left out only to protect others."""
        return self.visible(self.person(member)).score is not None

    def span(self, public: Figure, n: int) -> Interval:
        """The interval of scores that a reader can infer from what is shown."""
        low, high = self.rules.span(public.grade)
        if public.score is not None:
            unit = HALF if n < EXACT_FROM else HALF / 10**self.rules.places
            return max(low, exact(public.score) - unit), min(high, exact(public.score) + unit)
        if public.note == SERVED_ON_PERSON and self.persons_public == "top_grades":
            return low, self.rules.below_named()
        return low, high

    # --- leaders who take their score from elsewhere (domain reading 13) ---------------------------------

    def leaders(self, own: Figure, people: Mapping[str, Figure]) -> dict[str, Figure]:
        """Derived scores reveal no more than their source.

        A leader with the department's score is shown as the department is. A leader with the mean of sections
        is shown by the grade, if that reveals nobody in these sections.
        """
        found = {}
        for member, result in self.result["members"].items():
            if not self.derived(member):
                continue
            if self.facts["members"][member].get("role") in self.rules.from_department:
                public = Figure(own.score, own.grade) if own.is_shown else Figure(note=SERVED_ON_PERSON)
            else:
                public = self.supervising(member, result, people)
            found[member] = self.visible(public)
        return found

    def supervising(self, leader: str, result: Mapping[str, Any], people: Mapping[str, Figure]) -> Figure:
        """The leader's grade, if every section has enough answers and nobody in it is revealed."""
        sections = [
            key for key, one in self.facts.get("sections", {}).items() if one.get("supervised_by") == leader
        ]
        if result.get("score") is None:
            return Figure(note=TOO_FEW)
        scored = [key for key in sections if self.section_answers(key).n]
        public = Figure(grade=result.get("grade"))
        parts = []
        for key in scored:
            answers = self.section_answers(key)
            if answers.n < self.rules.k or (answers.n < UNANIMOUS_BELOW and answers.near_unanimous()):
                return Figure(note=SERVED_ON_PERSON)
            for member in self.members_of(key):
                weight = Fraction(self.answers_of(member).total, answers.total)
                withheld = people[member].score is None and not self.could_show_number(member)
                parts.append(Part(weight, self.span(people[member], self.answers_of(member).n), withheld))
        return (
            Figure(note=SERVED_ON_PERSON)
            if betrays(parts, self.rules.span(public.grade), self.rules.bounds)
            else public
        )

    # --- sections -----------------------------------------------------------------------------------

    def members_of(self, section: str) -> list[str]:
        members = self.facts["members"].items()
        inside = [key for key, one in members if one.get("section") == section and not self.derived(key)]
        return [key for key in inside if self.answers_of(key).total]

    def section_answers(self, section: str) -> Answers:
        return answers_in(
            [self.facts["members"][key].get("answers", {}) for key in self.members_of(section)], self.rules
        )

    def section(self, section: str, now: DepartmentFigures) -> Figure | None:
        """The pooled figure in place of people with too few answers (reading 3).

        Only if every person is shown to have too few (`all`), at least two of them have answers, and the
        department's score is not computed from the same pooled answers.
        """
        members = self.members_of(section)
        result = self.result.get("sections", {}).get(section)
        if self.persons_public != "all" or not result or len(members) < TWO or self.held & set(members):
            return None
        if any(now.persons[key].note != TOO_FEW for key in members) or "pooled" in self.result.get(
            "flags", []
        ):
            return None
        answers = self.section_answers(section)
        found = figure(result, answers, self.rules)
        parts = [
            Part(Fraction(self.answers_of(key).total), self.rules.span(None), withheld=True)
            for key in members
        ]
        if not found.score or betrays(parts, self.span(found, answers.n), self.rules.bounds):
            return None
        return found

    # --- distribution and strata ----------------------------------------------------------------------

    def may_split(self, now: DepartmentFigures) -> bool:
        """Whether all answers about the department may be shown by choice or by stratum.

        A reader can compute the mean of all answers from either, whatever the department's own figure shows,
        so this is guarded like a score.
        """
        answers = self.answers()
        if not now.own.is_shown or not answers.total or self.id in self.held:
            return False
        mean = self._mean(answers)
        parts = self.parts(now.persons, pooled=True)
        return not betrays(parts, (mean - HALF, mean + HALF), self.rules.bounds)

    def distribution(self) -> tuple[Share, ...] | None:
        return distribution(self.answers(), self.rules)

    def strata(self) -> list[tuple[str, str, str]] | None:
        """Each stratum's mean as a whole number, and its band.

        All strata or none: the total would reveal the missing one.
        """
        cells = {name: self._stratum(name) for name in self.strata_names()}
        if len(cells) < TWO or any(f"{self.id}/{name}" in self.held for name in cells):
            return None
        rows = []
        for name, answers in cells.items():
            shown_band = band(answers.n, max(self.rules.k, CELL))
            if shown_band is None or (answers.n < UNANIMOUS_BELOW and answers.near_unanimous()):
                return None
            rows.append((name, shown(half_up(self._mean(answers), 0), 0), shown_band))
        return rows

    def post_stratified(self) -> str | None:
        """The figure weighted by the intended shares; called only if every stratum is shown."""
        found = self.result.get("beside", {}).get("post_stratified") or {}
        if found.get("value") is None:
            return None
        thinnest = min(self._stratum(name).n for name in self.strata_names())
        return whole({"score": found["value"], **found}) if thinnest < EXACT_FROM else str(found["value"])

    def strata_names(self) -> list[str]:
        """The strata that have answers about this department, in the scheme's order, merged ones last."""
        names = {name for one in self._nodes() for name in one.get("answers_by_stratum", {})}
        known = [name for name in self.rules.strata if name in names]
        return [*known, *sorted(names - set(known))]

    def _nodes(self) -> list[Mapping[str, Any]]:
        rated = [one for member, one in self.facts["members"].items() if not self.derived(member)]
        return [self.facts, *rated]

    def _stratum(self, name: str) -> Answers:
        tables = [one.get("answers_by_stratum", {}).get(name, {}) for one in self._nodes()]
        return answers_in(tables, self.rules)

    def _mean(self, answers: Answers) -> Fraction:
        counts = answers.pooled()
        points = sum((self.rules.points[choice] * n for choice, n in counts.items()), Fraction(0))
        return points / sum(counts.values())
