"""`--describe` lists what facts may say, and `--example` says one of everything."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluations.scoring import load_scheme
from evaluations.scoring.describe import describe
from evaluations.scoring.example import example
from tests.scoring.golden import differences, policy_of, stands_in


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(
        (Path(__file__).parent / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return found


EXAMPLES = expected("examples.yaml")


@pytest.mark.parametrize(
    ("scheme", "lines"),
    [(scheme, block) for scheme, blocks in expected("described.yaml").items() for block in blocks],
)
def test_describe_says_what_facts_may_hold(scheme: str, lines: str) -> None:
    assert stands_in(describe(load_scheme(scheme)), lines)


@pytest.mark.parametrize("scheme", EXAMPLES)
def test_the_example_of_a_scheme_is_as_its_words_and_numbers_have_it(scheme: str) -> None:
    facts = example(policy_of(scheme))
    assert differences(EXAMPLES[scheme], facts) == []
    assert list(facts["subjects"]) == [f"unit_{at + 1}" for at in range(len(facts["subjects"]))]


def test_the_second_unit_of_an_example_alone_has_occurrences_one_of_each() -> None:
    facts = example(load_scheme("fangcheng-2022"))
    assert (list(facts), facts["options"]) == (["scheme", "period", "options", "subjects"], {})
    best, second, last = facts["subjects"].values()
    assert best == EXAMPLES["fangcheng-2022"]["subjects"]["unit_1"]
    assert second["occurrences"] == EXAMPLES["fangcheng-2022"]["subjects"]["unit_2"]["occurrences"]
    assert "occurrences" not in last
    occurrences = example(load_scheme("jilin-jkq-2021"))["subjects"]["unit_2"]["occurrences"]
    assert list(occurrences.values()) == [1] * (18 + 11)


def test_an_example_asks_only_about_those_who_are_judged_and_of_no_group_where_there_is_none() -> None:
    members = example(load_scheme("yuncheng-2023"))["subjects"]["unit_2"]["members"]
    assert [key for key, member in members.items() if not member["answers"]] == ["person_1", "person_2"]
    assert len(members) == 5
    assert all("group" not in unit for unit in example(policy_of("plain"))["subjects"].values())
