"""What may be shown of a result that judges persons: of each department what reveals nobody, and ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluations.publication.corrections import isolating
from evaluations.publication.department import DepartmentCase, DepartmentFigures
from evaluations.publication.figures import Figure, wide_band
from evaluations.publication.ranges import Interval
from evaluations.publication.rules import Rules
from evaluations.publication.view import (
    ALL,
    NONE,
    TOP_GRADES,
    Node,
    PublicDepartment,
    PublicGroup,
    PublicPerson,
    PublicSection,
    PublicView,
    RosterDepartment,
    Shown,
    StratumFigure,
)


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
