"""What each clause of a policy says, in our own words: the rules of the scheme that stand on it, together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from evaluations.scoring.loading import Policy
from evaluations.scoring.scheme import Scheme

Plain = dict[str, Any]
Said = tuple[str, str, str]
NUMERALS = "零一二三四五六七八九十"


def clauses_of(policy: Policy, scheme: Scheme) -> list[Plain]:
    """In the order of the document: the clause, and its rules with name and words; gaps of the text apart."""
    rules: dict[str, dict[tuple[str, str], None]] = {}
    for clause, label, says in _rules(scheme.model_dump(), ""):
        rules.setdefault(clause, {})[label, says] = None
    gaps: dict[str, list[tuple[str, str]]] = {}
    for one in policy.readings:
        gaps.setdefault(one.clause, []).append((one.question, one.answer))
    return [
        {
            "clause": clause,
            "rules": [list(one) for one in rules.get(clause, {})],
            "gaps": [list(one) for one in gaps.get(clause, [])],
        }
        for clause in sorted({*rules, *gaps}, key=_place)
    ]


def _place(clause: str) -> tuple[tuple[int, int], ...]:
    """三(二)1(10) after 三(二)1(9): by its numbers; what has none (附件) stands at the end."""
    parts = re.findall(rf"[{NUMERALS}]+|\d+", clause)
    if not re.match(rf"[{NUMERALS}\d]", clause):
        return ((1, 0), *((0, _number(one)) for one in parts))
    return tuple((0, _number(one)) for one in parts)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, has_tens, ones = text.rpartition("十")
    if not has_tens:
        return NUMERALS.index(ones)
    return 10 * (NUMERALS.index(tens) if tens else 1) + (NUMERALS.index(ones) if ones else 0)


def _rules(node: Any, name: str) -> Iterator[Said]:
    if isinstance(node, Mapping):
        clause, says = node.get("clause"), node.get("says")
        if isinstance(clause, str) and clause and says:
            yield clause, str(node.get("label") or node.get("word") or name), str(says)
        for key, below in node.items():
            yield from _rules(below, PARTS.get(str(key), name))
    elif isinstance(node, list | tuple):
        for below in node:
            yield from _rules(below, name)


PARTS = {
    "cadence": "评价周期",
    "subjects": "评价对象",
    "strata": "评价主体",
    "answer_scales": "答案的分值",
    "grades": "等次",
    "ranking": "名次",
    "veto": "一票否决",
    "gathering": "数据来源",
    "approval": "批准",
    "appeals": "申诉",
    "tolerance": "容错纠错",
    "consequences": "处置",
    "measures": "处置",
    "streaks": "连续几轮",
    "streak": "连续几轮",
}
"""How parts of a scheme are called where they have no name of their own."""
