"""What a planned number of voters will be able to show, said before the box opens.

Voters meet few departments often and most seldom. Contact is taken to fall with the rank r of a
department, and of a person within it, as 1 / r^0.75; answers per person then scatter as Poisson.
With 24 departments of 18 persons, 2 departments per voter and 3 persons in each, this leaves about
90 % of the persons below ten answers at 300 voters, half at 1,000 and a tenth at 3,000, which is
what rounds of this kind have shown. It is a forecast to plan by, no rule: floats are fine here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SKEW = 0.75
BANDS = (5, 10, 20, 50)
MOST_VOTERS = 1_000_000


@dataclass(frozen=True)
class Forecast:
    voters: int
    persons: int
    mean_answers: float  # expected answers of a person, on average
    median_answers: float  # half of the persons may expect fewer
    least_answers: float  # a tenth of the persons may expect fewer
    share_reaching: float  # share of persons with enough answers, 0 to 1
    bands: tuple[tuple[int, int | None, float], ...]  # (from, up to, share of persons)
    voters_needed: int  # for `target_share` of the persons; 0 when no number is enough
    slips_needed: int  # the same, at the expected return


def what_it_will_show(
    *,
    persons_per_department: Sequence[int],
    voters: int,
    departments_per_voter: int = 2,
    persons_per_department_rated: int = 3,
    min_valid_answers: int = 10,
    target_share: float = 0.8,
    expected_return: float = 0.7,
) -> Forecast:
    rates = _rates(persons_per_department, departments_per_voter, persons_per_department_rated)
    expected = sorted(voters * rate for rate in rates)
    needed = _voters_needed(rates, min_valid_answers, target_share)
    return Forecast(
        voters=voters,
        persons=len(expected),
        mean_answers=sum(expected) / len(expected) if expected else 0.0,
        median_answers=expected[len(expected) // 2] if expected else 0.0,
        least_answers=expected[len(expected) // 10] if expected else 0.0,
        share_reaching=_share(rates, voters, min_valid_answers),
        bands=_bands(rates, voters),
        voters_needed=needed,
        slips_needed=math.ceil(needed / expected_return),
    )


def _rates(persons_per_department: Sequence[int], departments: int, persons: int) -> list[float]:
    sizes = [size for size in persons_per_department if size > 0]
    contact = _weights(len(sizes))
    rates = []
    for size, weight in zip(sizes, contact, strict=True):
        visits = min(1.0, departments * weight)
        rates += [visits * min(1.0, min(persons, size) * share) for share in _weights(size)]
    return rates


def _weights(count: int) -> list[float]:
    raw = [1 / rank**SKEW for rank in range(1, count + 1)]
    total = sum(raw)
    return [weight / total for weight in raw]


def _reaches(mean: float, least: int) -> float:
    term = math.exp(-mean)
    below = 0.0
    for number in range(least):
        below += term
        term *= mean / (number + 1)
    return max(0.0, 1 - below)


def _share(rates: Sequence[float], voters: int, least: int) -> float:
    if not rates:
        return 0.0
    return sum(_reaches(voters * rate, least) for rate in rates) / len(rates)


def _bands(rates: Sequence[float], voters: int) -> tuple[tuple[int, int | None, float], ...]:
    reaching = [1.0, *(_share(rates, voters, edge) for edge in BANDS), 0.0]
    edges: list[int | None] = [0, *BANDS, None]
    bands = []
    for place, start in enumerate(edges[:-1]):
        end = edges[place + 1]
        share = reaching[place] - reaching[place + 1]
        bands.append((start or 0, None if end is None else end - 1, share))
    return tuple(bands)


def _voters_needed(rates: Sequence[float], least: int, target: float) -> int:
    if not rates or _share(rates, MOST_VOTERS, least) < target:
        return 0
    low, high = 0, MOST_VOTERS
    while low < high:
        middle = (low + high) // 2
        if _share(rates, middle, least) >= target:
            high = middle
        else:
            low = middle + 1
    return low
