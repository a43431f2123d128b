"""Make the facts that the scoring core judges from the counted ballots and the frozen list."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Q

from evaluations.gathering.facts import gathered
from evaluations.gathering.services import refuse_unsettled
from evaluations.models import Result, Round, RoundDepartment, RoundMember
from evaluations.polling.questionnaire import role_of_kind
from evaluations.results.outcome import StoredMember, StoredOutcome
from evaluations.rounds.channels import has_ballot, holds_shares
from evaluations.rounds.state import survey_of
from evaluations.rounds.subject_keys import department_key, person_key, section_key
from evaluations.schemes.stored import scheme_of
from office.errors import Refused
from surveys import queries

Counts = dict[str, dict[str, int]]
SOURCE = "ballot"


def facts_of(round: Round) -> dict[str, Any]:
    """What the ballot and the other channels give; subjects have the keys of `rounds.subject_keys`."""
    refuse_unsettled(round)
    by_ballot = has_ballot(round)
    counts = queries.counts(survey_of(round)) if by_ballot else {}
    if by_ballot and not counts:
        raise Refused("选票还没有计票，不能计算结果", "请先计票。")
    subjects = _Subjects(round, counts)
    return {
        "scheme": round.scheme_version.scheme_id,
        "period": round.period,
        "options": dict(round.options),
        **({**_respondents(round), **_shares(round)} if by_ballot and holds_shares(round) else {}),
        **subjects.withdrawn(),
        "subjects": subjects.all(),
    }


def stratum_name(kinds: str) -> str:
    """Return the strata that a key of the counts holds; small ones were merged with a plus sign."""
    names = queries.entity_kinds()
    return "+".join(names[kind] for kind in kinds.split("+"))


def _respondents(round: Round) -> dict[str, Any]:
    """How many of each kind answered; nothing where small strata were merged, for then nobody knows."""
    ballots = queries.valid_ballots(survey_of(round))
    names = queries.entity_kinds()
    if set(ballots) - set(names):
        return {}
    asked = {names[kind]: ballots.get(kind, 0) for kind in names if kind in round.shares}
    return {"respondents": asked}


def _shares(round: Round) -> dict[str, Any]:
    """The shares that this round asked for (YC-R5), by which its returns are judged; they may be edited."""
    names = queries.entity_kinds()
    if set(round.shares) != set(names):
        return {}
    return {"shares": {names[kind]: share for kind, share in round.shares.items()}}


class _Subjects:
    """The departments of one round with their people, answers and earlier results."""

    def __init__(self, round: Round, counts: dict[str, dict[str, Counts]]) -> None:
        self.round = round
        self.scheme = scheme_of(round)
        self.counts = counts
        self.history = earlier_results(round)
        self.gathered = gathered(round)

    @cached_property
    def rows(self) -> list[RoundDepartment]:
        return list(self.round.departments.prefetch_related("members"))

    def all(self) -> dict[str, Any]:
        return {department_key(row.department_id): self.subject(row) for row in self.rows if row.is_judged}

    def withdrawn(self) -> dict[str, Any]:
        """Name who was on the ballot but later taken off the list, such as on an upheld appeal, and why.

        Their answers were counted and are not scored; without this a verifier could only find a difference.
        """
        asked = {key for subjects in self.counts.values() for key in subjects}
        found = {
            key: member.reason_not_judged
            for row in self.rows
            for member in row.members.all()
            if not member.is_judged and (key := person_key(member.staff_member_id)) in asked
        } | {
            key: row.reason_not_judged
            for row in self.rows
            if not row.is_judged and (key := department_key(row.department_id)) in asked
        }
        return {"withdrawn": found} if found else {}

    def subject(self, row: RoundDepartment) -> dict[str, Any]:
        judged = [member for member in row.members.all() if member.is_judged]
        key = department_key(row.department_id)
        facts: dict[str, Any] = {"name": row.name, "group": row.peer_group}
        if row.superior_body:
            facts["superior_body"] = row.superior_body
        if self.scheme.judges_persons:
            facts["sections"] = sections_of(judged)
            facts["members"] = {person_key(one.staff_member_id): self.member(one) for one in judged}
        facts |= self.gathered.get(key, {})
        if self.history.get(key):
            facts["history"] = self.history[key]
        return facts

    def member(self, member: RoundMember) -> dict[str, Any]:
        key = person_key(member.staff_member_id)
        facts: dict[str, Any] = {
            "name": member.name,
            "role": role_of_kind(self.scheme, member.kind),
            "section": section_key(member.section_id),
        }
        if answers := _added([subjects.get(key, {}) for subjects in self.counts.values()]):
            facts["answers"] = {SOURCE: answers}
            if self.scheme.strata is not None:
                facts["answers_by_stratum"] = {
                    stratum_name(kinds): {SOURCE: subjects[key]}
                    for kinds, subjects in self.counts.items()
                    if key in subjects
                }
        if self.history.get(key):
            facts["history"] = self.history[key]
        return facts


def sections_of(judged: list[RoundMember]) -> dict[str, dict[str, str]]:
    """Return the sections of the judged, each with its supervising leader where that person is judged too."""
    sections = {section_key(member.section_id): {"name": member.section_name} for member in judged}
    for member in judged:
        for key in map(section_key, member.supervises):
            if key in sections:
                sections[key]["supervised_by"] = person_key(member.staff_member_id)
    return sections


def _added(tables: list[Counts]) -> Counts:
    total: Counts = {}
    for table in tables:
        for question, choices in table.items():
            row = total.setdefault(question, {})
            for choice, number in choices.items():
                row[choice] = row.get(choice, 0) + number
    return total


def earlier_results(round: Round) -> dict[str, list[dict[str, Any]]]:
    """Return what earlier published rounds of the scheme said, oldest first.

    A person's streak follows the person. A round that gave somebody no result stands with its period alone:
    what it does to a streak is for the scheme to say.
    """
    earlier = Result.objects.filter(
        Q(round__state=Round.State.PUBLISHED, replaced_by=None)
        | Q(round__published_at__isnull=False, publication__isnull=False),  # until a correction is published
        round__scheme_version__scheme_id=round.scheme_version.scheme_id,
        round__base_date__lt=round.base_date,
    ).order_by("round__base_date", "round_id", "number")
    graded = scheme_of(round).grades is not None
    found: dict[str, list[dict[str, Any]]] = {}
    for result in {result.round_id: result for result in earlier}.values():
        outcome = StoredOutcome.of(result)
        for key, subject in outcome.subjects.items():
            _note(found, key, outcome.period, subject, graded=graded)
            for member, judged in subject.members.items():
                _note(found, member, outcome.period, judged, graded=graded)
    return found


def _note(
    found: dict[str, list[dict[str, Any]]], key: str, period: str, judged: StoredMember, *, graded: bool
) -> None:
    past = {"grade": judged.grade, "rank": judged.rank, "listed": judged.listed, "last": judged.last or None}
    if graded and judged.grade is None:
        past = {}  # not confirmed, or too few answers
    given = {name: value for name, value in past.items() if value is not None}
    found.setdefault(key, []).append({"period": period, **given})
