"""A stored result as those inside see it: complete, every number with its derivation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evaluations.models import Result, RoundDepartment
from evaluations.results.public import public_view_of
from evaluations.schemes import stored as schemes
from evaluations.scoring.consequences import TARGET_LABELS
from evaluations.scoring.loading import Policy
from evaluations.scoring.texts import flag_in_words, withheld_in_words

Json = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One line of the ranking."""

    department: RoundDepartment
    subject: Json
    withheld: str
    flags: list[str]
    enough: int
    rated: int
    corrected: str  # by the intended shares; empty where publication would not show it


def ranking(result: Result) -> list[Row]:
    """Return the departments by rank, equals in 机构序列 order, those without a score at the end."""
    policy = schemes.policy_of(result.scheme_version)
    subjects, weighted = result.outcome["subjects"], corrected(result)
    rows = [
        _row(
            department,
            subjects[f"d{department.department_id}"],
            policy,
            weighted.get(department.department_id, ""),
        )
        for department in result.round.departments.all()
        if f"d{department.department_id}" in subjects
    ]
    return sorted(
        rows, key=lambda row: (row.subject["rank"] is None, row.subject["rank"] or 0, row.department.order)
    )


def _row(department: RoundDepartment, subject: Json, policy: Policy, corrected: str) -> Row:
    members = subject["members"].values()
    rated = [member for member in members if member["valid_answers"] is not None]
    return Row(
        department=department,
        subject=subject,
        withheld=_withheld(subject, policy),
        flags=[flag_in_words(flag, policy.defaults) for flag in subject["flags"]],
        enough=sum(member["score"] is not None for member in rated),
        rated=len(rated),
        corrected=corrected,
    )


def corrected(result: Result) -> dict[int, str]:
    """Return {department: figure weighted by the intended shares}, only where the rules of publication
    show every stratum (reading 5): the ranking is printed and passed on, so it holds no more than that.
    """
    shown = public_view_of(result).departments
    return {int(one.id.lstrip("d")): one.post_stratified for one in shown if one.post_stratified}


def _withheld(part: Json, policy: Policy) -> str:
    return withheld_in_words(part["withheld"], policy.defaults) if part["withheld"] else ""


def department_page(result: Result, department: RoundDepartment) -> Json:
    """Return what the inside page of one department shows."""
    policy = schemes.policy_of(result.scheme_version)
    subject = result.outcome["subjects"][f"d{department.department_id}"]
    facts = result.facts["subjects"][f"d{department.department_id}"]
    sections = {key: section["name"] for key, section in facts["sections"].items()}
    return {
        "subject": subject,
        "withheld": _withheld(subject, policy),
        "flags": [flag_in_words(flag, policy.defaults) for flag in subject["flags"]],
        "derivation": subject["derivation"],
        "beside": list(subject["beside"].values()),
        "sections": [_part(section, policy) for section in subject["sections"].values()],
        "members": [
            {
                **_part(member, policy),
                "role": policy.defaults.role_label(facts["members"][key]["role"]),
                "section": sections.get(facts["members"][key].get("section"), ""),
                "grade": member["grade"],
                "grade_because": member["grade_because"],
                "consequences": _consequences(member, subject),
            }
            for key, member in subject["members"].items()
        ],
        "consequences": _consequences(subject, subject),
        "readings": readings(result),
    }


def _part(part: Json, policy: Policy) -> Json:
    return {
        "name": part["name"],
        "score": part["score"],
        "valid_answers": part["valid_answers"],
        "withheld": _withheld(part, policy),
        "derivation": part["derivation"],
    }


def _consequences(judged: Json, subject: Json) -> list[Json]:
    """Return the proposals in words; they are proposals until the body with the power decides."""
    names = {key: member["name"] for key, member in subject["members"].items()}
    return [
        {
            "label": one["label"],
            "clause": one["clause"],
            "because": one["because"],
            "proposes": "、".join(one["proposes"]),
            "targets": "、".join(TARGET_LABELS[target] for target in one["targets"]),
            "members": "、".join(names[key] for key in one["members"] if key in names),
            "points": one["annual_points"],
        }
        for one in judged["consequences"]
    ]


def readings(result: Result) -> list[Json]:
    """Return the readings (口径) that counted, with the chosen options and whether they are the default."""
    policy = schemes.policy_of(result.scheme_version)
    defaults, chosen = policy.default_options(), result.outcome["options"]
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


def lists(result: Result) -> list[Json]:
    """Return the best and worst lists with names, where the scheme makes any."""
    subjects = result.outcome["subjects"]
    found = []
    for pool, kept in result.outcome["lists"].items():
        named = {
            part: [subjects[key]["name"] for key in kept[part]] for part in ("best", "worst", "to_confirm")
        }
        if any(named.values()):
            found.append({"pool": pool, **named})
    return found
