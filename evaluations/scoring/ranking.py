"""Ranking (排名): shared ranks within a pool of peers, best and worst lists, ties for a person to confirm."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from pydantic import Field

from evaluations.scoring.rule import Id, Part, Rule


class ListSize(Part):
    """How many stand on each list; 0 is no list."""

    best: int = Field(default=0, ge=0)
    worst: int = Field(default=0, ge=0)


class Ranking(Rule):
    """Who is compared with whom (``within``), how long the lists are (per pool, or ``lists`` for all), what
    breaks ties, and whether equals at the edge of a list all stand on it or none of them does.

    ``within: group`` ranks each group apart; ``pool`` ranks together the groups that share a pool; ``all``
    ranks everybody.
    """

    within: Literal["group", "pool", "all"] = "group"
    lists: ListSize = ListSize()
    lists_of: dict[str, ListSize] = {}
    tie_breakers: tuple[Id, ...] = ()
    edge_ties: Literal["included", "left_out"] = "included"

    def sizes(self, pool: str) -> ListSize:
        """The list sizes of one pool."""
        return self.lists_of.get(pool, self.lists)


@dataclass(slots=True)
class Lists:
    """The two lists of one pool; ``to_confirm`` are those whose place depends on a tie that a person must
    settle.
    """

    best: list[str] = field(default_factory=list)
    worst: list[str] = field(default_factory=list)
    to_confirm: list[str] = field(default_factory=list)
    all_equal: bool = False


SortKey = tuple[Fraction, ...]


def ranks(scores: dict[str, SortKey]) -> dict[str, int]:
    """1 for the highest; equals share a rank and the next rank is skipped (1, 2, 2, 4)."""
    ordered = sorted(scores.values(), reverse=True)
    first: dict[SortKey, int] = {}
    for place, score in enumerate(ordered, start=1):
        first.setdefault(score, place)
    return {key: first[score] for key, score in scores.items()}


def lists(scores: dict[str, SortKey], size: ListSize, edge_ties: str = "included") -> Lists:
    """The best and the worst, with everybody tied at an edge (or without them, if they are left out);
    nobody stands on both, and equals make no list.
    """
    if not (size.best or size.worst) or not scores:
        return Lists()
    if len(set(scores.values())) == 1:
        return Lists(all_equal=True)
    down = sorted(scores, key=lambda key: scores[key], reverse=True)
    best, best_tied = _edge(down, scores, size.best)
    remaining = [key for key in reversed(down) if key not in best]
    worst, worst_tied = _edge(remaining, scores, size.worst)
    worst.reverse()
    if edge_ties == "left_out":
        best = [key for key in best if key not in best_tied]
        worst = [key for key in worst if key not in worst_tied]
    confirm = [key for key in down if key in best_tied or key in worst_tied]
    return Lists(best, worst, confirm)


def _edge(ordered: list[str], scores: dict[str, SortKey], size: int) -> tuple[list[str], set[str]]:
    """The first ``size`` and all who equal the last of them; those equals, if there are more of them than
    places.
    """
    if size == 0 or not ordered:
        return [], set()
    if size >= len(ordered):
        return list(ordered), set()
    edge = scores[ordered[size - 1]]
    chosen = [*ordered[:size], *(key for key in ordered[size:] if scores[key] == edge)]
    tied = {key for key in chosen if scores[key] == edge} if len(chosen) > size else set()
    return chosen, tied
