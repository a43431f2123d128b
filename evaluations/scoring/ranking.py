"""Ranking (排名): shared ranks within a pool of peers, best and worst lists, ties left to a person."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from pydantic import Field

from office.definitions.rule import Id, Part, Rule


class ListSize(Part):
    """The number of subjects on each list; 0 means no list."""

    best: int = Field(default=0, ge=0)
    worst: int = Field(default=0, ge=0)


class Ranking(Rule):
    """Who is compared with whom, how long the lists are, what breaks ties, who is on a list in a tie.

    ``within``: ``group`` ranks each group separately, ``pool`` ranks groups of the same pool together,
    ``all`` ranks everybody. ``lists`` holds for all pools unless ``lists_of`` names one. ``edge_ties``: of
    subjects that tie at the edge of a list all are on it, or none of them is. ``last_never_best``: where
    there are fewer subjects than places, whoever is last is not on the list of the best. ``vetoed``: whether
    a subject whose grade a veto fixed has a rank.
    """

    within: Literal["group", "pool", "all"] = "group"
    lists: ListSize = ListSize()
    lists_of: dict[str, ListSize] = {}
    tie_breakers: tuple[Id, ...] = ()
    edge_ties: Literal["included", "left_out"] = "included"
    last_never_best: bool = False
    vetoed: Literal["ranked", "unranked"] = "ranked"

    def sizes(self, pool: str) -> ListSize:
        return self.lists_of.get(pool, self.lists)


@dataclass(slots=True)
class Lists:
    """The two lists of one pool; a person must settle the ties of those in ``to_confirm``.

    ``shortened`` says so where there are fewer subjects than places on the two lists.
    """

    best: list[str] = field(default_factory=list)
    worst: list[str] = field(default_factory=list)
    to_confirm: list[str] = field(default_factory=list)
    all_equal: bool = False
    shortened: str = ""


SortKey = tuple[Fraction, ...]


def ranks(scores: dict[str, SortKey]) -> dict[str, int]:
    """1 for the highest; equals share a rank and the next rank is skipped (1, 2, 2, 4)."""
    ordered = sorted(scores.values(), reverse=True)
    first: dict[SortKey, int] = {}
    for place, score in enumerate(ordered, start=1):
        first.setdefault(score, place)
    return {key: first[score] for key, score in scores.items()}


def lists(scores: dict[str, SortKey], rule: Ranking, size: ListSize) -> Lists:
    """The best and the worst, with or without those tied at an edge.

    Nobody is on both lists, and if all are equal there is no list.
    """
    if not (size.best or size.worst) or not scores:
        return Lists()
    if len(set(scores.values())) == 1:
        return Lists(all_equal=True)
    down = sorted(scores, key=lambda key: scores[key], reverse=True)
    lowest = scores[down[-1]]
    praised = [key for key in down if scores[key] != lowest] if rule.last_never_best else down
    best, best_tied = _edge(praised, scores, size.best)
    remaining = [key for key in reversed(down) if key not in best]
    worst, worst_tied = _edge(remaining, scores, size.worst)
    worst.reverse()
    if rule.edge_ties == "left_out":
        best = [key for key in best if key not in best_tied]
        worst = [key for key in worst if key not in worst_tied]
    confirm = [key for key in down if key in best_tied or key in worst_tied]
    return Lists(best, worst, confirm, shortened=_shortened(len(scores), size, best, worst))


def _shortened(subjects: int, size: ListSize, best: list[str], worst: list[str]) -> str:
    if subjects >= size.best + size.worst:
        return ""
    places = f"前列 {size.best} 个、末位 {size.worst} 个"
    left = f"前列 {len(best)} 个、末位 {len(worst)} 个"
    return f"有名次的只有 {subjects} 个，少于名单所需（{places}），名单相应缩短为{left}"


def _edge(ordered: list[str], scores: dict[str, SortKey], size: int) -> tuple[list[str], set[str]]:
    """The first ``size`` with all who tie with the last of them; and those ties if they exceed the places."""
    if size == 0 or not ordered:
        return [], set()
    if size >= len(ordered):
        return list(ordered), set()
    edge = scores[ordered[size - 1]]
    chosen = [*ordered[:size], *(key for key in ordered[size:] if scores[key] == edge)]
    tied = {key for key in chosen if scores[key] == edge} if len(chosen) > size else set()
    return chosen, tied
