"""One department: its persons' figures, then the most detailed figure of its own that reveals nobody's."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from evaluations.publication.corrections import cells_of
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
    span,
    unrounded,
    whole,
    wide_band,
)
from evaluations.publication.guard import Statement, Unknown, betrays, ranges
from evaluations.publication.ranges import Interval
from evaluations.publication.rules import Rules
from office.definitions.numbers import half_up, shown

HALF = Fraction(1, 2)
TWO = 2
CELL = 10
"""The fewest answers in every cell of a split by stratum, whatever the threshold for a person."""


@dataclass(frozen=True, slots=True)
class DepartmentFigures:
    """What is shown of a department: its own figure, its persons', its sections'.

    `split`: also the distribution of its answers and their split by stratum, where these have enough.
    """

    own: Figure
    persons: Mapping[str, Figure]
    split: bool = False
    sections: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DepartmentCase:
    """A department's result and facts, and the round's choice of what is public of persons.

    `held` are the ids of `corrections.isolating`; `past` is what is shown of the same department elsewhere,
    which readers put beside it.
    """

    id: str
    result: Mapping[str, Any]
    facts: Mapping[str, Any]
    rules: Rules
    persons_public: str
    held: frozenset[str] = frozenset()
    past: tuple[tuple[DepartmentCase, DepartmentFigures], ...] = ()

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
        hidden = Figure(note=SERVED_ON_DEPARTMENT)
        candidates = [
            with_more
            for candidate, people in (*tries, (hidden, graded))
            for with_more in self.with_less_and_less(candidate, people)
        ]
        return next((one for one in candidates if not self.betrays(one)), candidates[-1])

    def with_less_and_less(self, own: Figure, people: Mapping[str, Figure]) -> Iterator[DepartmentFigures]:
        """The figures with all that may stand beside them; without the split; sections; leaders' grades."""
        leaders = self.leaders(own, people)
        sections = self.sections_shown(people)
        whole = DepartmentFigures(own, {**people, **leaders}, self.may_split(own), sections)
        yield whole
        if whole.split:
            yield (whole := replace(whole, split=False))
        if whole.sections:
            yield (whole := replace(whole, sections={}))
        silent = {key: self.silent(key, found) for key, found in whole.persons.items()}
        if silent != whole.persons:
            yield replace(whole, persons=silent)

    def silent(self, member: str, found: Figure) -> Figure:
        role = self.facts["members"][member].get("role")
        supervises = role in self.rules.from_sections and role not in self.rules.from_department
        return Figure(note=SERVED_ON_PERSON) if supervises and found.is_shown else found

    def beside_rank(self, now: DepartmentFigures, mean: Interval) -> DepartmentFigures | None:
        """What may be shown beside a rank that bounds the mean; None where nothing helps."""
        people = {key: found for key, found in now.persons.items() if not self.derived(key)}
        graded = {key: found.by_grade_only() for key, found in people.items()}
        candidates = [now, *self.with_less_and_less(now.own, people)]
        candidates += self.with_less_and_less(now.own, graded)
        seen = [replace(one, split=one.split and now.split) for one in candidates]
        return next((one for one in seen if not self.betrays(one, mean)), None)

    def answers(self) -> Answers:
        rated = [one for member, one in self.facts["members"].items() if not self.derived(member)]
        tables = [self.facts.get("answers", {}), *(one.get("answers", {}) for one in rated)]
        return answers_in(tables, self.rules)

    def own_figure(self) -> Figure:
        answers = self.answers()
        found = figure(self.result, answers, self.rules)
        if found.band:
            found = replace(found, band=wide_band(answers.n, self.rules.k))
        return replace(found.by_grade_only(), band=None) if self.id in self.held else found

    def few_and_alike(self, member: str) -> bool:
        """Whether a person's answers are so few and so alike that only the grade is shown."""
        answers = self.answers_of(member)
        return self.rules.k <= answers.n < UNANIMOUS_BELOW and answers.near_unanimous()

    # --- what readers can infer -----------------------------------------------------------------------

    def betrays(self, now: DepartmentFigures, mean: Interval | None = None) -> bool:
        """Whether everything shown together, here and in `past`, narrows a withheld score too far.

        `mean` bounds the department's score from elsewhere.
        """
        unknowns, statements = self.inferred(now, mean)
        return betrays(unknowns, statements, self.rules.bounds)

    def mean_left(self, now: DepartmentFigures) -> Interval:
        """The interval that everything shown leaves for the department's score."""
        unknowns, statements = self.inferred(now, self.rules.span(None))
        if not statements or not any(statements[0].weights.values()):
            return self.rules.span(now.own.grade)
        return ranges(unknowns, statements).of(("mean", 0))

    def inferred(
        self, now: DepartmentFigures, mean: Interval | None
    ) -> tuple[dict[Hashable, Unknown], list[Statement]]:
        unknowns: dict[Hashable, Unknown] = {}
        statements: list[Statement] = []
        for case, figures, bound in ((self, now, mean), *((*one, None) for one in self.past)):
            for member in case.rated_with_answers():
                key, found = case.unknown_key(member), case.unknown(member, figures)
                unknowns[key] = _both(unknowns[key], found) if key in unknowns else found
            statements += case.statements(figures, bound)
        return unknowns, statements

    def rated_with_answers(self) -> list[str]:
        members = self.result["members"]
        return [one for one in members if not self.derived(one) and self.answers_of(one).total]

    def unknown_key(self, member: str) -> Hashable:
        """A person with the same answers in two publications is one unknown."""
        return member, frozenset(cells_of(self.facts["members"][member].get("answers", {}), member).items())

    def unknown(self, member: str, figures: DepartmentFigures) -> Unknown:
        public, result = figures.persons.get(member, Figure()), self.result["members"][member]
        truth = self._mean(self.answers_of(member)) if result.get("score") is None else unrounded(result)
        withheld = public.score is None and not self.could_show_number(member)
        return Unknown(self.span(public), withheld, truth)

    def statements(self, figures: DepartmentFigures, mean: Interval | None) -> list[Statement]:
        found = []
        low, high = span(figures.own, self.rules) if figures.own.is_shown else self.rules.span(None)
        if mean is not None:
            low, high = max(low, mean[0]), min(high, mean[1])
        if mean is not None or figures.own.is_shown:
            found.append(Statement(self.averaged(), (low, high)))
        if figures.split:
            middle = self._mean(self.answers())
            everybody = self.by_answers(self.rated_with_answers())
            found.append(Statement(everybody, (middle - HALF, middle + HALF)))
        for section, public in figures.sections.items():
            pooled = self.by_answers(self.members_of(section))
            found.append(Statement(pooled, span(public, self.rules)))
        for leader, public in figures.persons.items():
            supervised = self.supervised_by(leader)
            if supervised and public.is_shown:
                weights: dict[Hashable, Fraction] = {}
                for section in supervised:
                    inside = self.by_answers(self.members_of(section))
                    whole = sum(inside.values(), Fraction(0))
                    weights |= {key: weight / whole for key, weight in inside.items() if whole}
                found.append(Statement(weights, span(public, self.rules)))
        return found

    def averaged(self) -> dict[Hashable, Fraction]:
        """The persons averaged into the department, with their weights."""
        if "pooled" in self.result.get("flags", []) or self.rules.always_pooled:
            return self.by_answers(self.rated_with_answers())
        scored = [m for m in self.rated_with_answers() if self.result["members"][m].get("score") is not None]
        roles = {member: self.facts["members"][member].get("role") for member in scored}
        weights = self.rules.role_weights
        return {self.unknown_key(m): weights.get(roles[m], Fraction(1)) for m in scored}

    def by_answers(self, members: Iterable[str]) -> dict[Hashable, Fraction]:
        return {self.unknown_key(member): Fraction(self.answers_of(member).total) for member in members}

    def could_show_number(self, member: str) -> bool:
        """Whether the person's number is publishable and is left out only to protect others."""
        return self.visible(self.person(member)).score is not None

    def span(self, public: Figure) -> Interval:
        """The interval of scores that a reader can infer from what is shown of one person."""
        if public.score is None and public.note == SERVED_ON_PERSON and self.persons_public == "top_grades":
            return self.rules.lowest, self.rules.below_named()
        return span(public, self.rules)

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
                public = self.supervising(member, result)
            found[member] = self.visible(public)
        return found

    def supervised_by(self, leader: str) -> list[str]:
        role = self.facts["members"][leader].get("role")
        if role not in self.rules.from_sections or role in self.rules.from_department:
            return []
        sections = self.facts.get("sections", {}).items()
        return [key for key, one in sections if one.get("supervised_by") == leader]

    def supervising(self, leader: str, result: Mapping[str, Any]) -> Figure:
        """The leader's grade, if every section has enough answers."""
        sections = self.supervised_by(leader)
        if result.get("grade") is None or not sections or set(sections) & self.held:
            return Figure(note=SERVED_ON_PERSON)
        for key in sections:
            answers = self.section_answers(key)
            if answers.n < self.rules.k or (answers.n < UNANIMOUS_BELOW and answers.near_unanimous()):
                return Figure(note=SERVED_ON_PERSON)
        return Figure(grade=result["grade"])

    # --- sections -----------------------------------------------------------------------------------

    def members_of(self, section: str) -> list[str]:
        members = self.facts["members"].items()
        inside = [key for key, one in members if one.get("section") == section and not self.derived(key)]
        return [key for key in inside if self.answers_of(key).total]

    def section_answers(self, section: str) -> Answers:
        return answers_in(
            [self.facts["members"][key].get("answers", {}) for key in self.members_of(section)], self.rules
        )

    def sections_shown(self, people: Mapping[str, Figure]) -> dict[str, Figure]:
        sections = {one.get("section") for one in self.facts["members"].values()} & set(
            self.facts.get("sections", {})
        )
        found = {key: self.section(key, people) for key in sorted(sections)}
        return {key: public for key, public in found.items() if public}

    def section(self, section: str, people: Mapping[str, Figure]) -> Figure | None:
        """The pooled figure in place of people with too few answers (reading 3).

        Only if every person is shown to have too few (`all`), at least two of them have answers, and the
        department's score is not computed from the same pooled answers.
        """
        members = self.members_of(section)
        result = self.result.get("sections", {}).get(section)
        if self.persons_public != "all" or not result or len(members) < TWO or self.held & set(members):
            return None
        if any(people[key].note != TOO_FEW for key in members) or "pooled" in self.result.get("flags", []):
            return None
        found = figure(result, self.section_answers(section), self.rules)
        return found if found.score else None

    # --- distribution and strata ----------------------------------------------------------------------

    def may_split(self, own: Figure) -> bool:
        """Whether all answers about the department may be shown by choice or by stratum, for themselves.

        A reader can compute the mean of all answers from either, whatever the department's own figure shows,
        so this is guarded like a score.
        """
        enough = self.distribution() or self.strata()
        return bool(own.is_shown and enough and self.id not in self.held)

    def distribution(self) -> tuple[Share, ...] | None:
        return distribution(self.answers(), self.rules)

    def strata(self) -> list[tuple[str, str, str]] | None:
        """Each stratum's mean as a whole number, and its band.

        All strata or none: the total would reveal the missing one.
        """
        cells = {name: self.stratum(name) for name in self.strata_names()}
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
        thinnest = min(self.stratum(name).n for name in self.strata_names())
        return (
            whole({"score": found["value"], **found}, self.rules)
            if thinnest < EXACT_FROM
            else str(found["value"])
        )

    def strata_names(self) -> list[str]:
        """The strata that have answers about this department, in the scheme's order, merged ones last."""
        names = {name for one in self._nodes() for name in one.get("answers_by_stratum", {})}
        known = [name for name in self.rules.strata if name in names]
        return [*known, *sorted(names - set(known))]

    def _nodes(self) -> list[Mapping[str, Any]]:
        rated = [one for member, one in self.facts["members"].items() if not self.derived(member)]
        return [self.facts, *rated]

    def stratum(self, name: str) -> Answers:
        tables = [one.get("answers_by_stratum", {}).get(name, {}) for one in self._nodes()]
        return answers_in(tables, self.rules)

    def _mean(self, answers: Answers) -> Fraction:
        counts = answers.pooled()
        points = sum((self.rules.points[choice] * n for choice, n in counts.items()), Fraction(0))
        return points / sum(counts.values())


def _both(one: Unknown, other: Unknown) -> Unknown:
    """The same score in two publications: what both leave open."""
    known = max(one.known[0], other.known[0]), min(one.known[1], other.known[1])
    if known[0] > known[1]:  # one of them only says “not named”, which covers every score with few answers
        known = one.known if one.known[0] <= one.truth <= one.known[1] else other.known
    return Unknown(known, one.withheld and other.withheld, one.truth)
