"""The score sheet of a unit (评分表, FC-R12): item, full marks, what it got, remark, from the derivation.

It is handed to the unit, so it says what the unit's own page says: secret parts only where publication would
show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluations.models import Result
from evaluations.publication import Node, PublicDepartment
from evaluations.results.own import own_units


@dataclass(frozen=True)
class Line:
    """One row; `depth` says under which one it stands."""

    depth: int
    item: str
    full: str
    got: str
    remark: str
    clause: str

    @property
    def is_total(self) -> bool:
        return self.depth == 0

    @property
    def place(self) -> str:
        """The item with two spaces for each level, for a workbook."""
        return "　" * max(self.depth - 1, 0) + self.item


@dataclass(frozen=True)
class ScoreSheet:
    unit: PublicDepartment
    lines: tuple[Line, ...]


def score_sheets(result: Result) -> list[ScoreSheet]:
    """The sheets of all units of a round, in the order of the ranking."""
    return [ScoreSheet(one, tuple(lines_of(one))) for one in own_units(result)]


def score_sheet(result: Result, key: str) -> ScoreSheet:
    return next(one for one in score_sheets(result) if one.unit.id == key)


def lines_of(unit: PublicDepartment) -> Iterator[Line]:
    """Parts first and the total last, as the tables of the policies have it; then grade and rank."""
    total, *beside = unit.derivation.parts
    if total.parts:
        for part in total.parts:
            yield from _lines(part, 1)
        yield Line(0, total.label, total.full, total.value, "；".join(unit.notes), total.clause)
    else:
        yield Line(
            0, total.label, total.full, total.value, "；".join((total.because, *unit.notes)), total.clause
        )
    for one in beside:
        yield Line(0, one.label, "", one.value, one.because, one.clause)


def _lines(node: Node, depth: int) -> Iterator[Line]:
    yield Line(depth, node.label, node.full, node.value, node.because, node.clause)
    for part in node.parts:
        yield from _lines(part, depth + 1)
