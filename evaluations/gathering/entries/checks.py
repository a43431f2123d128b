"""Conditions that are fulfilled or not, each with its remark (FC-R2)."""

from __future__ import annotations

from functools import partial
from typing import Any

from evaluations.gathering.entries.columns import YesNo
from evaluations.gathering.entries.grid import Grid, Row, is_given
from evaluations.gathering.entries.words import scheme, words_of
from evaluations.models import Channel
from evaluations.scoring.steps.mark import PointsFor, SingleMark


def grid_of(channel: Channel) -> Grid:
    words = words_of(channel)
    rules = _rules(channel)
    columns = tuple(
        YesNo(item=key, label=label, needed=key in rules) for key, label in words.conditions.items()
    )
    return Grid(
        columns=columns,
        part=_part,
        remark_each=True,
        check=partial(_check, words.instead, words.conditions),
        missing=partial(_missing, rules),
    )


def _rules(channel: Channel) -> dict[str, PointsFor]:
    found: dict[str, PointsFor] = {}
    for step in scheme(channel).steps:
        if isinstance(step, SingleMark):
            found |= step.conditions
    return found


def _missing(rules: dict[str, PointsFor], row: Row) -> list[str]:
    """A condition needs no answer where another that stands for it holds."""
    return [
        rule.label
        for key, rule in rules.items()
        if not is_given(row.get(key), each=True)
        and not any(other in row and row[other].value is True for other in rule.instead)
    ]


def _check(instead: dict[str, str], labels: dict[str, str], subject: int, row: Row) -> dict[str, str]:
    holds = {item for item, cell in row.items() if cell.value is True}
    return {
        other: f"与“{labels[key]}”相互排斥，不能同时为“是”"
        for other, key in instead.items()
        if other in holds and key in holds
    }


def _part(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, cell in row.items():
        if cell.value is not None:
            remark = {"remark": cell.remark} if cell.remark else {}
            found[key] = {"holds": cell.value, **remark}
    return {"conditions": found} if found else {}
