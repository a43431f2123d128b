"""One mark by the office, in total or by aspect, with a remark (FC-R3, FC-R4, FC-R6)."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

from evaluations.gathering.entries.columns import Number
from evaluations.gathering.entries.grid import Grid, Row, remark_of, values_of
from evaluations.gathering.entries.words import name_of, scheme, words_of
from evaluations.models import Channel


def grid_of(channel: Channel) -> Grid:
    name = name_of(channel)
    need = words_of(channel).marks[name]
    if not need.aspects:
        only = (Fraction(0), need.full) if need.all_or_nothing else ()
        columns: tuple[Number, ...] = (Number(item="", label="得分", high=need.full, only=only),)
        return Grid(columns=columns, part=partial(_whole, name))
    labels = _labels(channel, name)
    columns = tuple(
        Number(item=aspect, label=labels.get(aspect, aspect), high=full)
        for aspect, full in need.aspects.items()
    )
    return Grid(columns=columns, part=partial(_by_aspect, name, tuple(need.aspects)))


def _labels(channel: Channel, name: str) -> dict[str, str]:
    step = scheme(channel).step(name)
    return {key: aspect.label for key, aspect in getattr(step, "aspects", {}).items()}


def _whole(name: str, row: Row) -> dict[str, Any]:
    cell = row.get("")
    if cell is None or cell.value is None:
        return {}
    return {"marks": {name: {"points": cell.value, "remark": cell.remark} if cell.remark else cell.value}}


def _by_aspect(name: str, aspects: tuple[str, ...], row: Row) -> dict[str, Any]:
    """Nothing until every aspect has its mark."""
    given: dict[str, Any] = {aspect: one for aspect, one in values_of(row).items() if aspect in aspects}
    if len(given) < len(aspects):
        return {}
    remark = remark_of(row)
    return {"marks": {name: {**given, "remark": remark} if remark else given}}
