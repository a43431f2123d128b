"""The public view of a result: a tree of what may be shown. Code that renders it adds nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluations.publication.corrections import isolating
from evaluations.publication.department import DepartmentCase, DepartmentFigures
from evaluations.publication.figures import TOO_FEW, Figure, Share, wide_band
from evaluations.publication.ranges import Interval
from evaluations.publication.rules import Rules, Saying

ALL, TOP_GRADES, NONE = "all", "top_grades", "none"
HIDDEN_PART, VETOED, NO_BALLOTS = "hidden_part", "vetoed", "no_ballots"
"""Why a shown score has no interval: a part that voters gave is not shown alone; the grade is by a veto; so
few ballots touched the unit (or nobody knows how many) that not even their band is shown."""


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """A person on the frozen list, in display order."""

    id: str
    name: str
    post: str
    section: str


@dataclass(frozen=True, slots=True)
class RosterDepartment:
    """A department on the frozen list, in 机构序列 order, with its people."""

    id: str
    name: str
    group: str
    persons: tuple[RosterPerson, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """One line of a public derivation: rule, clause, value as shown; never a count or an exact value."""

    label: str
    clause: str
    says: str
    value: str = ""
    parts: tuple[Node, ...] = ()
    because: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class PublicPerson:
    """A person with what may be shown of the result; `basis` is the rule behind the score."""

    id: str
    name: str
    post: str
    figure: Figure
    basis: Saying


@dataclass(frozen=True, slots=True)
class PublicSection:
    """A section's people and, if each has too few answers, the section's pooled figure."""

    id: str
    name: str
    persons: tuple[PublicPerson, ...]
    figure: Figure | None = None

    @property
    def listed(self) -> list[PublicPerson]:
        """Only who has something to show: names without it would say by elimination what they are not."""
        return [person for person in self.persons if person.figure.is_shown]


@dataclass(frozen=True, slots=True)
class StratumFigure:
    """The score that one stratum of voters gave a department."""

    stratum: str
    score: str
    band: str


@dataclass(frozen=True, slots=True)
class Likely:
    """How sure a published score is: its 95 % interval, whether the grade survives it, what ranks it leaves.

    Made from what is published and nothing else, so it says no more than that (`publication.likely`).
    """

    low: str
    high: str
    steady: bool | None = None  # None where there is no grade
    best_rank: int | None = None
    worst_rank: int | None = None

    @property
    def is_wide(self) -> bool:
        """False where nothing of the score was sampled."""
        return self.low != self.high


@dataclass(frozen=True, slots=True)
class SampledPart:
    """A published part of a unit's score that some answered and others might have: value, scale, fewest."""

    weight: str
    value: str
    low: str
    high: str
    fewest: int


@dataclass(frozen=True, slots=True)
class PublicDepartment:
    """A department's public result."""

    id: str
    name: str
    group: str
    figure: Figure
    rank: int | None
    tied: bool
    ranked_of: int
    distribution: tuple[Share, ...] | None
    strata: tuple[StratumFigure, ...] | None
    post_stratified: str | None
    derivation: Node
    sections: tuple[PublicSection, ...] = ()
    ballots: str | None = None  # the band of the ballots that say anything of it
    notes: tuple[str, ...] = ()
    is_ranked: bool = True  # False where the scheme gives no rank, such as after a veto
    likely: Likely | None = None
    sampled: tuple[SampledPart, ...] | None = None  # None where such a part is not published
    no_range: str = ""  # why a shown score has no interval, one of the codes above

    @property
    def persons(self) -> list[PublicPerson]:
        return [person for section in self.sections for person in section.persons]

    @property
    def listed(self) -> list[PublicPerson]:
        return [person for section in self.sections for person in section.listed]

    @property
    def others(self) -> str:
        """How many of the department's people are not listed, and why."""
        silent = [person.figure.note for person in self.persons if not person.figure.is_shown]
        if not silent:
            return ""
        which = "其余" if self.listed else ""
        if set(silent) == {TOO_FEW}:
            return f"{which}{len(silent)}人样本不足，不公布成绩。"
        return f"{which}{len(silent)}人的结果已送达本人或样本不足。"


@dataclass(frozen=True, slots=True)
class PublicGroup:
    """A peer group; departments by rank, tied and unranked ones in 机构序列 order."""

    name: str
    departments: tuple[PublicDepartment, ...]

    @property
    def has_bands(self) -> bool:
        return any(one.figure.band for one in self.departments)


@dataclass(frozen=True, slots=True)
class PublicList:
    """The best and the worst of those ranked together, by name."""

    pool: str
    best: tuple[str, ...]
    worst: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicView:
    """Everything the public sees of a round; fields with defaults are for schemes without persons."""

    groups: tuple[PublicGroup, ...]
    persons_public: str
    judges_persons: bool = True
    has_grades: bool = True
    lists: tuple[PublicList, ...] = ()
    unit: str = "单位"

    @property
    def departments(self) -> list[PublicDepartment]:
        return [department for group in self.groups for department in group.departments]


@dataclass(frozen=True, slots=True)
class Shown:
    """A view that readers have or will have of the same round, and what it was made from."""

    outcome: Mapping[str, Any]
    facts: Mapping[str, Any]
    view: PublicView


@dataclass(slots=True)
class _Entry:
    """A department in its group: what it shows, and the rank once given."""

    roster: RosterDepartment
    case: DepartmentCase
    figures: DepartmentFigures
    rank: int | None = None
    tied: bool = False
    ranked_of: int = 0
    ballots: int = 0


def public_view(
    outcome: Mapping[str, Any],
    facts: Mapping[str, Any],
    rules: Rules,
    roster: Sequence[RosterDepartment],
    *,
    persons_public: str,
    earlier: Sequence[Shown] = (),
    ballots: Mapping[str, int] | None = None,
) -> PublicView:
    """What may be published of `outcome` beside the round's `earlier` publications.

    `outcome` and `facts` are the stored plain values (`scoring.outcome`, `scoring.facts_reader`); `ballots`
    says of how many ballots each department has answers.
    """
    if persons_public not in (ALL, TOP_GRADES, NONE):
        raise ValueError(f"persons_public is all, top_grades or none, not {persons_public}")
    held = isolating(facts, [past.facts for past in earlier], rules)
    placed = []
    for department in roster:
        result = outcome["subjects"][department.id]
        case = DepartmentCase(
            id=department.id,
            result=result,
            facts=facts["subjects"][department.id],
            rules=rules,
            persons_public=persons_public,
            held=held,
            past=tuple(
                _past(department.id, past, rules)
                for past in earlier
                if department.id in past.facts["subjects"]
            ),
        )
        touched = (ballots or {}).get(department.id, 0)
        placed.append(_Entry(department, case, case.figures(), ballots=touched))
    groups: dict[str, list[_Entry]] = {}
    for one in placed:
        groups.setdefault(one.roster.group, []).append(one)
    for members in groups.values():
        _rank(members, outcome)
    return PublicView(
        tuple(
            PublicGroup(name, tuple(_public(one) for one in _in_order(members)))
            for name, members in groups.items()
        ),
        persons_public,
    )


def _past(department: str, past: Shown, rules: Rules) -> tuple[DepartmentCase, DepartmentFigures]:
    """A department as it is shown in another view; that view lists no persons where it hides them all."""
    public = next((one for one in past.view.departments if one.id == department), None)
    case = DepartmentCase(
        id=department,
        result=past.outcome["subjects"][department],
        facts=past.facts["subjects"][department],
        rules=rules,
        persons_public=past.view.persons_public,
    )
    if public is None:
        return case, DepartmentFigures(Figure(), {})
    persons = {person.id: person.figure for person in public.persons}
    sections = {section.id: section.figure for section in public.sections if section.figure}
    split = bool(public.distribution or public.strata)
    return case, DepartmentFigures(public.figure, persons, split, sections)


def _rank(members: list[_Entry], outcome: Mapping[str, Any]) -> None:
    """Give the ranks that may be shown.

    A department keeps its rank only if the neighbours' scores do not narrow its own so far that a person is
    revealed. If they do, less is shown beside it; if that does not help, no department of the group and
    grade shows a rank (none of the group, if not even the grade is shown): a single gap in the sequence
    would reveal as much.
    """
    ranks = {one.roster.id: outcome["subjects"][one.roster.id].get("rank") for one in members}
    left = {one.roster.id: one.case.mean_left(one.figures) for one in members if one.figures.own.is_shown}
    betrayed = []
    for one in members:
        if ranks[one.roster.id] is None or not one.figures.own.is_shown:
            continue
        found = one.case.beside_rank(one.figures, _between(one, members, ranks, left))
        if found is None:
            betrayed.append(one)
        else:
            one.figures = found
    silent = {one.case.grade for one in betrayed}
    for one in members:
        rank = ranks[one.roster.id]
        if one.figures.own.is_shown and rank is not None and one.case.grade not in silent:
            one.rank = rank
            one.ranked_of = sum(1 for other in ranks.values() if other is not None)
            one.tied = sum(1 for other in ranks.values() if other == rank) > 1


def _between(
    one: _Entry, members: list[_Entry], ranks: Mapping[str, int | None], left: Mapping[str, Interval]
) -> Interval:
    """The scores that a department can have between those with better and worse ranks.

    Ranks compare scores rounded to `places`: beside a number shown with as many, another rank is at least one
    unit away.
    """
    rank, rules = ranks[one.roster.id] or 0, one.case.rules
    low, high = rules.span(one.figures.own.grade)
    for other in members:
        place, bounds = ranks[other.roster.id], left.get(other.roster.id)
        if other is one or place is None or bounds is None:
            continue
        if place != rank and "." in (other.figures.own.score or ""):
            bounds = (bounds[1], bounds[0])
        low = max(low, bounds[0]) if place >= rank else low
        high = min(high, bounds[1]) if place <= rank else high
    return low, high


def _in_order(members: list[_Entry]) -> list[_Entry]:
    """By rank; without ranks by score within a grade, and departments without either in 机构序列 order."""
    grades = {name: place for place, (name, _) in enumerate(members[0].case.rules.grades)}

    def key(item: tuple[int, _Entry]) -> tuple[int, float, Fraction, int]:
        place, one = item
        grade = grades.get(one.figures.own.grade or "", len(grades))
        score = Fraction(one.figures.own.score or 0)
        return grade, one.rank if one.rank is not None else float("inf"), -score, place

    return [one for _, one in sorted(enumerate(members), key=key)]


def _public(one: _Entry) -> PublicDepartment:
    case, figures = one.case, one.figures
    split = case.strata() if figures.split and figures.own.score else None
    return PublicDepartment(
        id=one.roster.id,
        name=one.roster.name,
        group=one.roster.group,
        figure=figures.own,
        rank=one.rank,
        tied=one.tied,
        ranked_of=one.ranked_of,
        distribution=case.distribution() if figures.split else None,
        strata=tuple(StratumFigure(*row) for row in split) if split else None,
        post_stratified=case.post_stratified() if split else None,
        derivation=_derivation(one),
        sections=_sections(one),
        ballots=wide_band(one.ballots, case.rules.k) if figures.own.band else None,
    )


def _sections(one: _Entry) -> tuple[PublicSection, ...]:
    if one.case.persons_public == NONE:
        return ()
    people: dict[str, list[PublicPerson]] = {}
    for person in one.roster.persons:
        if person.id in one.figures.persons:
            role = one.case.facts["members"][person.id].get("role")
            basis = one.case.rules.derived.get(role, one.case.rules.person)
            public = PublicPerson(
                id=person.id,
                name=person.name,
                post=person.post,
                figure=one.figures.persons[person.id],
                basis=basis,
            )
            people.setdefault(person.section, []).append(public)
    facts = one.case.facts.get("sections", {})
    return tuple(
        PublicSection(key, facts.get(key, {}).get("name", ""), tuple(persons), one.figures.sections.get(key))
        for key, persons in people.items()
    )


def _derivation(one: _Entry) -> Node:
    rules, figure = one.case.rules, one.figures.own
    person = Node(rules.person.label, rules.person.clause, rules.person.says)
    score = Node(
        rules.total.label,
        rules.total.clause,
        rules.total.says,
        value=figure.score or figure.note,
        parts=(person,),
    )
    parts = [score]
    if figure.grade:
        parts.append(Node(rules.grading.label, rules.grading.clause, rules.grading.says, figure.grade))
    if one.rank is not None and rules.ranking.clause:
        rank = f"{'并列' if one.tied else ''}第{one.rank}名"
        parts.append(Node(rules.ranking.label, rules.ranking.clause, rules.ranking.says, rank))
    return Node("单位成绩", rules.total.clause, says="", parts=tuple(parts))
