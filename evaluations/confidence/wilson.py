"""Wilson's score interval for means of answers on a scale, and sums of such means.

Measured on the scale 100/80/60/30 (`tests/evaluations/test_confidence.py`): of 10, 20, 50 and 200 answers as
voters give them 93.5 to 98 of 100 intervals hold the true mean, and of rare answers at the other end alone
90 and more, as Wilson's own. Answers that are all alike always do, so their intervals are the cautious ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""The 97.5 % point of the normal distribution: 95 of 100 such intervals hold the true value."""
Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sample:
    """Answers behind a mean: their weights by value on the scale from `low` to `high`, and how many count.

    `size` may be less than the sum of the weights, where answers depend on each other.
    """

    weights: Mapping[float, float]
    size: float
    low: float
    high: float

    @property
    def variance(self) -> float:
        """Of the answers and one more that is spread evenly over the scale.

        Without it a few answers that are all alike would be taken for certainty.
        """
        whole = sum(self.weights.values())
        mean = sum(value * weight for value, weight in self.weights.items()) / whole
        seen = sum(weight * (value - mean) ** 2 for value, weight in self.weights.items()) / whole
        spread = ((self.low - mean) ** 2 + (self.high - mean) ** 2) / 2
        return (seen * self.size + spread) / (self.size + 1)


def wilson(share: float, size: float, z: float = Z) -> Bounds:
    """The interval of a share between 0 and 1 that was seen among `size`."""
    if not 0 <= share <= 1 or size <= 0:
        raise ValueError(f"no share of {share} among {size}")
    square = z * z / size
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    # At either end the exact value is the end itself, which rounding may miss.
    return (0.0 if share == 0 else max(0.0, middle - half), 1.0 if share == 1 else min(1.0, middle + half))


def of_mean(mean: float, size: float, low: float, high: float, sample: Sample | None = None) -> Bounds:
    """The interval of a mean of answers between `low` and `high`.

    Without a `sample` the answers are taken to be as different as the mean allows.
    """
    share = min(1.0, max(0.0, (mean - low) / (high - low)))
    most = share * (1 - share) * (high - low) ** 2
    if sample is not None and 0 < sample.variance < most:
        size *= most / sample.variance
    bounds = wilson(share, size)
    return low + bounds[0] * (high - low), low + bounds[1] * (high - low)


def of_sum(total: float, parts: Iterable[tuple[float, float, Bounds]]) -> Bounds:
    """The interval of a total from its uncertain parts: weight, value and interval of each."""
    below = above = 0.0
    for weight, value, (low, high) in parts:
        down, up = (low, high) if weight >= 0 else (high, low)
        below += (weight * (value - down)) ** 2
        above += (weight * (up - value)) ** 2
    return total - sqrt(below), total + sqrt(above)


def kish(weights: Sequence[float]) -> float:
    """How many equal answers would say as much as these with unequal weights."""
    return sum(weights) ** 2 / sum(weight * weight for weight in weights)
