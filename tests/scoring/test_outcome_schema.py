"""The JSON contract: the schema that ships with the project holds for every real outcome."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import evaluations.scoring
from evaluations.scoring import load_scheme, scheme_ids, score_facts
from evaluations.scoring.example import example
from tests.scoring.golden import scored_cases

SCHEMA = json.loads(
    (Path(evaluations.scoring.__file__).parent / "outcome.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def faults(outcome: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(outcome)]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_golden_outcome_keeps_the_contract() -> None:
    """The first three subjects of each: large rounds differ from one another only in length."""
    for case in scored_cases():
        outcome = case.outcome()
        outcome["subjects"] = dict(list(outcome["subjects"].items())[:3])
        assert faults(outcome) == [], str(case)


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_example_scores_and_keeps_the_contract(scheme: str) -> None:
    policy = load_scheme(scheme)
    outcome = score_facts(policy, example(policy))
    assert faults(outcome) == []
    assert all(subject["score"] is not None for subject in outcome["subjects"].values())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("scheme_sha256",), "abc"),
        (("subjects", "unit_1", "score"), 82.5),
        (("subjects", "unit_1", "score"), "1e2"),
        (("subjects", "unit_1", "withheld"), "because"),
        (("subjects", "unit_1", "listed"), "first"),
        (("subjects", "unit_1", "colour"), "red"),
        (("subjects", "unit_1", "derivation", "because"), ""),
        (("subjects", "unit_1", "members", "person_1", "rank"), 1),
    ],
)
def test_the_schema_refuses_what_is_not_the_contract(path: tuple[str, ...], value: object) -> None:
    policy = load_scheme("yuncheng-2023")
    outcome = copy.deepcopy(score_facts(policy, example(policy)))
    node = outcome
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    assert faults(outcome) != []
