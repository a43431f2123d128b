"""What was rated, by level, as bars with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from casework.figures.shares import Share
from office.definitions.numbers import half_up
from office.shades import OTHERS, STRIPES, shade_of
from ratings.rules import RatingRules

LAST_GOOD = OTHERS.index("fair")


@dataclass(frozen=True)
class Bar:
    """One level of a sum; `start` and `width` are hundredths of the whole bar, `color` names its look."""

    word: str
    number: int
    share: Share
    start: float
    width: float
    color: str

    @property
    def stripes(self) -> tuple[tuple[str, str], ...]:
        """Top and height of the white stripes of a bad level in a bar 6 high."""
        shade = self.color.removeprefix("shade-")
        if shade not in STRIPES:
            return ()
        high = 0.4 * STRIPES[shade]
        return tuple((f"{y:g}", f"{high:g}") for y in (0.8, 5.2 - high))


def colors(rules: RatingRules) -> dict[str, str]:
    """Return {level: its look}, the same as in published results: good and bad ones are never drawn alike."""
    good = [word for word in rules.words if word not in rules.bad_words]
    places = {word: min(at, LAST_GOOD) for at, word in enumerate(good)}
    places |= {word: LAST_GOOD + at for at, word in enumerate(rules.bad_words, start=1)}
    return {word: f"shade-{shade_of(word, place)}" for word, place in places.items()}


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
