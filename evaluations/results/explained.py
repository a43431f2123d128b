"""A stored result as those inside see it: complete, every number with its derivation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evaluations.gathering.entries import ratings
from evaluations.models import Channel, Result, RoundDepartment
from evaluations.results.outcome import (
    StoredConsequence,
    StoredMember,
    StoredOutcome,
    StoredPart,
    StoredSubject,
)
from evaluations.results.public import judges_persons, public_view_of, rules_of_result, unit_rules_of
from evaluations.results.thin_tables import POOLED, CentreTables, unit_tree
from evaluations.rounds.subject_keys import department_key, department_of
from evaluations.schemes.stored import policy_of
from evaluations.scoring.consequences import TARGET_LABELS
from evaluations.scoring.loading import Policy
from evaluations.scoring.texts import flag_in_words, withheld_in_words

Shown = dict[str, Any]
LISTED = {"best": "前列", "worst": "末位"}
FEW_BALLOTS = "少于10"  # the tally writes no smaller number


@dataclass(frozen=True)
class Row:
    department: RoundDepartment
    subject: StoredSubject
    withheld: str
    flags: list[str]
    enough: int
    rated: int
    corrected: str  # by the intended shares; empty where publication would not show it
    ballots: int | str | None  # that say anything of it; None where an earlier version counted
    listed: str = ""  # on which list of the scheme it stands


def ranking(result: Result) -> list[Row]:
    """Return the departments by rank, equals in 机构序列 order, those without a score at the end."""
    policy = policy_of(result.scheme_version)
    subjects, weighted = StoredOutcome.of(result).subjects, corrected(result)
    rows = [
        _row(department, subject, policy, weighted.get(department.department_id, ""), ballots_of(result))
        for department in result.round.departments.all()
        if (subject := subjects.get(department_key(department.department_id)))
    ]
    return sorted(
        rows, key=lambda row: (row.subject.rank is None, row.subject.rank or 0, row.department.order)
    )


def ballots_of(result: Result) -> dict[str, int | str]:
    """{department: ballots that say anything of it}; empty where an earlier version counted."""
    if result.ballots is None:
        return {}
    return {key: result.ballots.get(key, FEW_BALLOTS) for key in result.outcome["subjects"]}


def _row(
    department: RoundDepartment,
    subject: StoredSubject,
    policy: Policy,
    corrected: str,
    ballots: dict[str, int | str],
) -> Row:
    rated = [member for member in subject.members.values() if member.valid_answers is not None]
    return Row(
        department=department,
        subject=subject,
        withheld=_withheld(subject, policy),
        flags=[flag_in_words(flag, policy.defaults) for flag in subject.flags],
        enough=sum(member.score is not None for member in rated),
        rated=len(rated),
        corrected=corrected,
        ballots=ballots.get(department_key(department.department_id)),
        listed=LISTED.get(subject.listed or "", ""),
    )


def pools(result: Result, rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """Return the rows by the pools in which they are ranked, as the scheme orders these."""
    scheme = unit_rules_of(result).scheme
    groups = scheme.subjects.groups
    found: dict[str, list[Row]] = {scheme.pool_of(group): [] for group in groups}
    for row in rows:
        found.setdefault(scheme.pool_of(row.subject.group), []).append(row)
    return [(groups[name].label if name in groups else name, one) for name, one in found.items() if one]


def corrected(result: Result) -> dict[int, str]:
    """Return {department: figure weighted by the intended shares}, only where the rules of publication
    show every stratum (reading 5): the ranking is printed and passed on, so it holds no more than that.
    """
    shown = public_view_of(result).departments if judges_persons(result) else []
    return {department_of(one.id): one.post_stratified for one in shown if one.post_stratified}


def _withheld(part: StoredPart, policy: Policy) -> str:
    return withheld_in_words(part.withheld, policy.defaults) if part.withheld else ""


HIDDEN_LEADER: Shown = {"score": None, "withheld": POOLED, "grade_because": ""}
"""The grade stands, for what follows from it; the number would be a hidden section's."""


def department_page(result: Result, department: RoundDepartment) -> Shown:
    """For the centre: no table of fewer than five answers, and none from which one would follow."""
    policy = policy_of(result.scheme_version)
    subject = StoredOutcome.of(result).department(department.department_id)
    if not judges_persons(result):
        return _unit_page(result, department, subject, policy)
    tables = tables_of(result, subject, department_key(department.department_id))
    return {
        "subject": subject,
        "ballots": ballots_of(result).get(department_key(department.department_id)),
        "withheld": _withheld(subject, policy),
        "flags": in_words_of_flags(result, subject),
        "derivation": tables.tree(subject.derivation),
        "beside": tables.beside(subject.beside),
        "sections": [
            {
                **_part(section, policy),
                "derivation": tables.section(key, section.derivation),
                **({"score": None, "withheld": POOLED} if tables.hides_section(key) else {}),
            }
            for key, section in subject.sections.items()
        ],
        "members": [
            {
                **_member(member, subject, policy),
                "derivation": tables.member(key, member.derivation),
                "valid_answers": tables.valid_answers(key, member),
                **(HIDDEN_LEADER if tables.hides_leader(key) else {}),
            }
            for key, member in subject.members.items()
        ],
        "consequences": consequences_of(subject, subject),
        "readings": readings(result),
    }


def _unit_page(result: Result, department: RoundDepartment, subject: StoredSubject, policy: Policy) -> Shown:
    key, rules = department_key(department.department_id), unit_rules_of(result)
    return {
        "subject": subject,
        "ballots": ballots_of(result).get(key),
        "withheld": _withheld(subject, policy),
        "flags": in_words_of_flags(result, subject),
        "derivation": unit_tree(rules, key, subject, rules.read(result.facts)),
        "listed": LISTED.get(subject.listed or "", ""),
        "has_grades": policy.defaults.grades is not None,
        "consequences": consequences_of(subject, subject),
        "readings": readings(result),
    }


def tables_of(result: Result, subject: StoredSubject, key: str) -> CentreTables:
    scheme = policy_of(result.scheme_version).defaults
    return CentreTables(subject, key, rules_of_result(result), scheme)


def in_words_of_flags(result: Result, subject: StoredSubject) -> list[str]:
    scheme = policy_of(result.scheme_version).defaults
    return [flag_in_words(flag, scheme) for flag in subject.flags]


def _part(part: StoredPart, policy: Policy) -> Shown:
    return {
        "name": part.name,
        "score": part.score,
        "valid_answers": part.valid_answers,
        "withheld": _withheld(part, policy),
        "derivation": part.derivation,
    }


def _member(member: StoredMember, subject: StoredSubject, policy: Policy) -> Shown:
    return {
        **_part(member, policy),
        "role": policy.defaults.role_label(member.role),
        "section": subject.section_name(member.section),
        "grade": member.grade,
        "grade_because": member.grade_because,
        "consequences": consequences_of(member, subject),
    }


def consequences_of(judged: StoredMember, subject: StoredSubject) -> list[Shown]:
    names = {key: member.name for key, member in subject.members.items()}
    return [_consequence(one, names) for one in judged.consequences]


def _consequence(one: StoredConsequence, names: dict[str, str]) -> Shown:
    return {
        "label": one.label,
        "clause": one.clause,
        "because": one.because,
        "proposes": "、".join(one.proposes),
        "targets": "、".join(TARGET_LABELS[target] for target in one.targets),
        "members": "、".join(names[key] for key in one.members if key in names),
        "points": one.annual_points,
    }


def channels(result: Result) -> list[Shown]:
    """Where the parts of the score come from, and what was set aside for which reason."""
    labels = {need.key: need.label for need, _ in unit_rules_of(result).scheme.needs()}
    return [
        {
            "label": labels.get(one.need, one.need),
            "kind": one.get_kind_display(),
            "told": ratings.total_in_words(one),
            "set_aside": one.set_aside_reason if one.state == Channel.State.SET_ASIDE else "",
        }
        for one in result.round.channels.all()
    ]


def readings(result: Result) -> list[Shown]:
    policy = policy_of(result.scheme_version)
    defaults, chosen = policy.default_options(), StoredOutcome.of(result).options
    return [
        {
            "id": reading.id,
            "clause": reading.clause,
            "question": reading.question,
            "answer": reading.answer,
            "options": [
                {
                    "label": policy.options[name].label,
                    "value": policy.options[name].in_words(chosen[name]),
                    "changed": chosen[name] != defaults[name],
                }
                for name in reading.options
            ],
        }
        for reading in policy.readings
    ]


def lists(result: Result) -> list[Shown]:
    """Return the best and worst lists with names, where the scheme makes any."""
    outcome = StoredOutcome.of(result)
    groups = policy_of(result.scheme_version).defaults.subjects.groups

    def named(keys: list[str]) -> list[str]:
        return [outcome.subjects[key].name for key in keys]

    return [
        {
            "pool": groups[one.pool].label if one.pool in groups else one.pool,
            "best": named(one.best),
            "worst": named(one.worst),
            "to_confirm": named(one.to_confirm),
        }
        for one in outcome.lists()
        if one.best or one.worst or one.to_confirm
    ]
