"""A number per unit, entered or imported, such as articles in the press (FC-R7)."""

from __future__ import annotations

from functools import partial
from typing import Any

from evaluations.gathering.entries.columns import Number
from evaluations.gathering.entries.grid import Grid, Row
from evaluations.gathering.entries.words import name_of, words_of
from evaluations.models import Channel


def grid_of(channel: Channel) -> Grid:
    name = name_of(channel)
    columns = (Number(item="", label=words_of(channel).measures[name], places=4),)
    return Grid(columns=columns, part=partial(_part, name))


def _part(name: str, row: Row) -> dict[str, Any]:
    cell = row.get("")
    return {} if cell is None or cell.value is None else {"measures": {name: cell.value}}
