"""Drawing from a pool by strata and sub-cells: anybody with the list and the seed gets the same names.

Rule `sanliang-pool-draw/1`, to be done with any program that knows SHA-256:

1. the strata share the total by their planned sizes, by the largest remainder; a tied seat goes to the
   larger stratum, then to the earlier one (广元 三(一): 7.5 and 49.5 of 300 give 7 and 50);
2. within a stratum the sub-cells share in the same way; of tied sub-cells of one size those come first
   whose SHA-256 of `sanliang-pool-draw/1|SEED|STRATUM|CELL` is smaller;
3. members with a reason to stay out are left out; the others of a cell are sorted by the SHA-256 of
   `sanliang-draw/1|SEED|NUMBER` (the same as for sittings);
4. the first of a cell are drawn, the next are its reserve, in this order.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from surveys.draws import lot
from surveys.draws.apportion import largest_remainder

RULE = "sanliang-pool-draw/1"
Place = tuple[str, str]
"""Stratum and cell."""


@dataclass(frozen=True)
class Cell:
    """A sub-cell and the number of members it is planned to have; a stratum without any has one, named ""."""

    stratum: str
    name: str
    size: int

    @property
    def place(self) -> Place:
        return self.stratum, self.name


@dataclass(frozen=True)
class Listed:
    """A member of the pool as the draw sees it; `left_out` is the reason to stay out of it."""

    number: str
    stratum: str
    cell: str
    left_out: str = ""

    @property
    def place(self) -> Place:
        return self.stratum, self.cell


@dataclass(frozen=True)
class Reserve:
    """How many of each cell are kept in reserve: a percentage of its quota, and no fewer than `least`."""

    percent: int = 100
    least: int = 2

    def of(self, quota: int) -> int:
        return max(self.least, -(-quota * self.percent // 100)) if quota else 0


@dataclass(frozen=True)
class CellDraw:
    cell: Cell
    quota: int
    drawn: tuple[str, ...]
    reserve: tuple[str, ...]


def stratum_sizes(cells: Iterable[Cell]) -> dict[str, int]:
    sizes: dict[str, int] = defaultdict(int)
    for cell in cells:
        sizes[cell.stratum] += cell.size
    return dict(sizes)


def stratum_quotas(total: int, cells: Iterable[Cell]) -> dict[str, int]:
    return largest_remainder(total, stratum_sizes(cells))


def quotas(total: int, cells: Sequence[Cell], *, seed: str) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for stratum, quota in stratum_quotas(total, cells).items():
        below = sorted((cell for cell in cells if cell.stratum == stratum), key=lambda one: _tie(seed, one))
        found |= largest_remainder(quota, {cell.place: cell.size for cell in below})
    return found


def draw(
    listed: Iterable[Listed], cells: Sequence[Cell], *, total: int, seed: str, reserve: Reserve
) -> list[CellDraw]:
    """Draw from every cell in the order of `cells`; fewer than the quota where there are not enough."""
    there: dict[Place, list[str]] = defaultdict(list)
    for one in listed:
        if not one.left_out:
            there[one.place].append(one.number)
    shared = quotas(total, cells, seed=seed)
    found = []
    for cell in cells:
        quota = shared[cell.place]
        drawn = lot.draw(
            there[cell.place], seed=seed, preferred=(), invited=quota, substitutes=reserve.of(quota)
        )
        found.append(CellDraw(cell, quota, drawn.invited, drawn.substitutes))
    return found


def next_of(reserve: Sequence[str], used: Collection[str]) -> str | None:
    """The next of a reserve: its order was fixed by the draw, nobody picks."""
    return next((number for number in reserve if number not in used), None)


def digest_of_list(listed: Iterable[Listed]) -> str:
    """SHA-256 of the list sorted by number: one JSON array of number, stratum, cell, reason in each line."""
    rows = sorted([one.number, one.stratum, one.cell, one.left_out] for one in listed)
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    return sha256("\n".join(lines).encode()).hexdigest()


def _tie(seed: str, cell: Cell) -> str:
    return sha256(f"{RULE}|{seed}|{cell.stratum}|{cell.name}".encode()).hexdigest()
