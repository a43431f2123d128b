"""How sure a mean, a sum and a rank are: against reference values, and how often the true value is inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import exp, lgamma, log
from random import Random

import pytest

from evaluations.confidence import Bounds, Sample, kish, of_mean, of_sum, places, stays_within, wilson

VALUES = (100.0, 80.0, 60.0, 30.0)
LOW, HIGH = 30.0, 100.0
Chances = tuple[float, float, float, float]

REFERENCE = (
    (0, 5, 0.0, 0.434482464783),
    (1, 5, 0.036224108632, 0.624465370237),
    (3, 10, 0.107791267406, 0.603221852539),
    (10, 10, 0.722467200137, 1.0),
    (9, 20, 0.258197858256, 0.65791465755),
    (37, 50, 0.604468427352, 0.841284725064),
    (199, 200, 0.972226295602, 0.999116831284),
    (1, 1000, 0.000176546371, 0.005642558598),
    (4321, 9999, 0.422461464847, 0.441877082796),
)
"""scipy 1.17.1: `binomtest(k, n).proportion_ci(method="wilson")`; statsmodels 0.15.0 says the same
(`proportion_confint(k, n, method="wilson")`)."""

TYPICAL: dict[str, Chances] = {
    "as most units are": (0.50, 0.30, 0.15, 0.05),
    "good": (0.70, 0.25, 0.04, 0.01),
    "very good": (0.90, 0.08, 0.015, 0.005),
    "in the middle": (0.05, 0.45, 0.45, 0.05),
    "evenly spread": (0.25, 0.25, 0.25, 0.25),
    "bad": (0.05, 0.15, 0.30, 0.50),
    "of two minds": (0.50, 0.0, 0.0, 0.50),
}
OUTLIERS: dict[str, Chances] = {
    "one of a hundred at the other end": (0.99, 0.0, 0.0, 0.01),
    "three of a hundred at the other end": (0.97, 0.0, 0.0, 0.03),
    "one of ten at the other end": (0.90, 0.0, 0.0, 0.10),
}


@pytest.mark.parametrize(("k", "n", "low", "high"), REFERENCE)
def test_the_interval_of_a_share_is_wilsons(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k / n, n) == pytest.approx((low, high), abs=1e-11)


@pytest.mark.parametrize(
    ("z", "low", "high"),
    [
        (1.6448536269514722, 0.13176024453803759, 0.379026053128682),
        (2.5758293035489004, 0.0952669766115602, 0.4679909691047656),
    ],
)
def test_other_levels_are_wilsons_too(z: float, low: float, high: float) -> None:
    """scipy 1.17.1: 7 of 30 with 90 and 99 of 100."""
    assert wilson(7 / 30, 30, z) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize(("share", "size"), [(-0.01, 10), (1.01, 10), (0.5, 0), (0.5, -1)])
def test_what_is_no_share_has_no_interval(share: float, size: float) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(share, size)


@pytest.mark.parametrize(("k", "n", "low", "high"), REFERENCE)
def test_answers_at_both_ends_of_the_scale_have_wilsons_interval_too(
    k: int, n: int, low: float, high: float
) -> None:
    """They are as different as their mean allows: nothing makes the interval narrower."""
    mean = LOW + (HIGH - LOW) * k / n
    weights = {value: weight for value, weight in ((HIGH, float(k)), (LOW, float(n - k))) if weight}
    found = of_mean(mean, n, LOW, HIGH, Sample(weights, n, LOW, HIGH))
    assert found == pytest.approx((LOW + (HIGH - LOW) * low, LOW + (HIGH - LOW) * high), abs=1e-9)


def luck() -> Random:
    return Random(18)  # noqa: S311 - answers, the same each time


# --- coverage -----------------------------------------------------------------------------------------------


def drawn(n: int, kinds: int = 4) -> Iterator[tuple[int, ...]]:
    """All ways in which `n` answers fall on the values."""
    if kinds == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in drawn(n - first, kinds - 1):
            yield first, *rest


def interval(counts: Sequence[int]) -> tuple[float, Bounds]:
    n = sum(counts)
    mean = sum(value * count for value, count in zip(VALUES, counts, strict=True)) / n
    weights = {value: float(count) for value, count in zip(VALUES, counts, strict=True) if count}
    return mean, of_mean(mean, n, LOW, HIGH, Sample(weights, n, LOW, HIGH))


def true_mean(chances: Chances) -> float:
    return sum(value * chance for value, chance in zip(VALUES, chances, strict=True))


def chance_of(counts: Sequence[int], chances: Chances) -> float:
    found = lgamma(sum(counts) + 1)
    for count, chance in zip(counts, chances, strict=True):
        if count and not chance:
            return 0.0
        found += (count * log(chance) if count else 0.0) - lgamma(count + 1)
    return exp(found)


def coverage(chances: Chances, n: int) -> float:
    """Exactly, over everything that `n` answers can be."""
    truth, found = true_mean(chances), 0.0
    for counts in drawn(n):
        chance = chance_of(counts, chances)
        if chance:
            low, high = interval(counts)[1]
            found += chance if low - 1e-9 <= truth <= high + 1e-9 else 0.0
    return found


@pytest.mark.parametrize("name", TYPICAL)
@pytest.mark.parametrize("n", [10, 20, 50])
def test_the_true_mean_of_few_answers_is_inside(n: int, name: str) -> None:
    """Measured: 0.935 (fifty answers of two minds) to 0.980."""
    assert coverage(TYPICAL[name], n) >= 0.93


@pytest.mark.parametrize("name", [*TYPICAL, *OUTLIERS])
def test_the_true_mean_of_many_answers_is_inside(name: str) -> None:
    """Two hundred answers, drawn two thousand times; measured: 0.938 to 0.966."""
    chances, draw = {**TYPICAL, **OUTLIERS}[name], luck()
    truth, inside = true_mean(chances), 0
    for _ in range(2000):
        counts = Counter(draw.choices(VALUES, chances, k=200))
        low, high = interval([counts[value] for value in VALUES])[1]
        inside += low <= truth <= high
    assert inside / 2000 >= 0.93


@pytest.mark.parametrize("name", OUTLIERS)
@pytest.mark.parametrize("n", [10, 20, 50])
def test_rare_answers_at_the_other_end_cost_a_little_and_no_more(n: int, name: str) -> None:
    """Wilson's own weakness near the ends; measured: 0.904 at the least."""
    assert coverage(OUTLIERS[name], n) >= 0.90


@pytest.mark.parametrize("n", [1, 2, 5, 10, 20])
def test_whatever_was_answered_the_interval_holds_the_mean_on_the_scale_and_has_a_width(n: int) -> None:
    for counts in drawn(n):
        mean, (low, high) = interval(counts)
        assert LOW <= low <= mean + 1e-9, counts
        assert mean - 1e-9 <= high <= HIGH, counts
        assert high - low > 5, counts


@pytest.mark.parametrize("value", VALUES)
def test_answers_all_alike_are_no_certainty(value: float) -> None:
    """The more of them, the narrower; five of one kind leave a third of the scale."""
    widths = []
    for n in (5, 10, 20, 50, 200):
        counts = [n if one == value else 0 for one in VALUES]
        low, high = interval(counts)[1]
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > (HIGH - LOW) / 3
    assert widths[-1] < 4


def test_without_the_answers_an_interval_is_as_wide_as_any() -> None:
    """Whatever answers give this mean, knowing them never makes it wider."""
    for counts in drawn(12):
        mean, (low, high) = interval(counts)
        least, most = of_mean(mean, 12, LOW, HIGH)
        assert least <= low + 1e-9, counts
        assert high <= most + 1e-9, counts


# --- weights ------------------------------------------------------------------------------------------------


def test_unequal_weights_count_as_fewer_answers() -> None:
    assert kish([1.0] * 40) == pytest.approx(40)
    assert kish([7.5] * 40) == pytest.approx(40)
    assert kish([0.5 / 10] * 10 + [0.5 / 90] * 90) == pytest.approx(36)
    assert kish([1.0, 1e-9]) == pytest.approx(1)


@pytest.mark.parametrize(
    "people",
    [
        ((5, TYPICAL["as most units are"]), (40, TYPICAL["good"])),
        ((10, TYPICAL["as most units are"]), (20, TYPICAL["bad"]), (60, TYPICAL["good"])),
        ((12, TYPICAL["very good"]), (12, TYPICAL["bad"])),
    ],
)
def test_a_unit_is_as_sure_as_the_answers_on_its_people(people: tuple[tuple[int, Chances], ...]) -> None:
    """Everybody weighs the same, however many answered on them; measured: 0.955 and more of 1000."""
    draw, truth, inside = luck(), sum(true_mean(one) for _, one in people) / len(people), 0
    for _ in range(1000):
        weights: dict[float, float] = {}
        each: list[float] = []
        for n, chances in people:
            share = 1 / n / len(people)
            for value in draw.choices(VALUES, chances, k=n):
                weights[value] = weights.get(value, 0.0) + share
                each.append(share)
        size = kish(each)
        mean = sum(value * weight for value, weight in weights.items())
        low, high = of_mean(mean, size, LOW, HIGH, Sample(weights, size, LOW, HIGH))
        inside += low <= truth <= high
    assert inside / 1000 >= 0.93


# --- sums ---------------------------------------------------------------------------------------------------


def test_one_part_alone_is_as_sure_as_its_mean() -> None:
    assert of_sum(80.0, [(1.0, 80.0, (70.0, 86.0))]) == pytest.approx((70.0, 86.0))
    assert of_sum(52.0, [(0.4, 80.0, (70.0, 86.0))]) == pytest.approx((48.0, 54.4))


def test_exact_parts_add_nothing() -> None:
    assert of_sum(91.25, []) == (91.25, 91.25)
    with_exact = of_sum(90.0, [(0.5, 80.0, (70.0, 86.0)), (0.5, 100.0, (100.0, 100.0))])
    assert with_exact == pytest.approx((85.0, 93.0))


def test_parts_are_added_by_their_squares() -> None:
    """Zou and Donner: three and four make five, on each side by itself."""
    assert of_sum(50.0, [(1.0, 20.0, (17.0, 26.0)), (1.0, 30.0, (26.0, 38.0))]) == pytest.approx((45.0, 60.0))


def test_what_is_taken_off_changes_sides() -> None:
    assert of_sum(10.0, [(-1.0, 20.0, (17.0, 26.0))]) == pytest.approx((4.0, 13.0))


def test_a_sum_stays_on_its_scale() -> None:
    weights, means = (0.3, 0.3, 0.4), (99.0, 98.0, 35.0)
    parts = [(w, m, of_mean(m, 5, LOW, HIGH)) for w, m in zip(weights, means, strict=True)]
    low, high = of_sum(sum(w * m for w, m in zip(weights, means, strict=True)), parts)
    assert LOW <= low < high <= HIGH


@pytest.mark.parametrize(
    "parts",
    [
        ((0.6, 10, TYPICAL["as most units are"]), (0.4, 20, TYPICAL["good"])),
        ((1.0, 10, TYPICAL["very good"]), (0.2, 10, TYPICAL["bad"])),
        ((0.3, 50, TYPICAL["bad"]), (0.3, 50, TYPICAL["good"]), (-0.4, 10, TYPICAL["evenly spread"])),
    ],
)
def test_the_true_sum_is_inside(parts: tuple[tuple[float, int, Chances], ...]) -> None:
    """Measured: 0.948 and more of 3000."""
    draw, truth, inside = luck(), sum(w * true_mean(chances) for w, _, chances in parts), 0
    for _ in range(1000):
        total, uncertain = 0.0, []
        for weight, n, chances in parts:
            counts = Counter(draw.choices(VALUES, chances, k=n))
            mean, bounds = interval([counts[value] for value in VALUES])
            total += weight * mean
            uncertain.append((weight, mean, bounds))
        low, high = of_sum(total, uncertain)
        inside += low <= truth <= high
    assert inside / 1000 >= 0.93


# --- grades and ranks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "steady"),
    [
        ((80.0, 89.9), True),
        ((79.9, 89.9), False),
        ((80.0, 90.0), False),  # ninety is the better grade
        ((80.0, 80.0), True),
    ],
)
def test_a_grade_is_steady_from_its_lower_bound_on_and_below_the_next(
    bounds: Bounds, *, steady: bool
) -> None:
    assert stays_within(bounds, 80, 90) is steady


def test_the_best_grade_has_no_end() -> None:
    assert stays_within((90.0, 100.0), 90, None)
    assert not stays_within((89.9, 100.0), 90, None)


def test_ranks_are_open_where_intervals_overlap() -> None:
    found = places({"a": (90.0, 95.0), "b": (85.0, 90.0), "c": (80.0, 84.9), "d": (70.0, 85.0)})
    assert found == {"a": (1, 2), "b": (1, 3), "c": (3, 4), "d": (2, 4)}


def test_exact_scores_have_one_rank_unless_tied() -> None:
    assert places({"a": (90.0, 90.0), "b": (80.0, 80.0)}) == {"a": (1, 1), "b": (2, 2)}
    assert places({"a": (90.0, 90.0), "b": (90.0, 90.0)}) == {"a": (1, 2), "b": (1, 2)}
    assert places({}) == {}


def test_the_rank_of_the_scores_is_always_in_the_range() -> None:
    draw = luck()
    for _ in range(200):
        scores = {str(place): draw.uniform(LOW, HIGH) for place in range(12)}
        bounds = {key: of_mean(score, draw.randint(5, 200), LOW, HIGH) for key, score in scores.items()}
        for key, (best, worst) in places(bounds).items():
            rank = 1 + sum(other > scores[key] for other in scores.values())
            assert 1 <= best <= rank <= worst <= len(scores)
