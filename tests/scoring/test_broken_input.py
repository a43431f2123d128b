"""Broken schemes and broken facts: every fault is found, all at once, with its place and what to do."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluations.scoring import InvalidInputError, facts_from, load_scheme, parse_scheme
from evaluations.scoring.loading import SCHEMES

FOLDER = Path(__file__).parent / "broken"
BASE = (FOLDER / "schemes" / "base.txt").read_text(encoding="utf-8")


def cases(kind: str) -> list[Any]:
    found = yaml.safe_load((FOLDER / kind / "cases.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in found]


def matches(expected: list[str], found: list[str]) -> None:
    """Every expected fault is there, and no other."""
    assert [words for words in expected if not any(words in line for line in found)] == [], found
    assert len(found) == len(expected), found


@pytest.mark.parametrize("case", cases("schemes"))
def test_broken_scheme(case: dict[str, Any]) -> None:
    text = BASE
    for old, new in case["replace"].items():
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    try:
        parse_scheme(text)
        found = []
    except InvalidInputError as error:
        found = str(error).splitlines()
    matches(case["faults"], found)
    assert all(line.startswith("scheme.yaml:") for line in found)


@pytest.mark.parametrize("case", cases("facts"))
def test_broken_facts(case: dict[str, Any]) -> None:
    data = {"scheme": case["scheme"], "period": "2023-Q3"} | case["facts"]
    with pytest.raises(InvalidInputError) as refused:
        facts_from(data, load_scheme(case["scheme"]))
    matches(case["faults"], str(refused.value).splitlines())


@pytest.mark.parametrize("data", [None, [], {}, "text", 3])
def test_facts_that_are_no_mapping(data: Any) -> None:
    with pytest.raises(InvalidInputError, match="facts are a mapping with scheme, period and subjects"):
        facts_from(data, load_scheme("yuncheng-2023"))


def test_binary_floats_are_refused() -> None:
    data = {"period": "2023-Q3", "subjects": {"a": {"group": "基层单位", "marks": {"leaders": [28.5]}}}}
    with pytest.raises(InvalidInputError, match="never a binary float"):
        facts_from(data, load_scheme("jilin-jkq-2021"))


@pytest.mark.parametrize("text", ["", "- a", "只是文字", "null"])
def test_a_scheme_that_is_no_mapping(text: str) -> None:
    with pytest.raises(InvalidInputError, match="a scheme is a mapping that begins with id and title"):
        parse_scheme(text)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "role_weights: {option: role_weights}",
            "role_weights: {boss: 2}",
            "role_weights.boss: no such role: boss",
        ),
        ("beside: department", "beside: heavier", "strata.beside: step heavier is no step of this scheme"),
    ],
)
def test_a_shipped_scheme_that_names_what_is_not_there(old: str, new: str, fault: str) -> None:
    text = (SCHEMES / "yuncheng-2023" / "scheme.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    with pytest.raises(InvalidInputError) as refused:
        parse_scheme(text.replace(old, new))
    assert fault in str(refused.value)


def test_a_scheme_saved_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text(BASE, encoding="gb18030")
    with pytest.raises(InvalidInputError, match=r"not readable as UTF-8 text.*save it as UTF-8"):
        load_scheme(tmp_path)
    (tmp_path / "scheme.yaml").write_text(BASE, encoding="utf-8-sig")
    assert load_scheme(tmp_path).id == "small"
