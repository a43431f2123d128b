"""A department's own result as its people read it: by the rules of publication, from service on (reading 11).

Small numbers are people inside, too. Its own people's results are complete from the thresholds of publication
up, and below them only 样本不足; what the public sees, and what was served before, is put beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evaluations.models import Result, Round, RoundDepartment
from evaluations.publication import PublicDepartment, PublicPerson, PublicSection, Shown
from evaluations.results.explained import LISTED, consequences_of, in_words_of_flags, readings
from evaluations.results.outcome import StoredOutcome
from evaluations.results.public import judges_persons, public_beside_earlier, public_view_of
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import policy_of


@dataclass(frozen=True)
class OwnPerson:
    """A person of the department with what the result proposes; nothing without a grade to show."""

    person: PublicPerson
    role: str
    section: str
    consequences: list[dict[str, Any]]


def own_page(result: Result, row: RoundDepartment) -> dict[str, Any]:
    key = department_key(row.department_id)
    if not judges_persons(result):
        return _own_unit(result, key)
    found = own_view(result, key)
    subject = StoredOutcome.of(result).subjects[key]
    shows_grade = bool(found.figure.grade)
    return {
        "own": found,
        "flags": in_words_of_flags(result, subject),
        "people": [
            _person(result, key, section, one) for section in found.sections for one in section.persons
        ],
        "pooled": [section for section in found.sections if section.figure],
        "consequences": consequences_of(subject, subject) if shows_grade else [],
        "readings": readings(result),
    }


def _own_unit(result: Result, key: str) -> dict[str, Any]:
    found = own_view(result, key)
    subject = StoredOutcome.of(result).subjects[key]
    stands = found.figure.is_shown or found.rank is not None
    return {
        "own": found,
        "flags": found.notes,
        "has_grades": policy_of(result.scheme_version).defaults.grades is not None,
        "listed": LISTED.get(subject.listed or "", ""),
        "consequences": consequences_of(subject, subject) if stands else [],
        "readings": readings(result),
    }


def own_view(result: Result, key: str) -> PublicDepartment:
    """The department as its own people may see it beside the public's view and all that was served before."""
    seen: list[Shown] = []
    served = result.round.results.exclude(signed_off_by=None).filter(number__lt=result.number)
    if not judges_persons(result):
        return next(one for one in own_units(result) if one.id == key)
    for one in (*served.order_by("number"), result):
        one.round = result.round
        for persons_public in (result.round.persons_public, Round.PersonsPublic.ALL.value):
            view = public_view_of(one, persons_public=persons_public, earlier=seen)
            seen.append(Shown(one.outcome, one.facts, view))
    return next(one for one in seen[-1].view.departments if one.id == key)


def own_units(result: Result) -> list[PublicDepartment]:
    """Every unit as its own people read it: what the public reads, and what the office noted on it."""
    return public_beside_earlier(result, remarks=True).departments


def _person(result: Result, key: str, section: PublicSection, one: PublicPerson) -> OwnPerson:
    subject = StoredOutcome.of(result).subjects[key]
    member = subject.members[one.id]
    proposed = consequences_of(member, subject) if one.figure.grade else []
    return OwnPerson(one, one.post, section.name, proposed)
