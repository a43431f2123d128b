"""What if: the stored facts of a result under other readings or another scheme, and who would move.

Nothing is stored, and nothing of it is a result. Readings tried one after another could give away what few
voters said, so nobody whom fewer than five rated is listed, nor the score of a unit that such numbers enter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluations.models import Result, SchemeVersion
from evaluations.results.explained import tables_of
from evaluations.results.outcome import StoredOutcome
from evaluations.results.public import judges_persons, unit_rules_of
from evaluations.results.thin_tables import thin_parts
from evaluations.schemes.stored import policy_of
from evaluations.scoring import InvalidInputError
from evaluations.scoring.compare import LABELS, Change, compare, in_words
from office.definitions.faults import Fault
from office.definitions.source import Document
from office.errors import Refused

NUMBERS = ("score", "withheld")
MOST_NAMED = 5
PARTS = {
    "answers": "评价人的回答",
    "answers_by_stratum": "分类别的回答",
    "marks": "打分",
    "asked": "应交的打分表",
    "occurrences": "台账记录",
    "vetoes": "一票否决情形",
    "not_applicable": "不适用的项目",
    "conditions": "逐项认定",
    "measures": "统计数",
    "placements": "定方阵",
    "external": "外部评价数据",
    "group": "单位分组",
    "members": "参评人员",
    "role": "人员岗位",
    "sections": "科室",
    "history": "以往的结果",
    "superior_body": "上级主管部门",
    "options": "口径的取值",
    "respondents": "各类评价人数",
    "shares": "各类评价人占比",
    "period": "评价周期",
}
"""Parts of the facts as the office calls them."""


@dataclass
class Moved:
    """A unit or person whose result would differ: {what: (before, after)} in words."""

    name: str
    is_person: bool
    differences: dict[str, tuple[str, str]] = field(default_factory=dict)

    def cells(self) -> Iterator[tuple[str, str, str] | None]:
        """In the order of the columns; None where nothing would differ."""
        for what, label in LABELS.items():
            found = self.differences.get(what)
            yield (label, *found) if found else None

    def said(self) -> Iterator[tuple[str, str, str]]:
        return (one for one in self.cells() if one)


@dataclass(frozen=True)
class WhatIf:
    moved: list[Moved]
    left_out: int
    """How many differences are not listed, because they rest on fewer than five answers."""


def what_if(result: Result, version: SchemeVersion, overrides: Mapping[str, Any]) -> WhatIf:
    """Score the stored facts a second time under `version` with these readings."""
    try:
        found = compare(
            Document(result.facts), policy_of(result.scheme_version), policy_of(version), dict(overrides)
        )
    except InvalidInputError as invalid:
        faults = misfits(invalid.faults, result.facts)
        raise Refused("本轮的数据不适用于所选的方案和口径", "请另选：", faults=faults) from invalid
    thin = _thin(result)
    kept = [change for change in found if not _hides(change, thin)]
    rows: dict[tuple[str, str | None], Moved] = {}
    for change in kept:
        row = rows.setdefault((change.subject, change.member), Moved(change.name, change.member is not None))
        row.differences[change.what] = (_said(change, change.before), _said(change, change.after))
    return WhatIf(list(rows.values()), len(found) - len(kept))


def misfits(faults: Iterable[Fault], facts: Mapping[str, Any]) -> list[str]:
    """Which parts of the data do not fit, each with its units, in the office's words."""
    found: dict[str, dict[str, None]] = {}
    for fault in faults:
        top, key, *below = [*map(str, fault.path), "", ""]
        inside = below[2:] if below[0] == "members" else below
        unit = facts["subjects"].get(key, {}).get("name", key) if top == "subjects" else ""
        found.setdefault(PARTS.get(inside[0] if unit else top, "其他数据"), {})[unit] = None
    return [f"{part}{_listed(list(filter(None, units)))}" for part, units in found.items()]


def _listed(names: list[str]) -> str:
    more = f"等 {len(names)} 个单位" if len(names) > MOST_NAMED else ""
    return f"：{'、'.join(names[:MOST_NAMED])}{more}" if names else ""


def _said(change: Change, value: Any) -> str:
    return "—" if value is None and change.what != "listed" else in_words(value)


def _hides(change: Change, thin: set[str]) -> bool:
    if change.member is not None:
        return change.member in thin
    return change.what in NUMBERS and change.subject in thin


def _thin(result: Result) -> set[str]:
    """Who was rated by fewer than five, and the units whose score rests on such numbers too."""
    subjects = StoredOutcome.of(result).subjects.items()
    if not judges_persons(result):
        rules = unit_rules_of(result)
        facts = rules.read(result.facts)
        return {key for key, subject in subjects if thin_parts(rules, key, subject, facts)}
    found: set[str] = set()
    for key, subject in subjects:
        tables = tables_of(result, subject, key)
        few = set(tables.thin)
        found |= (
            few | {one for one in subject.members if tables.hides_leader(one)} | ({key} if few else set())
        )
    return found
