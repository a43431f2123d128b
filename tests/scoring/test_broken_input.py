"""Broken schemes and broken facts: every fault is found, all at once, with its place and what to do."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluations.scoring import InvalidInputError, Policy, facts_from, load_scheme, parse_scheme, read_facts
from evaluations.scoring.loading import SCHEMES
from office.definitions.source import read_json, read_yaml
from tests.scoring.golden import FOLDER as GOLDEN
from tests.scoring.golden import unmatched

BROKEN = Path(__file__).parent / "broken"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-scheme.md"


def cases(kind: str) -> list[Any]:
    found = yaml.load((BROKEN / f"{kind}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [pytest.param(case, id=case["name"]) for case in found]


def scheme_of(name: str) -> dict[str, Any]:
    places = (BROKEN / f"{name}.scheme.yaml", GOLDEN / name / "scheme.yaml", SCHEMES / name / "scheme.yaml")
    place = next(place for place in places if place.is_file())
    found: dict[str, Any] = yaml.load(place.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


def at(scheme: Any, path: str) -> tuple[Any, Any]:
    """The mapping or list that holds what stands at the path, and its key there."""
    *way, last = (int(part) if part.isdecimal() else part for part in path.split("."))
    for part in way:
        scheme = scheme[part]
    return scheme, last


def edited(scheme: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """The scheme with values set, inserted into lists and taken away, each by its path."""
    scheme = deepcopy(scheme)
    for path, value in case.get("set", {}).items():
        holder, key = at(scheme, path)
        holder[key] = value
    for path, value in case.get("insert", {}).items():
        holder, key = at(scheme, path)
        holder.insert(key, value)
    for path in case.get("without", ()):
        holder, key = at(scheme, path)
        del holder[key]
    return scheme


def flow(value: Any) -> str:
    text = yaml.dump(value, default_flow_style=True, allow_unicode=True, width=10**9, sort_keys=False)
    return text.removesuffix("\n...\n").strip()


def written(scheme: dict[str, Any]) -> str:
    """As `golden/small/scheme.yaml` is written, so that the lines are the same: an entry of a part a line."""
    lines = []
    for key, value in scheme.items():
        inner = list(value.values()) if isinstance(value, dict) else []
        if value and isinstance(value, list):
            lines += [f"{key}:", *(f"  - {flow(one)}" for one in value)]
        elif any(isinstance(one, dict | list) for one in inner):
            lines += [f"{key}:", *(f"  {flow(name)}: {flow(one)}" for name, one in value.items())]
        else:
            lines.append(f"{key}: {flow(value)}")
    return "\n".join(lines) + "\n"


def test_a_scheme_keeps_its_lines_when_it_is_written_for_these_cases() -> None:
    """What the cases below say of lines can be looked up in the file."""
    path = GOLDEN / "small" / "scheme.yaml"
    document = read_yaml(path.read_text(encoding="utf-8"))
    again = read_yaml(written(scheme_of("small")))
    assert (again, again.lines) == (document, document.lines)


def told_exactly(expected: list[str], found: list[str]) -> None:
    if wrong := unmatched(expected, found):
        pytest.fail("\n".join(wrong), pytrace=False)


@pytest.mark.parametrize("case", cases("schemes"))
def test_every_fault_of_a_broken_scheme_is_told_with_its_line(case: dict[str, Any]) -> None:
    text = case["text"] if "text" in case else written(edited(scheme_of(case.get("scheme", "small")), case))
    found = []
    try:
        parse_scheme(text).decide(case.get("options"))
    except InvalidInputError as error:
        found = str(error).splitlines()
    told_exactly(case["faults"], found)
    assert "options" in case or all(line.startswith("scheme.yaml:") for line in found)


@pytest.mark.parametrize("case", cases("facts"))
def test_every_fault_of_broken_facts_is_told(case: dict[str, Any]) -> None:
    data = {"scheme": case["scheme"], "period": "2023-Q3"} | case["facts"]
    with pytest.raises(InvalidInputError) as refused:
        facts_from(data, load_scheme(case["scheme"]))
    told_exactly(case["faults"], str(refused.value).splitlines())


@pytest.mark.parametrize("data", [None, [], {}, "text", 3])
def test_facts_that_are_no_mapping_are_refused(data: Any) -> None:
    with pytest.raises(InvalidInputError, match="facts are a mapping with scheme, period and subjects"):
        facts_from(data, load_scheme("yuncheng-2023"))


def test_words_dates_and_times_of_yaml_1_1_stay_text() -> None:
    assert read_yaml("[on, no, 12:30, 2023-08-15, 1_000]").data == [
        "on",
        "no",
        "12:30",
        "2023-08-15",
        "1_000",
    ]


def test_a_scheme_in_another_encoding_is_refused_and_a_mark_of_utf_8_is_not(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    path.write_text(written(scheme_of("small")), encoding="gb18030")
    with pytest.raises(InvalidInputError, match=r"not readable as UTF-8 text.*save it as UTF-8") as refused:
        load_scheme(tmp_path)
    assert str(refused.value).startswith(f"{path}: (document): ")
    path.write_text(written(scheme_of("small")), encoding="utf-8-sig")
    assert load_scheme(tmp_path).id == "small"


@pytest.mark.parametrize(
    "value",
    ["1e-30000000", "9" * 5000, "[" * 70000, "{a: " * 400 + "1" + "}" * 400, '"甲局\\n■ 乙局"', "x" * 3000],
    ids=["exponent", "digits", "brackets", "mappings", "a line break", "a long name"],
)
def test_what_would_hang_crash_or_forge_a_line_is_refused(value: str) -> None:
    text = f"period: 2023-Q3\nsubjects: {{a: {{name: {value}, measures: {{articles: {value}}}}}}}\n"
    with pytest.raises(InvalidInputError):
        read_facts(read_yaml(text), load_scheme("fangcheng-2022"))


def test_half_a_character_and_brackets_without_end_are_refused_in_json() -> None:
    for text in ('{"period": "2023", "subjects": {"a": {"name": "\\udc00局"}}}', "[" * 100000, "9" * 5000):
        with pytest.raises(InvalidInputError):
            read_facts(read_json(text), load_scheme("fangcheng-2022"))


def guide_in_small() -> Policy:
    """The small scheme with the parts that the guide shows."""
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (shown,) = [yaml.load(block, Loader=yaml.CSafeLoader) for block in blocks if block.startswith("strata:")]
    scheme = scheme_of("small") | shown
    scheme["strata"]["beside"] = "ballot"
    scheme["ranking"]["tie_breakers"] = ["daily"]
    scheme["consequences"][0]["triggers"] = [{"grade": ["优秀"]}]
    return parse_scheme(written(scheme))


def test_the_parts_that_the_guide_shows_load() -> None:
    scheme = guide_in_small().defaults
    assert scheme.grades is not None
    assert scheme.grades.names() == ["优秀", "达标", "不达标"]
    assert scheme.streaks is not None
    assert scheme.streaks.without_result == "skipped"
