"""Figures that others published, by indicator, with source and day (FC-R11). Blank: the unit took no part."""

from __future__ import annotations

from functools import partial
from typing import Any

from evaluations.gathering.entries.columns import Number
from evaluations.gathering.entries.grid import Grid, Row, values_of
from evaluations.gathering.entries.words import name_of, words_of
from evaluations.models import Channel


def fixed(channel: Channel) -> dict[str, str]:
    """The indicators that the scheme itself names; none where people name them in each round."""
    return words_of(channel).external[name_of(channel)].names


def grid_of(channel: Channel) -> Grid:
    name = name_of(channel)
    need = words_of(channel).external[name]
    named = need.names or {one: one for one in channel.named_items}
    columns = tuple(
        Number(item=key, label=label, high=need.full, places=4, needed=False) for key, label in named.items()
    )
    return Grid(
        columns=columns,
        part=partial(_part, name, tuple(named)),
        sourced=True,
        keeps_blanks=True,
        says="没有参加某项评价的单位留空，按参与单位的平均分计算；参加而得零分的填 0。",
    )


def _part(name: str, items: tuple[str, ...], row: Row) -> dict[str, Any]:
    """Every indicator stands there, so that the result lists those in which nobody took part, too."""
    found = values_of(row)
    return {"external": {name: {item: found.get(item) for item in items}}}
