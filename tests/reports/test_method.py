"""怎样计分: for every scheme its values, an example with numbers, and the words of each clause it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from evaluations.schemes.stored import parsed
from evaluations.scoring import score_facts
from evaluations.scoring.example import example
from evaluations.scoring.loading import Policy
from office.shades import COLORS, shade_of
from reports.results.method import method_of

SCHEMES = sorted(Path("schemes").glob("*/scheme.yaml"))


@pytest.fixture(params=SCHEMES, ids=lambda path: path.parent.name)
def policy(request: pytest.FixtureRequest) -> Policy:
    return parsed(request.param.read_text(encoding="utf-8"))


@pytest.fixture
def method(policy: Policy) -> dict[str, Any]:
    return method_of(policy, example(policy).get("options", {}))


def cited(node: Any) -> Iterator[str]:
    """Every clause that stands anywhere in plain values."""
    if isinstance(node, dict):
        if node.get("clause"):
            yield node["clause"]
        for below in node.values():
            yield from cited(below)
    elif isinstance(node, list | tuple):
        for below in node:
            yield from cited(below)


def test_every_clause_a_result_cites_opens_in_words(policy: Policy, method: dict[str, Any]) -> None:
    """A tag beside a figure leads to a place that says something."""
    outcome = score_facts(policy, example(policy))
    words = {one["clause"]: [*one["rules"], *one["gaps"]] for one in method["clauses"]}
    assert not {clause for clause in cited(outcome) if not words.get(clause)}
    assert not {clause for clause in cited([method["steps"], method["scales"]]) if not words.get(clause)}
    assert not {one.clause for one in policy.readings if not words.get(one.clause)}
    assert all(all(text.strip() for _, text in found) for found in words.values())
    assert len(words) == len(method["clauses"]), "each clause once"


def test_the_example_is_the_core_s_own_and_has_numbers(policy: Policy, method: dict[str, Any]) -> None:
    shown = method["example"]
    subjects = score_facts(policy, example(policy))["subjects"].values()
    (scored,) = (one for one in subjects if one["name"] == shown["name"])
    assert shown["score"] == (scored["score"] or "")
    assert shown["grade"] == (scored.get("grade") or "")
    assert shown["score"], "an example without a score explains nothing"
    assert shown["tree"]["value"]
    assert shown["tree"]["parts"] or re.search(r"\d.*\d", shown["tree"]["because"]), "how it comes about"


def test_grades_follow_each_other_without_gap_and_as_the_scheme_has_them(
    policy: Policy, method: dict[str, Any]
) -> None:
    grades = method["grades"]
    for better, worse in pairwise(grades):
        assert better["lower"] == worse["upper"]
        assert better["lower"]
    if grades:
        assert (grades[0]["upper"], grades[-1]["lower"]) == ("", "")


def test_shares_of_groups_of_voters_are_the_whole(method: dict[str, Any]) -> None:
    shares = [Fraction(share) for _, share in method["strata"]]
    assert not shares or sum(shares) == 100


def test_values_of_answers_go_from_best_to_worst(method: dict[str, Any]) -> None:
    """They fall; where they are taken off (方城), they rise."""
    for scale in method["scales"]:
        values = [Fraction(value) for _, value in scale["values"]]
        assert values == sorted(values, reverse=values[0] > values[-1])
        assert scale["says"]


def test_no_two_answers_of_a_scale_have_one_color(method: dict[str, Any]) -> None:
    """The legend of the pictures names each color once, and has a class for it."""
    for scale in method["scales"]:
        colors = [shade_of(word, place) for place, (word, _) in enumerate(scale["values"])]
        assert len(colors) == len(set(colors))
        assert COLORS.keys() >= set(colors)


def test_clauses_stand_in_the_order_of_the_document(method: dict[str, Any]) -> None:
    """三 before 五, 1(9) before 1(10); an annex at the end; measures by name."""
    clauses = [one["clause"] for one in method["clauses"]]
    first = [clause[0] for clause in clauses if clause[0] in "一二三四五六七八九"]
    assert first == sorted(first, key="一二三四五六七八九".index)
    if "三(二)1(10)" in clauses:
        assert clauses.index("三(二)1(9)") + 1 == clauses.index("三(二)1(10)")
    assert "附件" not in clauses[:-1]
    labels = [label for one in method["clauses"] for label, _ in one["rules"]]
    assert labels.count("处置") == 0


def test_readings_are_numbered_without_a_gap(policy: Policy) -> None:
    """The same numbers stand in the office, on public pages and on paper."""
    assert [one.id for one in policy.readings] == [str(n + 1) for n in range(len(policy.readings))]


@pytest.mark.parametrize(("tie_breaker", "tables"), [("none", 1), ("satisfied_share", 2)])
def test_values_are_told_of_what_this_round_counts_alone(tie_breaker: str, tables: int) -> None:
    """A scale that only orders ties stands there where the reading has ties ordered."""
    policy = parsed(Path("schemes/wuyang-units-2022/scheme.yaml").read_text(encoding="utf-8"))
    options = example(policy).get("options", {}) | {"tie_breaker": tie_breaker}
    method = method_of(policy, options)
    assert len(method["scales"]) == tables
    told = [says for one in method["clauses"] for _, says in one["rules"]]
    assert any("最高一档" in says for says in told) == (tables == 2)
