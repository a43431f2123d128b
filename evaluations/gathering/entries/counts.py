"""Counts of answers taken over from another body, with source, number and day (FC-R9).

Where the source reports complaints alone, only the answers that cost something are needed.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from evaluations.gathering.entries.columns import Number
from evaluations.gathering.entries.grid import Grid, Row
from evaluations.gathering.entries.words import name_of, scheme, words_of
from evaluations.models import Channel
from evaluations.scoring.steps.answer_deductions import AnswerDeductions
from evaluations.scoring.steps.step import AnswerNeed
from office.errors import Refused

MOST = 10**9 - 1
BETWEEN = "/"
"""An item is a question and a choice."""


def grid_of(channel: Channel) -> Grid:
    source = name_of(channel)
    need = need_of(channel)
    scale = scheme(channel).answer_scales[need.scale]
    only_complaints = _only_complaints(channel, source)
    questions = questions_of(need)
    columns = tuple(
        Number(
            item=f"{question}{BETWEEN}{choice}",
            label=choice if len(questions) == 1 else f"{label}：{choice}",
            places=0,
            needed=choice not in scale.excluded and not (only_complaints and not scale.values[choice]),
        )
        for question, label in questions.items()
        for choice in scale.words
    )
    says = "填份数；没有人选的填 0，留空视为没有填报。"
    if only_complaints:
        says += "只报不满意份数的，其余各列可以留空。"
    return Grid(columns=columns, part=partial(_part, source), sourced=True, keeps_blanks=True, says=says)


def need_of(channel: Channel) -> AnswerNeed:
    """What units are asked; a scheme that asks about persons alone has no counts by unit."""
    need = words_of(channel).answers.get(("subject", name_of(channel)))
    if need is None:
        raise Refused("评价方案在这一项评价个人，不能按单位填报", "请改选无记名评价。")
    return need


def questions_of(need: AnswerNeed) -> dict[str, str]:
    return need.questions or {"overall": "总体评价"}


def _only_complaints(channel: Channel, source: str) -> bool:
    return any(
        isinstance(step, AnswerDeductions) and step.source == source and step.only_complaints
        for step in scheme(channel).steps
    )


def _part(source: str, row: Row) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for item, cell in row.items():
        question, _, choice = item.partition(BETWEEN)
        if cell.value is not None:
            found.setdefault(question, {})[choice] = cell.value
    return {"answers": {source: found}} if found else {}
