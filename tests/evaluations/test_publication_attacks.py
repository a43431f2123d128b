"""The named attacks on a publication, each tried from outside: with the public view and arithmetic."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from fractions import Fraction
from itertools import product
from operator import mul
from typing import Any

import pytest

from evaluations.publication import band, public_view, turnout_shown
from evaluations.publication.guard import Part, betrays, remaining
from tests.evaluations.made_by_hand import POINTS, RULES, counts, county, department, mean
from tests.evaluations.test_publication import MIXED, only, persons, view_of

FILLER = [MIXED] * 6
GRADE_BOUNDS = [Fraction(bound) for bound in (60, 70, 80, 90)]


def splits(n: int) -> list[tuple[int, int, int, int]]:
    """All ways in which n answers can be given."""
    return [(a, b, c, n - a - b - c) for a, b, c in product(range(n + 1), repeat=3) if a + b + c <= n]


def possible_scores(n: int) -> list[Fraction]:
    """All means that n answers can have, in order."""
    points = [int(value) for value in POINTS.values()]
    totals = {sum(map(mul, points, split)) for split in splits(n)}
    return [Fraction(total, n) for total in sorted(totals)]


def fitting(possible: dict[int, list[Fraction]], low: Fraction, high: Fraction) -> list[int]:
    """The numbers of answers that can have a mean from `low` to `high`."""
    return [n for n, scores in possible.items() if bisect_left(scores, low) < bisect_right(scores, high)]


def test_attack_the_number_of_answers_from_a_score_and_a_band() -> None:
    """With two decimals the number of answers would follow; with what is shown at least half the band fits.

    Every score that can be shown for 10 to 19 answers: for it, at least five of the ten numbers are possible.
    """
    possible = {n: possible_scores(n) for n in range(10, 20)}
    answers = [counts(*split) for n in (10, 13, 19) for split in splits(n)]
    betrayed_by_two_decimals = 0
    for given in answers[::7]:
        found = persons(only(view_of(department(given, *FILLER))))["d1p1"]
        exact = mean(given)
        assert exact is not None
        fits = fitting(possible, exact - Fraction(1, 200), exact + Fraction(1, 200))
        betrayed_by_two_decimals += len(fits) == 1
        if found.score is not None:
            shown = Fraction(found.score)
            assert "." not in found.score
            just_below = Fraction(1, 2) - Fraction(1, 10**6)  # a half is rounded up
            still = fitting(possible, shown - Fraction(1, 2), shown + just_below)
            assert len(still) >= 5, (given, found, still)
    assert betrayed_by_two_decimals, "the attack this test guards against works on two decimals"


@pytest.mark.parametrize("others", [1, 2, 3, 5, 9, 17])
@pytest.mark.parametrize("mode", ["all", "top_grades"])
def test_attack_a_withheld_person_from_the_mean_of_the_department(others: int, mode: str) -> None:
    """A person under 合格 is not named; mean times number minus the named ones must leave two grades open."""
    hidden = counts(good=10, just=20, bad=30)  # 56.67
    named = [counts(good=58 - place, fair=2 + place) for place in range(others)]
    view = view_of(department(hidden, *named), *[department(*FILLER)] * 5, persons_public=mode)
    found = next(d for d in view.departments if d.id == "d1")
    figures = persons(found)
    if mode == "all":
        assert figures["d1p1"].grade == "不合格"
        return
    assert figures["d1p1"].note == "结果已送达本人"
    low, high = attacked(known(found.figure), [figures[f"d1p{place + 2}"] for place in range(others)])
    low, high = max(low, Fraction(30)), min(high, Fraction(80))
    assert high - low >= 20, (found.figure, low, high)
    assert any(low < bound < high for bound in GRADE_BOUNDS)


SPANS = {
    "优秀": (90, 100),
    "良好": (80, 90),
    "合格": (70, 80),
    "一般": (60, 70),
    "不合格": (30, 60),
    None: (30, 100),
}


def known(figure: Any) -> tuple[Fraction, Fraction]:
    """What a reader knows of a score from its figure."""
    if figure.score is None:
        low, high = SPANS[figure.grade]
        return Fraction(low), Fraction(high)
    unit = Fraction(1, 200) if "." in figure.score else Fraction(1, 2)
    return Fraction(figure.score) - unit, Fraction(figure.score) + unit


def attacked(total: tuple[Fraction, Fraction], others: list[Any]) -> tuple[Fraction, Fraction]:
    """What arithmetic leaves open of the one person who is not shown."""
    n = len(others) + 1
    low = total[0] * n - sum(known(one)[1] for one in others)
    return low, total[1] * n - sum(known(one)[0] for one in others)


def test_attack_a_person_shown_by_grade_from_the_mean_of_the_department() -> None:
    """Few and equal answers: the number stays out of sight, in the department's figure and its rank too."""
    alike = department(counts(good=14), MIXED, MIXED)
    neighbors = [department(*[counts(good=k, fair=60 - k)] * 3) for k in (50, 40, 31, 30, 29, 28, 27, 26, 25)]
    view = view_of(alike, *neighbors)
    found = next(d for d in view.departments if d.id == "d1")
    assert found.figure.score is None
    ranked = [d for d in view.departments if d.rank is not None and d.figure.score]
    if found.rank is None:
        assert all(d.rank is None for d in view.departments if d.figure.grade == found.figure.grade)
    else:
        better = [Fraction(d.figure.score) for d in ranked if d.rank < found.rank]
        worse = [Fraction(d.figure.score) for d in ranked if d.rank > found.rank]
        low, high = attacked((max(worse), min(better)), list(persons(found).values())[1:])
        assert min(high, Fraction(100)) - max(low, Fraction(90)) >= 5


def test_attack_a_person_with_too_few_answers_who_is_averaged_all_the_same() -> None:
    """A round may score from five answers on; whoever is below the public threshold stays unseen."""
    thin = counts(bad=6)
    view = view_of(department(thin, counts(good=40, fair=20), counts(good=41, fair=19), enough=5))
    found = only(view)
    assert persons(found)["d1p1"].note == "样本不足"
    assert found.figure.score is None


def test_attack_a_department_of_one_person_who_is_not_named() -> None:
    """Its grade would be the person's grade."""
    found = only(view_of(department(counts(good=10, just=30, bad=20)), persons_public="top_grades"))
    assert not found.figure.is_shown
    assert found.figure.note == "结果已送达本单位"
    assert found.rank is found.distribution is None


def test_attack_a_withheld_person_from_the_distribution_of_the_department() -> None:
    """The shares give the mean of all answers; with one person unnamed that would be the person's score."""
    hidden, named = counts(good=10, just=20, bad=30), counts(good=58, fair=2)
    found = only(view_of(department(hidden, named), persons_public="top_grades"))
    assert found.distribution is None
    assert only(view_of(department(hidden, named), persons_public="all")).distribution is not None


def strata(*rows: tuple[int, int]) -> dict[str, list[dict[str, int]]]:
    """For one person: per stratum (满意, 不满意)."""
    return {f"类别{place + 1}": [counts(good=good, bad=bad)] for place, (good, bad) in enumerate(rows)}


@pytest.mark.parametrize(
    ("rows", "is_shown"),
    [
        (((20, 10), (8, 2), (9, 6)), True),
        (((20, 10), (8, 1), (9, 6)), False),  # nine answers in one stratum: it would follow from the total
        (((20, 10), (10, 0), (9, 6)), False),  # ten, all alike
    ],
)
def test_attack_a_withheld_stratum_from_total_and_post_stratified_figure(
    rows: tuple[tuple[int, int], ...], is_shown: bool
) -> None:
    """All strata or none; without all of them no post-stratified figure either."""
    whole = counts(good=sum(r[0] for r in rows), bad=sum(r[1] for r in rows))
    outcome, facts, roster = county(department(whole, strata=strata(*rows)))
    outcome["subjects"]["d1"]["beside"] = {"post_stratified": {"value": "71.23", "exact": "71.23"}}
    found = only(public_view(outcome, facts, RULES, roster, persons_public="all"))
    assert (found.strata is not None) is is_shown
    assert (found.post_stratified is not None) is is_shown


def test_a_split_is_never_by_stratum_and_person() -> None:
    found = only(
        view_of(
            department(counts(40, 0, 0, 20), strata=strata((20, 10), (10, 5), (10, 5))), persons_public="all"
        )
    )
    assert found.strata is not None
    assert not any(hasattr(person, "strata") for section in found.sections for person in section.persons)


@pytest.mark.parametrize(("moved", "isolated"), [(1, True), (9, True), (10, False), (0, False)])
def test_attack_a_voter_from_two_successive_corrections(moved: int, isolated: bool) -> None:
    """First publication, then a correction in which `moved` answers to one person differ."""
    before = county(department(*FILLER))
    after = department(counts(good=30 - moved, fair=20, just=8, bad=2 + moved), *FILLER[1:])
    found = only(view_of(after, earlier=[before[1]]))
    figures = persons(found)
    assert (figures["d1p1"].score is None) is isolated
    assert (figures["d1p1"].band is None) is isolated
    assert figures["d1p1"].grade is not None
    assert figures["d1p2"].score == "85.67"
    assert (found.figure.score is None) is isolated
    assert (found.distribution is None) is isolated


def test_attack_a_voter_from_a_correction_that_is_taken_back_in_part() -> None:
    """Each publication is compared with every earlier one, not only with the last."""
    first, second = county(department(*FILLER)), county(department(counts(15, 20, 8, 17), *FILLER[1:]))
    third = department(counts(29, 20, 8, 3), *FILLER[1:])  # one voter away from the first
    assert persons(only(view_of(third, earlier=[second[1]])))["d1p1"].score is not None
    assert persons(only(view_of(third, earlier=[first[1], second[1]])))["d1p1"].score is None


def test_attack_turnout_differences() -> None:
    """Two looks at the turnout, one vote apart: alike, or ten apart like any ten votes; never a count."""
    for ballots in range(2000):
        difference = turnout_shown(ballots + 1) - turnout_shown(ballots)
        assert difference in (0, 10)
        assert turnout_shown(ballots) <= ballots
        assert len({n for n in range(ballots + 20) if turnout_shown(n) == turnout_shown(ballots)}) == 10
    assert band(19) == band(10)


def test_the_guard_finds_the_single_unknown_and_lets_many_pass() -> None:
    shown = Part(Fraction(1), (Fraction(85), Fraction(86)), withheld=False)
    unknown = Part(Fraction(1), (Fraction(30), Fraction(100)), withheld=True)
    exact = (Fraction(80), Fraction(80))
    assert [left for _, left in remaining([shown, unknown], exact)] == [(Fraction(74), Fraction(75))]
    assert betrays([shown, unknown], exact, GRADE_BOUNDS)
    assert not betrays([shown, unknown, unknown], exact, GRADE_BOUNDS)
    assert not betrays([shown], exact, GRADE_BOUNDS)


def test_the_guard_does_not_let_a_grade_be_named_that_is_not_shown() -> None:
    unknown = Part(Fraction(1), (Fraction(30), Fraction(80)), withheld=True)
    assert betrays([unknown], (Fraction(30), Fraction(60)), GRADE_BOUNDS)
    assert not betrays([unknown], (Fraction(30), Fraction(61)), GRADE_BOUNDS)
