"""What was rated, by level, as bars with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from casework.figures.shares import Share
from office.definitions.numbers import half_up
from ratings.rules import RatingRules


@dataclass(frozen=True)
class Bar:
    """One level of a sum; `start` and `width` are hundredths of the whole bar, `color` names its look."""

    word: str
    number: int
    share: Share
    start: float
    width: float
    color: str


def colors(rules: RatingRules) -> dict[str, str]:
    """Return {level: its look}: good ones and bad ones are never drawn alike."""
    good = [word for word in rules.words if word not in rules.bad_words]
    return {word: f"good-{at}" for at, word in enumerate(good, start=1)} | {
        word: f"bad-{at}" for at, word in enumerate(rules.bad_words, start=1)
    }


def bars(numbers: Mapping[str, int], rules: RatingRules) -> list[Bar]:
    whole, start, looks = sum(numbers.values()), 0.0, colors(rules)
    drawn = []
    for word in rules.words:
        width = 100 * numbers[word] / whole if whole else 0.0
        drawn.append(
            Bar(
                word,
                numbers[word],
                Share(numbers[word], whole),
                round(start, 3),
                round(width, 3),
                looks[word],
            )
        )
        start += width
    return drawn


def whole_percents(numbers: Mapping[str, int]) -> dict[str, int]:
    """Return the share of each level, rounded to a whole percent; they may add up to 99 or 101."""
    whole = sum(numbers.values())
    return {word: int(half_up(Fraction(100 * n, whole), 0)) if whole else 0 for word, n in numbers.items()}


def none_bad(numbers: Mapping[str, int], rules: RatingRules) -> Share:
    """Return which part was no bad rating."""
    whole = sum(numbers.values())
    return Share(whole - sum(numbers[word] for word in rules.bad_words), whole)
