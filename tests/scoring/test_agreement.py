"""Stored outcomes of released versions still agree; no order of keys changes an outcome."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from evaluations.scoring import disagreements, load_scheme, parse_scheme, scheme_ids, score_facts
from evaluations.scoring.example import example
from tests.scoring.golden import scored_cases

RELEASED = sorted((Path(__file__).parent / "released").glob("*/*.json"))


def kept(path: Path) -> tuple[Any, Any, Any]:
    policy = parse_scheme(path.with_suffix(".yaml").read_text(encoding="utf-8"))
    data = json.loads(path.read_text(encoding="utf-8"))
    return policy, data["facts"], data["outcome"]


def other_order(node: Any) -> Any:
    """As a database may return it: jsonb keeps no order of keys."""
    if isinstance(node, dict):
        return {key: other_order(node[key]) for key in sorted(node, reverse=True)}
    return [other_order(one) for one in node] if isinstance(node, list) else node


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_outcomes_of_released_versions_agree(path: Path) -> None:
    policy, facts, outcome = kept(path)
    assert disagreements(outcome, score_facts(policy, facts)) == []


def test_what_the_present_engine_writes_is_kept_word_for_word() -> None:
    """If this fails, the engine writes something else: raise ``outcome.ENGINE`` and keep its outcomes too."""
    policy = load_scheme("yuncheng-2023")
    engine = score_facts(policy, example(policy))["engine"]
    assert any(path.parent.name == f"engine-{engine}" for path in RELEASED)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("subjects.d1.score", "99.00"),
        ("subjects.d1.exact", "99"),
        ("subjects.d1.grade", "优秀"),
        ("subjects.d1.rank", 3),
        ("subjects.d2.consequences", []),
        ("subjects.d2.members.p23.score", "1.00"),
        ("subjects.d2.sections.s2.exact", "1"),
        ("subjects.d1.beside.post_stratified.exact", "1"),
        ("subjects", []),
        ("lists", {"县直部门": {"best": ["d1"]}}),
    ],
)
def test_a_number_grade_rank_or_consequence_that_was_changed_is_found_under_any_version(
    path: str, value: Any
) -> None:
    policy, facts, outcome = kept(next(one for one in RELEASED if one.stem == "yuncheng-2023"))
    *way, last = path.split(".")
    node = outcome
    for part in way:
        node = node[part]
    node[last] = value
    assert disagreements(outcome, score_facts(policy, facts)) != []


def test_words_are_compared_within_a_version_only() -> None:
    policy = load_scheme("yuncheng-2023")
    fresh = score_facts(policy, example(policy))
    other = copy.deepcopy(fresh)
    other["subjects"]["unit_1"]["derivation"]["because"] = "另一种说法"
    assert len(disagreements(other, fresh)) == 1
    assert disagreements(other | {"engine": "0"}, fresh) == []
    del other["engine"]
    assert disagreements(other, fresh) == []


@pytest.mark.parametrize("scheme", scheme_ids())
def test_no_order_of_keys_changes_the_outcome_of_an_example(scheme: str) -> None:
    policy = load_scheme(scheme)
    facts = example(policy)
    assert score_facts(policy, other_order(facts)) == score_facts(policy, facts)


def test_no_order_of_keys_changes_a_golden_outcome() -> None:
    for case in scored_cases():
        turned = score_facts(case.policy, other_order(case.facts()))
        assert json.dumps(turned) == json.dumps(case.outcome()), str(case)
