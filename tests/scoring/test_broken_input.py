"""Broken schemes and broken facts: every fault is found, all at once, with its place and what to do."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluations.scoring import InvalidInputError, facts_from, load_scheme, parse_scheme
from evaluations.scoring.faults import dotted
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


MORE = (
    "  - {id: x, only_if: {least: 12}, kind: sum, clause: 三, says: 计。, label: 又, parts: [{step: nix}]}\n"
)


@pytest.mark.parametrize(
    ("old", "new", "options", "fault"),
    [
        ("id: small", "id: small", {"least": 0}, "options.least: must be at least 1"),
        (
            "kind: sum,",
            "kind: sum, floor: 5, cap: {option: least},",
            {"least": 3},
            "scheme.yaml:20: steps.2: the cap (3) lies below the floor (5)",
        ),
        (
            "  - {id: total,",
            MORE + "  - {id: total,",
            {"least": 12},
            "scheme.yaml:20: steps.2.parts.0.step: step nix is no step of this scheme; steps so far are",
        ),
    ],
)
def test_what_does_not_fit_under_a_number_that_a_round_chose(
    old: str, new: str, options: dict[str, int], fault: str
) -> None:
    """Choices are all tried when a scheme is loaded; numbers cannot be."""
    assert BASE.count(old) == 1
    policy = parse_scheme(BASE.replace(old, new))
    with pytest.raises(InvalidInputError) as refused:
        policy.decide(options)
    (told,) = str(refused.value).splitlines()
    assert told.startswith(fault)


def test_a_stratum_may_have_no_share_and_a_person_no_name() -> None:
    shares = {"民营企业": 60, "个体工商户": 40, "非民营企业": 0}
    data = {"period": 2023, "shares": shares, "subjects": {"a": {"members": {"m": {"role": "staff"}}}}}
    read = facts_from(data, load_scheme("yuncheng-2023"))
    assert (read.period, read.shares, read.subjects["a"].members["m"].name) == ("2023", shares, "m")


def test_an_earlier_round_was_last_only_where_it_says_so() -> None:
    history = [{"period": "2023-1"}, {"period": "2023-2", "last": True}]
    data = {"period": "2023-3", "subjects": {"a": {"history": history}}}
    read = facts_from(data, load_scheme("fangcheng-2022"))
    assert [one.last for one in read.subjects["a"].history] == [False, True]


def test_a_scheme_saved_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text(BASE, encoding="gb18030")
    with pytest.raises(InvalidInputError, match=r"not readable as UTF-8 text.*save it as UTF-8") as refused:
        load_scheme(tmp_path)
    assert str(refused.value).startswith(f"{tmp_path / 'scheme.yaml'}: (document): ")
    (tmp_path / "scheme.yaml").write_text(BASE, encoding="utf-8-sig")
    assert load_scheme(tmp_path).id == "small"


BOUNDS = (FOLDER / "schemes" / "bounds.txt").read_text(encoding="utf-8")
NAMES = ("ABOVE", "ONE", "TWO", "FLOOR", "SHARE", "PLACES")

TOO_LOW = """\
cadence.rounds_per_year: input should be greater than or equal to 1
subjects.groups.甲组.count: input should be greater than or equal to 1
steps.3.min_answers: input should be greater than or equal to 1
steps.4.pooled_below: input should be greater than or equal to 0
steps.4.min_answers: input should be greater than or equal to 1
steps.5.full: input should be greater than 0
steps.6.full: input should be greater than 0
steps.7.full: input should be greater than 0
steps.7.floor: input should be greater than or equal to 0
steps.7.min_answers: input should be greater than or equal to 1
steps.8.cap: input should be greater than 0
steps.8.items.a6.points: input should be greater than 0
steps.9.full: input should be greater than 0
steps.9.items.a7.points: input should be greater than 0
steps.11.full: input should be greater than 0
steps.11.points: input should be greater than or equal to 0
steps.11.places: input should be greater than or equal to 0
steps.12.parts.0.full: input should be greater than 0
steps.12.parts.1.full: input should be greater than 0
steps.13.tiers: tuple should have at least 2 items after validation, not 1
score.places: input should be greater than or equal to 0
ranking.lists.best: input should be greater than or equal to 0
ranking.lists.worst: input should be greater than or equal to 0
consequences.1.triggers.0.grade_jump.rise: input should be greater than or equal to 1
consequences.1.triggers.1.grade_jump.fall: input should be greater than or equal to 1
consequences.2.triggers.0.consecutive.at_least: input should be greater than or equal to 2
consequences.2.triggers.1.times_in_year.at_least: input should be greater than or equal to 1
"""

TOO_HIGH = """\
steps.4.pooled_below: input should be less than or equal to 1
steps.11.places: input should be less than or equal to 6
steps.13.tiers: tuple should have at most 10 items after validation, not 11
score.places: input should be less than or equal to 6
"""


@pytest.mark.parametrize(
    ("values", "tiers", "told"),
    [
        (("0.01", "1", "2", "0", "0", "0"), 2, ""),
        (("0.01", "1", "2", "0", "1", "6"), 10, ""),
        (("0", "0", "1", "-1", "-0.01", "-1"), 1, TOO_LOW),
        (("0.01", "1", "2", "0", "1.01", "7"), 11, TOO_HIGH),
    ],
    ids=["lowest", "highest", "too low", "too high"],
)
def test_both_sides_of_every_bound(values: tuple[str, ...], tiers: int, told: str) -> None:
    """A scheme with every number that has a bound, at its bounds and just beyond them."""
    listed = ", ".join(f"{{from: {2 * at}, to: {2 * at + 1}}}" for at in range(tiers, 0, -1))
    text = BOUNDS.replace("TIERS", listed)
    for name, value in zip(NAMES, values, strict=True):
        text = text.replace(name, value)
    try:
        parse_scheme(text)
        found = ""
    except InvalidInputError as error:
        found = "".join(f"{dotted(fault.path)}: {fault.message}\n" for fault in error.faults)
    assert found == told
