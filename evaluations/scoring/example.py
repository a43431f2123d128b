"""Makes a complete, valid facts file from a scheme alone; every subject gets a score."""

from fractions import Fraction
from typing import Any

import yaml

from evaluations.scoring.loading import Policy
from evaluations.scoring.scheme import Scheme
from evaluations.scoring.steps.step import AnswerNeed, Level, MarkNeed, Needs
from evaluations.scoring.vocabulary import vocabulary
from office.definitions.numbers import plain

_SUBJECTS_PER_GROUP = 3
_VOTES = 60


def example(policy: Policy) -> dict[str, Any]:
    """Three subjects per group, each a little worse than the one before.

    They have one of everything that the scheme reads.
    """
    scheme = policy.defaults
    words = vocabulary(scheme)
    groups = list(scheme.subjects.groups) or [""]
    subjects = {}
    for at, group in enumerate(groups):
        for number in range(_SUBJECTS_PER_GROUP):
            key = f"unit_{at * _SUBJECTS_PER_GROUP + number + 1}"
            subjects[key] = _subject(scheme, words, key, group, number)
    facts: dict[str, Any] = {"scheme": scheme.id, "period": _periods(scheme)[1], "options": {}}
    if scheme.strata:
        facts["respondents"] = {key: int(share * 10) for key, share in scheme.strata.shares.items()}
    return facts | {"subjects": subjects}


def example_yaml(policy: Policy) -> str:
    return yaml.safe_dump(example(policy), allow_unicode=True, sort_keys=False, width=110)


def _periods(scheme: Scheme) -> tuple[str, str]:
    """The round before, and the round."""
    return ("2022", "2023") if scheme.cadence.rounds_per_year == 1 else ("2023-Q2", "2023-Q3")


def _subject(scheme: Scheme, words: Needs, key: str, group: str, worse: int) -> dict[str, Any]:
    found: dict[str, Any] = {"name": f"示例单位{key.rpartition('_')[2]}", "group": group}
    if scheme.subjects.roles:
        found["sections"] = {"office": {"name": "示例科室"}}
        found["members"] = _members(scheme, words, found["sections"]["office"], worse)
    found |= {
        "answers": _answers(scheme, words, "subject", worse),
        "marks": {panel: _marks(need, worse) for panel, need in words.marks.items()},
        "occurrences": _occurrences(words, worse),
        "conditions": {key: worse == 0 and key not in words.instead for key in words.conditions},
        "measures": dict.fromkeys(words.measures, 12 - worse),
        "placements": {
            step: {
                "tier": worse % len(need.tiers) + 1,
                "points": _written(need.tiers[worse % len(need.tiers)][0]),
            }
            for step, need in words.placements.items()
        },
        "external": {
            step: dict.fromkeys(need.names or ("示例指标",), 90 - worse)
            for step, need in words.external.items()
        },
    }
    if scheme.strata:
        found["answers_by_stratum"] = {
            stratum: _answers(scheme, words, "member", worse) for stratum in scheme.strata.shares
        }
    history = {"period": _periods(scheme)[0]} | (
        {"grade": scheme.grades.names()[0]} if scheme.grades else {"rank": worse + 1}
    )
    found["history"] = [history]
    return {name: value for name, value in found.items() if value}


def _members(scheme: Scheme, words: Needs, section: dict[str, Any], worse: int) -> dict[str, Any]:
    members = {}
    for number, (role, known) in enumerate(scheme.subjects.roles.items(), start=1):
        key = f"person_{number}"
        answers = _answers(scheme, words, "member", worse, role)
        members[key] = {"name": f"示例人员{number}", "role": role, "section": "office", "answers": answers}
        if known.target == "supervisor_of_section":
            section["supervised_by"] = key
    return members


def _answers(scheme: Scheme, words: Needs, level: Level, worse: int, role: str = "") -> dict[str, Any]:
    found = {}
    for (of, source), need in words.answers.items():
        if of == level and (not role or not need.roles or role in need.roles):
            questions = list(need.questions) or ["overall"]
            found[source] = {question: _counts(scheme, need, worse) for question in questions}
    return found


def _counts(scheme: Scheme, need: AnswerNeed, worse: int) -> dict[str, int]:
    scale = scheme.answer_scales[need.scale]
    others = dict.fromkeys(list(scale.choices)[1:], worse + 1)
    best = next(iter(scale.choices))
    return {best: _VOTES - sum(others.values())} | others | dict.fromkeys(scale.excluded, 2)


def _marks(need: MarkNeed, worse: int) -> Any:
    if need.single:
        return _written(max(need.full - worse, Fraction(0)))
    return [_written(max(need.full - worse, Fraction(0))), _written(max(need.full - worse - 1, Fraction(0)))]


def _occurrences(words: Needs, worse: int) -> dict[str, int]:
    return dict.fromkeys(words.occurrences, worse) if worse == 1 else {}


def _written(value: Fraction) -> int | str:
    return int(value) if value.denominator == 1 else plain(value)
