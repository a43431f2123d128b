"""What the quick reader of plain YAML takes, the library reads the same; the rest is left to the library."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import example as such_as
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.scoring import load_scheme, scheme_ids
from evaluations.scoring.example import example, example_yaml
from office.definitions.faults import InvalidInputError
from office.definitions.plain_yaml import NotPlain, read_plain
from office.definitions.source import DEEPEST, _built, _value, read_yaml


def by_the_library(text: str) -> tuple[Any, bool]:
    """Return what the library reads, and whether it found anything wrong."""
    try:
        data, faults = _built(text, "", None)
    except InvalidInputError:
        return None, True
    return data, bool(faults)


def quickly(text: str) -> Any:
    try:
        return read_plain(text, _value)
    except NotPlain:
        return NotPlain


def typed(value: Any) -> Any:
    """Return a value that differs where only the types do: 1 and True, 1 and Decimal(1)."""
    if isinstance(value, dict):
        return [(typed(key), typed(one)) for key, one in value.items()]
    if isinstance(value, list):
        return [typed(one) for one in value]
    return type(value).__name__, value


def assert_agreed(text: str) -> None:
    quick = quickly(text)
    if quick is not NotPlain:
        read, faulty = by_the_library(text)
        assert not faulty
        assert typed(quick) == typed(read)


KEYS = """
a|b|满意|'a'|"b"|2023|<<|a b|?|- a|*a|&a a|!x a|a:||#a|-
""".strip().split("|")
VALUES = r"""
¦1¦01¦-1¦- 1¦+1¦1.50¦true¦null¦~¦on¦12:30¦2023-08-15¦1_000¦甲 乙¦甲  乙 ¦a # b¦a#b¦a: b¦a:b¦'a: b'¦"a\nb"
¦'a''b'¦'a'b¦“甲”¦50%¦%a¦{}¦[]¦{a: 1, b: [x, {c: 2}]}¦{a: 1,}¦{a}¦[a: 1]¦[1, 2¦{a: 1}}¦{a: 1, a: 2}¦[,]
¦{a:1}¦{"a": 1}¦{"a":1}¦[1 2, '3']¦{ a: 1 } # b¦[a,b]¦{a: , b: 1}¦[[]¦[] []¦{'}': 1}¦|¦>-¦*a¦&a 1¦!!str 1¦@a
¦`a¦- ¦-¦---¦...¦? a¦'¦"¦	1¦a	b
""".replace("\n", "").split("¦")
ENDS = [
    "\n",
    "\n",
    "\n",
    "\n\n",
    " \n",
    "\r\n",
    " # 说明\n",
    "\n# a: 1\n",
    "\n  # a\n",
    "",
    "\n---\n",
    "\r",
    "\x85",
]
LINES = st.builds(
    lambda indent, dash, key, value, end: f"{' ' * indent}{dash}{key}{value}{end}",
    st.integers(0, 5),
    st.sampled_from(["", "", "", "- ", "-  ", "- - "]),
    st.sampled_from([*(f"{key}: " for key in KEYS), *(f"{key}:" for key in KEYS[:6]), ""]),
    st.sampled_from(VALUES),
    st.sampled_from(ENDS),
)
PLAIN_LINES = st.builds(
    lambda indent, dash, key, value: f"{' ' * indent}{dash}{key}:{value}\n",
    st.sampled_from([0, 0, 2, 2, 4, 6]),
    st.sampled_from(["", "", "- "]),
    st.sampled_from("abcdefgh"),
    st.sampled_from(["", "", " 1", " x"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=6).map("".join))
@such_as("a:\n- 1\n- b: 2\n  c: 3\nd: [x]\n")
@such_as("a:\n  - b:\n      - 1\n  - 2\n")
@such_as("a: 1\n  b\n")
@such_as("a:\n  - b\n    c\n")
def test_odd_lines_are_read_as_the_library_reads_them(text: str) -> None:
    assert_agreed(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(PLAIN_LINES, max_size=10).map("".join))
def test_plain_lines_are_read_as_the_library_reads_them(text: str) -> None:
    assert_agreed(text)


NESTED = st.recursive(
    st.one_of(st.integers(-9, 9999), st.booleans(), st.none(), st.text("ab 满意.:-#,'\"{}[]1", max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("ab满 -:1'", min_size=1, max_size=4), inner, max_size=3),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(NESTED, st.sampled_from([None, True, False]), st.sampled_from([None, "'", '"']))
def test_what_programs_write_is_read_as_the_library_reads_it(
    data: Any, flow: bool | None, quotes: str | None
) -> None:
    text = yaml.safe_dump(
        {"a": data}, default_flow_style=flow, default_style=quotes, allow_unicode=True, sort_keys=False
    )
    assert_agreed(text)
    assert_agreed(json.dumps({"a": data}, ensure_ascii=False))


@pytest.mark.parametrize("scheme", scheme_ids())
@pytest.mark.parametrize("flow", [False, None], ids=["lines", "brackets"])
def test_the_facts_of_every_scheme_are_read_quickly(scheme: str, flow: bool | None) -> None:
    policy = load_scheme(scheme)
    assert quickly(example_yaml(policy)) == by_the_library(example_yaml(policy))[0]
    text = yaml.safe_dump(
        example(policy), default_flow_style=flow, allow_unicode=True, sort_keys=False, width=10_000
    )
    assert quickly(f"---\n# 示例\n\n{text}") == by_the_library(text)[0]


def test_as_deep_as_allowed_and_no_deeper() -> None:
    for depth in (DEEPEST - 2, DEEPEST - 1, DEEPEST, DEEPEST + 1):
        assert_agreed("".join(f"{' ' * at}a:\n" for at in range(depth)) + " " * depth + "b: 1\n")
        for lines in (2, 20):
            above = "".join(f"{' ' * at}a:\n" for at in range(lines)) + " " * lines
            assert_agreed(f"{above}b: {'[' * (depth - lines)}{']' * (depth - lines)}")


def test_a_fault_in_plain_facts_has_its_line() -> None:
    document = read_yaml("a:\n  b: 1\n  c:\n  - x\n  - d: 2\n", "facts.yaml")
    assert str(document.fault(("a", "c", 1, "d"), "is wrong")) == "facts.yaml:5: a.c.1.d: is wrong"
    with pytest.raises(InvalidInputError, match=r"yaml:3: a\.b: key written twice \(first on line 2\)"):
        read_yaml("a:\n  b: 1\n  b: 2\n", "facts.yaml")
