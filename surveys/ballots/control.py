"""One counting control (核对项), and which broken ones a named person may explain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Control:
    """One inequality: a key that never changes, a sentence with its numbers, whether it holds.

    `explainable`: numbers that do not add up and can have an innocent reason, such as a slip lost
    in the hall. An altered bundle, another list of codes, duplicates, a forged signature or more
    ballots than redeemed slips have no innocent reason: nobody can explain them away. `uncounted`: nobody
    counted, so there is nothing to compare; that is neither right nor wrong, and is said.
    """

    key: str
    said: str
    holds: bool
    explainable: bool = False
    uncounted: bool = False


def unexplained(found: Iterable[Control], explained: Mapping[str, str]) -> list[Control]:
    """The broken controls that still block the tally.

    `explained`: key → the control's sentence when it was explained; other numbers need a new explanation.
    """
    return [
        one for one in found if not one.holds and not (one.explainable and explained.get(one.key) == one.said)
    ]
