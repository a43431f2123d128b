"""One counting control (核对项), and which of the broken ones a named person may explain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Control:
    """One inequality: a key that never changes, what it says with its numbers, whether it holds.

    `explainable`: numbers that do not add up and can have an innocent reason, such as a slip lost
    in the hall. An altered bundle, another list of codes, anything doubled, a forged signature or
    more ballots than redeemed slips have none: nobody can explain them away.
    """

    key: str
    said: str
    holds: bool
    explainable: bool = False


def unexplained(found: Iterable[Control], explained: Mapping[str, str]) -> list[Control]:
    """The broken controls that still stand in the way.

    `explained`: key → what the control said then. With other numbers it has to be explained anew.
    """
    return [
        one for one in found if not one.holds and not (one.explainable and explained.get(one.key) == one.said)
    ]
