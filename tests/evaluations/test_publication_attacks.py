"""The named attacks on a publication, each tried from outside: with the public view and arithmetic."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from operator import mul
from typing import Any

import pytest

from evaluations.publication import PublicView, Shown, band, public_view, turnout_shown, with_likely
from evaluations.publication.guard import Statement, Unknown, betrays, remaining
from evaluations.publication.ranges import Ranges
from evaluations.publication.stored import from_plain, to_plain, without_persons
from tests.evaluations.made_by_hand import GRADES, POINTS, RULES, counts, county, department, mean, result
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
    number = Fraction(figure.score)
    if "." in figure.score:
        return number - Fraction(1, 200), number + Fraction(1, 200)
    next_grade = SPANS[figure.grade][1]  # a whole number never reaches a better grade than its own
    return number - Fraction(1, 2), next_grade if number + 1 == next_grade < 100 else number + Fraction(1, 2)


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
    found = only(view_of(after, earlier=[before]))
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
    assert persons(only(view_of(third, earlier=[second])))["d1p1"].score is not None
    assert persons(only(view_of(third, earlier=[first, second])))["d1p1"].score is None


def test_attack_turnout_differences() -> None:
    """Two looks at the turnout, one vote apart: alike, or ten apart like any ten votes; never a count."""
    for ballots in range(2000):
        difference = turnout_shown(ballots + 1) - turnout_shown(ballots)
        assert difference in (0, 10)
        assert turnout_shown(ballots) <= ballots
        assert len({n for n in range(ballots + 20) if turnout_shown(n) == turnout_shown(ballots)}) == 10
    assert band(19) == band(10)


def test_the_guard_finds_the_single_unknown_and_lets_many_pass() -> None:
    shown = Unknown((Fraction(85), Fraction(86)), withheld=False, truth=Fraction(171, 2))
    one = Unknown((Fraction(30), Fraction(100)), withheld=True, truth=Fraction(149, 2))
    exact = (Fraction(80), Fraction(80))
    both = mean_of("shown", "one", interval=exact)
    assert list(remaining({"shown": shown, "one": one}, [both])) == [("one", (Fraction(74), Fraction(75)))]
    assert betrays({"shown": shown, "one": one}, [both], GRADE_BOUNDS)
    others = {"shown": shown, "one": one, "other": replace(one, truth=Fraction(80))}
    assert not betrays(others, [mean_of(*others, interval=exact)], GRADE_BOUNDS)
    assert not betrays({"shown": shown}, [mean_of("shown", interval=exact)], GRADE_BOUNDS)


def mean_of(*names: str, interval: tuple[Fraction, Fraction]) -> Statement:
    return Statement(dict.fromkeys(names, Fraction(1)), interval)


def test_the_guard_does_not_let_a_grade_be_named_that_is_not_shown() -> None:
    one = {"one": Unknown((Fraction(30), Fraction(80)), withheld=True, truth=Fraction(50))}
    assert betrays(one, [mean_of("one", interval=(Fraction(30), Fraction(60)))], GRADE_BOUNDS)
    assert not betrays(one, [mean_of("one", interval=(Fraction(30), Fraction(61)))], GRADE_BOUNDS)


# --- everything shown, put together ---------------------------------------------------------------------


def outsiders_ranges(
    view: Any, facts: dict[str, Any], outcome: dict[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Who is withheld in the view, with what is shown of them alone and what all shown figures leave.

    The attacker knows the list, the weights and how many answers everybody has, and solves the linear
    programme over everything on the pages: scores, grades, ranks, distributions, sections, leaders.
    """
    for found in view.departments:
        members = facts["subjects"][found.id]["members"]
        n = {
            key: sum(v for c, v in one["answers"]["ballot"]["overall"].items() if c in POINTS)
            for key, one in members.items()
            if one["answers"]
        }
        truth = {key: mean(members[key]["answers"]["ballot"]["overall"]) for key in n if n[key]}
        spans = {key: alone(found, view.persons_public, key) for key in truth}
        bounds = {key: (min(span[0], truth[key]), max(span[1], truth[key])) for key, span in spans.items()}
        programme = Ranges(bounds, truth)
        scored = [key for key in truth if outcome["subjects"][found.id]["members"][key]["score"] is not None]
        if found.figure.is_shown and scored:
            low, high = known(found.figure)
            if found.rank is not None:
                ranked = [one for one in view.departments if one.rank is not None and one.figure.score]
                low = max([low, *(known(one.figure)[0] for one in ranked if one.rank >= found.rank)])
                high = min([high, *(known(one.figure)[1] for one in ranked if one.rank <= found.rank)])
                exact = [one for one in ranked if "." in one.figure.score]
                low = max([low, *(known(one.figure)[1] for one in exact if one.rank > found.rank)])
                high = min([high, *(known(one.figure)[0] for one in exact if one.rank < found.rank)])
            programme.state("own", dict.fromkeys(scored, Fraction(1, len(scored))), (low, high))
        total = sum(n.values())
        if found.distribution or found.strata:
            middle = sum(truth[key] * n[key] for key in truth) / total
            weights = {key: Fraction(n[key], total) for key in truth}
            programme.state("all", weights, (middle - Fraction(1, 2), middle + Fraction(1, 2)))
        for section in found.sections:
            if section.figure:
                inside = [key for key in truth if members[key]["section"] == section.id]
                weights = {key: Fraction(n[key], sum(n[one] for one in inside)) for key in inside}
                programme.state(section.id, weights, known(section.figure))
        for statement in said_of_leaders(found, facts["subjects"][found.id], n):
            programme.state(*statement)
        for key in truth:
            if withheld(
                found, view.persons_public, key, n[key], members[key]["answers"]["ballot"]["overall"]
            ):
                yield f"{found.id} {key}", spans[key], programme.of(key)


def said_of_leaders(found: Any, facts: dict[str, Any], n: dict[str, int]) -> Iterator[tuple[str, Any, Any]]:
    """What the figure of a leader of sections says of the people in them: the mean of the sections' means."""
    pools: dict[str, list[list[str]]] = {}
    for section, one in facts["sections"].items():
        inside = [key for key in n if n[key] and facts["members"][key]["section"] == section]
        if one.get("supervised_by"):
            pools.setdefault(one["supervised_by"], []).append(inside)
    for leader, sections in pools.items():
        if persons(found)[leader].is_shown:
            weights = {key: Fraction(n[key], sum(n[p] for p in pool)) for pool in sections for key in pool}
            shares = {key: weight / len(sections) for key, weight in weights.items()}
            yield leader, shares, known(persons(found)[leader])


def alone(found: Any, mode: str, key: str) -> tuple[Fraction, Fraction]:
    """What is known of a person before anything else is read."""
    figure = persons(found)[key]
    if figure.note == "结果已送达本人" and mode == "top_grades":
        return Fraction(30), Fraction(80)
    return known(figure)


def withheld(found: Any, mode: str, key: str, n: int, answers: dict[str, int]) -> bool:
    """Whether the rules for one figure forbid the number (some numbers are left out to protect others)."""
    alike = (
        n < 20
        and sum(v for c, v in answers.items() if c in POINTS)
        - max(v for c, v in answers.items() if c in POINTS)
        < 2
    )
    value = mean(answers)
    unnamed = mode == "top_grades" and value is not None and value < Fraction("79.995")
    return persons(found)[key].score is None and (n < 10 or alike or unnamed)


def made_department(dice: random.Random) -> Any:
    """Two to nine persons in one to three sections; some are rated by few, some alike, some badly."""
    people = []
    for _ in range(dice.randint(2, 9)):
        n = dice.choice([3, 7, 9, 12, 15, 25, 40, 70])
        words = dice.choice([(8, 1, 0, 0), (5, 3, 1, 1), (3, 3, 3, 2), (1, 2, 3, 4), (1, 0, 0, 0)])
        drawn = dice.choices(range(4), words, k=n)
        people.append(counts(*(drawn.count(choice) for choice in range(4))))
    return department(*people, sections=[f"s{dice.randint(1, 3)}" for _ in people])


@pytest.mark.parametrize("mode", ["all", "top_grades"])
def test_attack_three_hundred_made_departments_with_all_figures_together(mode: str) -> None:
    """As one linear programme: nobody withheld has less than the promised room, in 30 counties of ten."""
    dice = random.Random(20261130)  # noqa: S311 - made-up answers
    attacked_people = 0
    for _ in range(30):
        outcome, facts, roster = county(*(made_department(dice) for _ in range(10)))
        view = public_view(outcome, facts, RULES, roster, persons_public=mode)
        for who, span, left in outsiders_ranges(view, facts, outcome):
            attacked_people += 1
            assert left[1] - left[0] >= min(Fraction(20), (span[1] - span[0]) / 2), (who, span, left)
    assert attacked_people > 500


def with_leaders(case: Any, dice: random.Random) -> Any:
    """A principal with the department's score, and one who supervises one or two of the sections."""
    facts, found = case
    supervised = dice.sample(sorted(facts["sections"]), min(len(facts["sections"]), dice.randint(1, 2)))
    for role, key in (("principal_leader", "boss"), ("supervising_leader", "vice")):
        facts["members"][key] = {"name": key, "role": role, "section": supervised[0], "answers": {}}
    for section in supervised:
        facts["sections"][section]["supervised_by"] = "VICE"
    means = [Fraction(found["sections"][one]["exact"]) for one in supervised]
    found["members"] |= {
        "boss": {key: found[key] for key in ("score", "exact", "grade", "withheld", "flags")},
        "vice": result(sum(means, Fraction(0)) / len(means)),
    }
    return facts, found


@pytest.mark.parametrize("mode", ["all", "top_grades"])
def test_attack_withheld_persons_and_pooled_sections_through_their_leaders(mode: str) -> None:
    """A leader's figure is a statement about everybody below; beside all others it leaves enough room."""
    dice = random.Random(180)  # noqa: S311 - made-up answers
    attacked_people = leaders = beside_pooled = 0
    for _ in range(25):
        outcome, facts, roster = county(*(with_leaders(made_department(dice), dice) for _ in range(8)))
        for key, one in facts["subjects"].items():
            for section in one["sections"].values():
                if "supervised_by" in section:
                    section["supervised_by"] = f"{key}vice"
        view = public_view(outcome, facts, RULES, roster, persons_public=mode)
        for found in view.departments:
            vice = persons(found)[f"{found.id}vice"]
            assert vice.score is None, "of the sections' mean only the grade"
            assert not (found.figure.score is None and persons(found)[f"{found.id}boss"].score)
            leaders += vice.is_shown
            beside_pooled += vice.is_shown and any(one.figure for one in found.sections)
        for who, span, left in outsiders_ranges(view, facts, outcome):
            attacked_people += 1
            assert left[1] - left[0] >= min(Fraction(20), (span[1] - span[0]) / 2), (who, span, left)
    assert attacked_people > 400
    assert leaders > 50
    assert mode == "top_grades" or beside_pooled


def test_attack_the_side_of_a_grade_from_a_number_that_was_pulled_below_it() -> None:
    """The highest whole number of a grade stands for every score below the next one, rounded up or not.

    Whoever sees 89 beside 良好 cannot tell 88.5 from 89.99, and the interval reaches as far.
    """
    values: dict[str, set[Fraction]] = {}
    likely: dict[str, set[Any]] = {}
    for n in range(40, 50):
        for fair in range(n):
            for just in range(0, n - fair, 3):
                answers = counts(good=n - fair - just, fair=fair, just=just)
                value = mean(answers)
                if value is None or not Fraction(88) <= value < Fraction(91):
                    continue
                outcome, facts, roster = county(department(answers))
                view = public_view(outcome, facts, RULES, roster, persons_public="all", ballots={"d1": n})
                found = only(view)
                assert found.figure.score, "no split here to tell them apart otherwise"
                values.setdefault(f"{found.figure.score} {found.figure.grade}", set()).add(value)
                bare = replace(view.groups[0], departments=(replace(found, distribution=None),))
                likely.setdefault(found.figure.score, set()).add(said(sure(replace(view, groups=(bare,))))[0])
    half = Fraction(1, 2)
    assert min(values["89 良好"]) < 89
    assert max(values["89 良好"]) > 89 + half, "pulled down"
    assert min(values["90 优秀"]) >= 90
    assert set(values) >= {"88 良好", "89 良好", "90 优秀"}
    assert all(len(found) == 1 for found in likely.values()), "the same number, equally sure"
    top, other = (float(next(iter(likely[score])).high) for score in ("89", "88"))
    assert top - other >= 1


def test_attack_two_unnamed_persons_of_unlike_weight() -> None:
    """The mean of the persons and the mean of the answers together fix more than either alone."""
    dice = random.Random(7)  # noqa: S311 - made-up answers
    for _ in range(60):
        few, many = dice.randint(10, 20), dice.randint(80, 300)
        low = counts(just=few // 2, bad=few - few // 2)
        high = counts(fair=many // 2, just=many - many // 2)
        named = [counts(good=dice.randint(50, 60), fair=2) for _ in range(dice.randint(1, 5))]
        outcome, facts, roster = county(department(low, high, *named))
        view = public_view(outcome, facts, RULES, roster, persons_public="top_grades")
        for who, span, left in outsiders_ranges(view, facts, outcome):
            assert left[1] - left[0] >= min(Fraction(20), (span[1] - span[0]) / 2), (who, span, left)


def test_attack_a_person_who_was_withheld_and_is_withdrawn_by_a_correction() -> None:
    """Seven times the first mean minus six times the second would be the person not on the list any more."""
    low = counts(good=10, just=20, bad=30)  # 56.67, not named
    others = [counts(good=40 + 2 * place, fair=20 - 2 * place) for place in range(6)]
    before = county(department(low, *others))
    facts, found = department(low, *others)
    del facts["members"]["p1"], found["members"]["p1"]
    corrected = result(
        sum((mean(one) for one in others), Fraction(0)) / 6, members=found["members"], sections={}
    )
    after = (facts, corrected)
    first = only(view_of_counties(before))
    second = only(view_of(after, persons_public="top_grades", earlier=[before]))
    assert first.figure.score is not None
    total, rest = known(first.figure), known(second.figure)
    room = (7 * total[1] - 6 * rest[0]) - (7 * total[0] - 6 * rest[1])
    assert room >= 20
    alone_published = only(view_of(after, persons_public="top_grades"))
    assert alone_published.figure.score is not None, "without the first publication there is nothing to hide"


def view_of_counties(one: Any) -> Any:
    return public_view(one[0], one[1], RULES, one[2], persons_public="top_grades")


def test_the_ranges_are_those_that_trying_every_corner_gives() -> None:
    dice = random.Random(3)  # noqa: S311 - made-up numbers
    for _ in range(40):
        truth = {key: Fraction(dice.randint(30, 100)) for key in "abc"}
        bounds = {key: (Fraction(30), Fraction(100)) for key in truth}
        weights = {key: Fraction(dice.randint(1, 9), 10) for key in truth}
        value = sum(weights[key] * truth[key] for key in truth)
        ranges = Ranges(bounds, truth)
        ranges.state("sum", weights, (value, value + 1))
        for key in truth:
            rest = [one for one in truth if one != key]
            least, most = sum(30 * weights[one] for one in rest), sum(100 * weights[one] for one in rest)
            low, high = (value - most) / weights[key], (value + 1 - least) / weights[key]
            assert ranges.of(key) == (max(low, Fraction(30)), min(high, Fraction(100)))


# --- how sure a score is, and what was before ------------------------------------------------------------


def sure(view: PublicView) -> PublicView:
    return with_likely(view, RULES, [(name, lower) for name, lower in GRADES])


def face(view: PublicView) -> str:
    """All that pages show but how sure the scores are."""
    bare = [[replace(one, likely=None, sampled=None) for one in group.departments] for group in view.groups]
    return repr((bare, view.lists))


def said(view: PublicView) -> list[Any]:
    return [one.likely for one in view.departments]


@pytest.mark.parametrize("mode", ["all", "top_grades", "none"])
def test_attack_answers_from_how_sure_a_score_is(mode: str) -> None:
    """Counties that look alike are equally sure of their scores, whoever answered what behind the figures."""
    dice = random.Random(18)  # noqa: S311 - made-up answers
    seen: dict[str, list[Any]] = {}
    alike = 0
    for _ in range(150):
        few = [dice.randint(11, 14) for _ in range(2)]
        hidden = [counts(good=n - 1, bad=1) if dice.random() < 0.5 else counts(good=n) for n in few]
        thin = department(*hidden, MIXED)
        open_one = department(counts(good=20 + dice.randint(0, 2), fair=12, just=6), MIXED, MIXED)
        outcome, facts, roster = county(thin, open_one, department(*FILLER))
        ballots = {f"d{place}": dice.randint(60, 99) for place in (1, 2, 3)}
        view = public_view(outcome, facts, RULES, roster, persons_public=mode, ballots=ballots)
        found = said(sure(view))
        alike += face(view) in seen
        assert seen.setdefault(face(view), found) == found
    assert alike > 30, "many counties look alike, else this says nothing"


def test_nothing_is_said_of_how_sure_a_withheld_score_is() -> None:
    """Not of a score shown by grade only, not of one served on the unit, not without a number of ballots."""
    by_grade, served = department(counts(good=14), MIXED, MIXED), department(counts(bad=6))
    outcome, facts, roster = county(by_grade, served, department(*FILLER))
    ballots = dict.fromkeys(("d1", "d2", "d3"), 60)
    view = sure(public_view(outcome, facts, RULES, roster, persons_public="all", ballots=ballots))
    found = {one.id: one for one in view.departments}
    assert (found["d1"].figure.score, found["d1"].likely) == (None, None)
    assert (found["d2"].figure.score, found["d2"].likely) == (None, None)
    assert found["d3"].likely is not None
    without = sure(public_view(outcome, facts, RULES, roster, persons_public="all"))
    assert said(without) == [None, None, None]


def test_how_sure_a_score_is_stands_on_no_person_and_survives_storage() -> None:
    """Whoever reads the page without its people could compute it."""
    outcome, facts, roster = county(department(*FILLER), department(MIXED, counts(good=40, fair=20)))
    ballots = {"d1": 80, "d2": 210}
    view = public_view(outcome, facts, RULES, roster, persons_public="all", ballots=ballots)
    assert said(sure(without_persons(view))) == said(sure(view))
    assert said(sure(from_plain(to_plain(view)))) == said(sure(view))
    assert None not in said(sure(view))


@pytest.mark.parametrize("moved", [0, 1, 9, 10])
def test_attack_a_voter_from_the_intervals_before_and_after_a_correction(moved: int) -> None:
    """Where a correction hides the score there is no interval; where it shows it, that of the page."""
    before = county(department(*FILLER))
    after = county(department(counts(good=30 - moved, fair=20, just=8, bad=2 + moved), *FILLER[1:]))
    ballots = {"d1": 60}
    first = public_view(*before[:2], RULES, before[2], persons_public="all", ballots=ballots)
    past = [Shown(before[0], before[1], sure(first))]
    bare = [Shown(before[0], before[1], first)]
    second = public_view(*after[:2], RULES, after[2], persons_public="all", ballots=ballots, earlier=past)
    unsaid = public_view(*after[:2], RULES, after[2], persons_public="all", ballots=ballots, earlier=bare)
    assert second == unsaid, "intervals published before change nothing of what is hidden now"
    found = only(sure(second))
    assert (found.likely is None) is (found.figure.score is None) is (moved in (1, 9))
    alone = only(sure(public_view(*after[:2], RULES, after[2], persons_public="all", ballots=ballots)))
    if found.figure == alone.figure and found.distribution == alone.distribution:
        assert found.likely == alone.likely, "an interval does not know of earlier publications"


def test_attack_ballots_from_how_sure_a_score_is() -> None:
    """Within a band of ballots, one more or less changes nothing."""
    outcome, facts, roster = county(department(*FILLER))
    said_by_band: dict[str, set[str]] = {}
    for ballots in range(50, 260):
        view = public_view(outcome, facts, RULES, roster, persons_public="all", ballots={"d1": ballots})
        found = only(sure(view))
        said_by_band.setdefault(str(found.ballots), set()).add(repr(found.likely))
    assert {band: len(likely) for band, likely in said_by_band.items()} == {
        "50–99": 1,
        "100–199": 1,
        "200–499": 1,
    }
