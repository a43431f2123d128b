"""Dividing whole slips by proportion, by the largest remainder."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def largest_remainder(total: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """Divide `total` among the keys by their weights.

    A tied last place goes to the larger weight, then to the earlier key. All weights 0: nobody gets any.
    """
    whole = sum(weights.values())
    if whole == 0:
        return dict.fromkeys(weights, 0)
    ideal = {key: Fraction(total * weight, whole) for key, weight in weights.items()}
    given = {key: int(share) for key, share in ideal.items()}
    places = {key: place for place, key in enumerate(weights)}
    by_remainder = sorted(weights, key=lambda key: (given[key] - ideal[key], -weights[key], places[key]))
    for key in by_remainder[: total - sum(given.values())]:
        given[key] += 1
    return given


def slips_by_town(
    total: int, shares: Mapping[str, int], voters: Mapping[int, Mapping[str, int]]
) -> dict[int, dict[str, int]]:
    of_kind = largest_remainder(total, shares)
    plan: dict[int, dict[str, int]] = {town: {} for town in voters}
    for kind, slips in of_kind.items():
        towns = largest_remainder(slips, {town: kinds.get(kind, 0) for town, kinds in voters.items()})
        for town, number in towns.items():
            plan[town][kind] = number
    return plan
