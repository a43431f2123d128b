"""What would survive: a grade within its bounds, a rank among neighbours."""

from __future__ import annotations

from collections.abc import Mapping

from evaluations.confidence.wilson import Bounds


def stays_within(bounds: Bounds, lowest: float, highest: float | None) -> bool:
    """Whether every value between the bounds lies in a grade: from `lowest` on, below `highest`."""
    return bounds[0] >= lowest and (highest is None or bounds[1] < highest)


def places(bounds: Mapping[str, Bounds]) -> dict[str, tuple[int, int]]:
    """The best and the worst rank each can have, where higher is better and overlaps leave either order."""
    found = {}
    for key, (low, high) in bounds.items():
        others = [one for other, one in bounds.items() if other != key]
        better = sum(one[0] > high for one in others)
        perhaps = sum(one[1] >= low for one in others)
        found[key] = (1 + better, 1 + perhaps)
    return found
