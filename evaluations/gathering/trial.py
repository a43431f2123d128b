"""What a scheme can do without: its own example scored with one need left out."""

from __future__ import annotations

from typing import Any

from evaluations.scoring import InvalidInputError, Policy, score_facts
from evaluations.scoring.example import example

_PLACES = {
    "answers": ("answers", "answers_by_stratum"),
    "marks": ("marks",),
    "occurrences": ("occurrences",),
    "conditions": ("conditions",),
    "measures": ("measures",),
    "placements": ("placements",),
    "external": ("external",),
}


def scores_without(policy: Policy, options: dict[str, Any], need: str) -> bool:
    facts = {**example(policy), "options": dict(options)}
    kind, _, name = need.partition(".")
    for subject in facts["subjects"].values():
        for owner in (subject, *subject.get("members", {}).values()):
            for place in _PLACES[kind]:
                _drop(owner, place, name)
    try:
        outcome = score_facts(policy, facts)
    except InvalidInputError:  # the example is made for the usual readings
        outcome = score_facts(policy, {**facts, "options": {}})
    return any(one["score"] is not None for one in outcome["subjects"].values())


def _drop(owner: dict[str, Any], place: str, name: str) -> None:
    if not name:
        owner.pop(place, None)
    elif isinstance(owner.get(place), dict):
        owner[place].pop(name, None)
