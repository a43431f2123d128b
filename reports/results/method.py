"""How one scores (怎样计分): values, grades, a worked example, what each clause says; from the scheme alone.

Plain values: they are stored with the announcement, so that the page says for ever what held on its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evaluations.schemes.clauses import clauses_of
from evaluations.scoring import InvalidInputError, score_facts
from evaluations.scoring.example import example
from evaluations.scoring.loading import Policy
from evaluations.scoring.scheme import Scheme
from office.definitions.numbers import plain

Plain = dict[str, Any]
MOST_PARTS = 3


def method_of(policy: Policy, options: Mapping[str, Any]) -> Plain:
    scheme = _with_its_scales(policy.decide(options))
    return {
        "scales": list(_scales(scheme)),
        "grades": list(_grades(scheme)),
        "strata": list(_strata(scheme)),
        "steps": [{"label": one.label, "clause": one.clause, "says": one.says} for one in scheme.steps],
        "example": _example(policy, options),
        "clauses": clauses_of(policy, scheme),
    }


def _with_its_scales(scheme: Scheme) -> Scheme:
    """The scheme with those scales alone that a step of this round uses."""
    used = {need.scale for step in scheme.steps for need in step.needs().answers.values()}
    scales = {key: scale for key, scale in scheme.answer_scales.items() if key in used}
    return scheme.model_copy(update={"answer_scales": scales})


def _scales(scheme: Scheme) -> Iterator[Plain]:
    for scale in scheme.answer_scales.values():
        yield {
            "clause": scale.clause,
            "says": scale.says,
            "is_off": min(scale.values.values()) == 0 and next(iter(scale.values.values())) == 0,
            "values": [[word, plain(value)] for word, value in scale.values.items()],
            "excluded": list(scale.excluded),
        }


def _grades(scheme: Scheme) -> Iterator[Plain]:
    upper = ""
    for one in scheme.grades.bands if scheme.grades else ():
        lower = "" if one.lower is None else plain(one.lower)
        yield {"grade": one.grade, "lower": lower, "upper": upper}
        upper = lower


def _strata(scheme: Scheme) -> Iterator[list[str]]:
    if scheme.strata:
        for name, share in scheme.strata.shares.items():
            yield [name, plain(share)]


def _example(policy: Policy, options: Mapping[str, Any]) -> Plain:
    """A made-up unit, scored by the core; under other readings than the round's where these do not fit it."""
    facts = example(policy)
    try:
        outcome = score_facts(policy, facts | {"options": dict(options)})
    except InvalidInputError:
        outcome = score_facts(policy, facts)
    second = list(outcome["subjects"].values())[1]
    return {
        "name": second["name"],
        "score": second["score"] or "",
        "grade": second.get("grade") or "",
        "tree": _short(second["derivation"]),
    }


def _short(node: Mapping[str, Any]) -> Plain:
    """A few parts of each sum show how it is done; one that is like the first is not unfolded again."""
    parts = [_short(one) for one in node["parts"]]
    for one in parts[1:]:
        if one["because"] == parts[0]["because"]:
            one["parts"] = []
    alike = [one for place, one in enumerate(parts) if place < MOST_PARTS or one["parts"]][: MOST_PARTS * 2]
    return {
        "label": node["label"],
        "clause": node["clause"],
        "value": node["value"] or "",
        "because": node["because"],
        "parts": alike,
        "more": len(parts) - len(alike),
        "rest": [[one["label"], one["value"]] for one in parts if one not in alike],
    }
