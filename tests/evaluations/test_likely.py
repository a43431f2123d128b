"""How sure published scores are: from what is published alone, for both kinds of schemes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from evaluations.confidence import Sample, of_mean
from evaluations.publication import (
    Likely,
    PublicDepartment,
    PublicView,
    RosterDepartment,
    UnitRules,
    grades_of,
    public_view,
    unit_view,
    with_likely,
)
from evaluations.publication.stored import from_plain, to_plain
from evaluations.publication.view import HIDDEN_PART, NO_BALLOTS, VETOED, SampledPart
from evaluations.scoring import canonical, score_facts
from evaluations.scoring.loading import load_scheme
from tests.evaluations.made_by_hand import GRADES, RULES, counts, county, department
from tests.evaluations.unit_rounds import marked, panel

SURE = counts(good=400, fair=120, just=60, bad=20)
GUANGYUAN, JILIN, WUYANG = "guangyuan-2022", "jilin-jkq-2021", "wuyang-units-2022"


def persons_view(*people: dict[str, int], ballots: int | Mapping[str, int] = 600) -> PublicView:
    """One person to a department."""
    outcome, facts, roster = county(*(department(one) for one in people))
    touched = ballots if isinstance(ballots, Mapping) else {row.id: ballots for row in roster}
    view = public_view(outcome, facts, RULES, roster, persons_public="all", ballots=touched)
    return with_likely(view, RULES, GRADES)


def only(view: PublicView) -> PublicDepartment:
    (found,) = view.departments
    return found


def likely(one: PublicDepartment) -> Likely:
    assert one.likely
    return one.likely


def bounds(one: PublicDepartment) -> tuple[float, float]:
    return float(likely(one).low), float(likely(one).high)


# --- schemes that judge persons -----------------------------------------------------------------------------


def test_whoever_knows_the_page_can_compute_the_interval() -> None:
    """YC-R3: score, scale, the fewest ballots of the band and the rounded distribution are all it takes."""
    one = only(persons_view(SURE))
    assert one.ballots == "500–999"
    assert one.figure.score == "89.67"
    assert one.distribution
    shares = {float(RULES.points[row.choice]): float(row.percent) for row in one.distribution}
    low, high = of_mean(89.67, 500, 30, 100, Sample(shares, 500, 30, 100))
    assert bounds(one) == pytest.approx((low, high), abs=0.1)
    assert bounds(one)[0] <= low < high <= bounds(one)[1], "written outwards"


@pytest.mark.parametrize(("ballots", "others"), [(500, 999), (20, 49), (100, 199)])
def test_within_a_band_nobody_sees_how_many_they_were(ballots: int, others: int) -> None:
    few, many = (only(persons_view(SURE, ballots=n)) for n in (ballots, others))
    assert few.likely == many.likely


def test_fewer_ballots_make_it_wider() -> None:
    widths = [
        high - low
        for low, high in (bounds(only(persons_view(SURE, ballots=n))) for n in (600, 300, 60, 20, 10))
    ]
    assert widths == sorted(widths)
    assert widths[0] < 4
    assert widths[-1] > 15


def test_ballots_that_say_nothing_of_it_count_for_nothing() -> None:
    """Of six hundred ballots all but sixty answer 不了解情况."""
    answers = counts(good=40, fair=12, just=6, bad=2)
    one = only(persons_view({**answers, "不了解情况": 540}, ballots=600))
    assert (one.ballots, one.figure.band) == ("500–999", "50–99")
    assert one.likely == only(persons_view(answers, ballots=60)).likely


def test_a_whole_number_may_be_half_a_point_off() -> None:
    """Below fifty answers the score is a whole number, and so are its bounds."""
    one = only(persons_view(counts(good=20, fair=10, just=8, bad=2), ballots=40))
    assert one.figure.score == "84"
    low, high = bounds(one)
    assert all("." not in value for value in (likely(one).low, likely(one).high))
    assert low <= 83
    assert high >= 85


def test_of_a_unit_shown_by_its_grade_there_is_no_interval() -> None:
    """Nor where too few answered, nor where an older publication says nothing of its ballots."""
    assert only(persons_view(counts(good=15), ballots=15)).likely is None
    assert only(persons_view(counts(good=5, fair=3), ballots=8)).likely is None
    unknown = only(persons_view(SURE, ballots={}))
    assert (unknown.likely, unknown.no_range) == (None, NO_BALLOTS)


@pytest.mark.parametrize(
    "answers",
    [counts(good=20), counts(bad=20), counts(good=60), counts(good=60, bad=1), counts(good=1, bad=60)],
)
def test_answers_all_alike_have_a_width_and_stay_on_the_scale(answers: dict[str, int]) -> None:
    one = only(persons_view(answers, ballots=sum(answers.values())))
    if one.likely is not None:
        low, high = bounds(one)
        assert 30 <= low < high <= 100
        assert low <= float(one.figure.score or 0) <= high


@pytest.mark.parametrize(
    ("answers", "grade", "steady"),
    [
        (counts(good=210, fair=330, just=60), "良好", True),  # 85.00
        (counts(good=340, fair=230, just=30), "优秀", False),  # just above ninety
        (counts(good=330, fair=230, just=40), "良好", False),  # just below
        (counts(good=560, fair=40), "优秀", True),
    ],
)
def test_near_a_boundary_the_grade_is_not_steady(
    answers: dict[str, int], grade: str, *, steady: bool
) -> None:
    one = only(persons_view(answers))
    assert (one.figure.grade, likely(one).steady) == (grade, steady)
    span = {"优秀": (90, 101), "良好": (80, 90)}[grade]
    assert steady is (span[0] <= bounds(one)[0] and bounds(one)[1] < span[1]), "as readers see it"


def test_ranks_are_a_range_where_intervals_overlap() -> None:
    first, second, third = persons_view(
        counts(good=560, fair=40), counts(good=300, fair=250, just=50), counts(good=300, fair=240, just=60)
    ).departments
    assert (likely(first).best_rank, likely(first).worst_rank) == (1, 1)
    assert (likely(second).best_rank, likely(second).worst_rank) == (2, 3)
    assert (likely(third).best_rank, likely(third).worst_rank) == (2, 3)


@pytest.mark.parametrize(
    ("answers", "ranks"),
    [
        (counts(good=330, fair=230, just=40), (2, 3)),  # 89.67: some of its interval is above ninety
        (counts(good=200, fair=200, just=200), (3, 3)),
    ],
)
def test_a_neighbour_with_a_grade_alone_may_stand_anywhere_in_it(
    answers: dict[str, int], ranks: tuple[int, int]
) -> None:
    """Whose number is hidden is between the bounds of the grade, no more."""
    few = counts(good=15)  # 优秀 by few answers all alike
    view = persons_view(counts(good=560, fair=40), few, answers, ballots={"d1": 600, "d2": 15, "d3": 600})
    found = {one.id: one for one in view.departments}
    assert (found["d2"].figure.score, found["d2"].figure.grade, found["d2"].likely) == (None, "优秀", None)
    assert found["d3"].rank == 3
    assert (likely(found["d3"]).best_rank, likely(found["d3"]).worst_rank) == ranks


def without_ranks(view: PublicView, *hidden: str, notes: Mapping[str, Any] | None = None) -> PublicView:
    """The same where the ranks of some are silent, and some are not shown at all."""

    def silent(one: PublicDepartment) -> PublicDepartment:
        if one.id in (notes or {}):
            one = replace(one, figure=replace(one.figure, score=None, grade=None, note="结果已送达本单位"))
        return replace(one, rank=None, likely=None) if one.id in hidden else one

    groups = [
        replace(group, departments=tuple(silent(one) for one in group.departments)) for group in view.groups
    ]
    return with_likely(replace(view, groups=tuple(groups)), RULES, GRADES)


def test_units_without_a_shown_rank_count_among_the_ranked() -> None:
    """A rank lies within its range, also where nobody of the better grade shows one."""
    view = persons_view(counts(good=560, fair=40), counts(good=550, fair=50), counts(good=200, fair=400))
    found = {one.id: one for one in without_ranks(view, "d1", "d2").departments}
    assert found["d3"].rank == 3
    assert (likely(found["d3"]).best_rank, likely(found["d3"]).worst_rank) == (3, 3)
    assert likely(found["d1"]).best_rank is None, "what is silent stays silent"


def test_a_unit_that_is_not_shown_may_stand_before_or_behind() -> None:
    view = persons_view(counts(good=560, fair=40), counts(good=200, fair=400), counts(good=10, bad=500))
    found = {one.id: one for one in without_ranks(view, "d1", notes={"d1": True}).departments}
    assert found["d2"].rank == 2
    assert (likely(found["d2"]).best_rank, likely(found["d2"]).worst_rank) == (1, 2)
    assert (likely(found["d3"]).best_rank, likely(found["d3"]).worst_rank) == (2, 3)


def test_an_interval_is_stored_and_read_as_it_was() -> None:
    view = persons_view(SURE, counts(good=20, fair=10, just=8, bad=2), counts(good=15))
    assert from_plain(json.loads(json.dumps(to_plain(view)))) == view
    kept = to_plain(view)
    for group in kept["groups"]:
        for one in group["departments"]:
            del one["likely"], one["sampled"]
    assert all(one.likely is None for one in from_plain(kept).departments), "stored by an earlier version"


# --- schemes that judge units alone -------------------------------------------------------------------------


def units_view(
    scheme_id: str,
    units: Mapping[str, Any],
    *,
    period: str,
    options: Mapping[str, Any] | None = None,
    kinds: Mapping[str, str] | None = None,
    rated_from: int | None = None,
) -> PublicView:
    policy = load_scheme(scheme_id)
    chosen = {"options": dict(options)} if options else {}
    facts = canonical({"period": period, "subjects": dict(units), **chosen})
    outcome = score_facts(policy, facts)
    usual = {need.key: rule.channels[0] for need, rule in policy.defaults.needs() if rule}
    scheme = policy.decide(options or {})
    rules = UnitRules(policy, scheme, {**usual, **(kinds or {})}, rated_from=rated_from)
    roster = [RosterDepartment(key, key, one["group"]) for key, one in units.items()]
    view = unit_view(outcome, facts, rules, roster, ballots=dict.fromkeys(units, 60))
    return with_likely(view, rules, grades_of(scheme))


def rated(scheduled: Mapping[str, int], realtime: Mapping[str, int] | None = None) -> dict[str, Any]:
    answers: dict[str, Any] = {"scheduled": {"policy": dict(scheduled)}}
    if realtime:
        answers["realtime"] = {"duty": dict(realtime)}
    return {"group": "市级部门", "answers": answers}


def guangyuan(*units: dict[str, Any], **more: Any) -> list[PublicDepartment]:
    kinds = {"answers.scheduled": "ballot", "answers.realtime": "ratings"}
    given = {f"d{place}": one for place, one in enumerate(units, start=1)}
    view = units_view(
        GUANGYUAN, given, period="2022-2", options={"realtime_min_answers": 5}, kinds=kinds, **more
    )
    return sorted(view.departments, key=lambda one: one.id)


def test_a_part_that_voters_gave_is_uncertain_by_its_own_scale() -> None:
    """GY-R6"""
    (one,) = guangyuan(rated({"满意": 40, "基本满意": 20}))
    assert one.sampled
    (part,) = one.sampled
    assert part.fewest == 50
    value, low, high = float(part.value), float(Fraction(part.low)), float(Fraction(part.high))
    least, most = of_mean(value, 50, low, high)
    weight, score = float(Fraction(part.weight)), float(one.figure.score or 0)
    expected = (score - weight * (value - least), score + weight * (most - value))
    assert bounds(one) == pytest.approx(expected, abs=0.1)


BOTH = rated({"满意": 40, "基本满意": 20}, {"非常满意": 12, "不满意": 8})


def test_where_a_sampled_part_is_not_shown_there_is_no_interval_and_the_reason() -> None:
    """Ratings are hidden beside the ballots where they are too few to be public."""
    (one,) = guangyuan(BOTH, rated_from=None)
    assert one.figure.score
    assert (one.sampled, one.likely, one.no_range) == (None, None, HIDDEN_PART)


def test_ratings_that_stand_on_the_page_are_a_sample_beside_the_ballots() -> None:
    """GY-R6 GY-R9: their number is public, so it counts as it is."""
    (one,) = guangyuan(BOTH, rated_from=20)
    assert one.sampled
    assert sorted(part.fewest for part in one.sampled) == [20, 50]
    low, high = bounds(one)
    assert low < float(one.figure.score or 0) < high
    assert one.no_range == ""


@pytest.mark.parametrize("many", [30, 120, 3000])
def test_what_another_body_counted_is_a_sample_and_no_full_count(many: int) -> None:
    """WY-R4: its numbers stand on the page, so the interval is made from all of them."""
    answers = {"ballot": {"overall": {"满意": many // 2, "基本满意": many - many // 2}}}
    one = only(
        units_view(
            WUYANG,
            {"d1": {"group": "行政执法", "answers": answers}},
            period="2022-Q1",
            kinds={"answers.ballot": "counts"},
        )
    )
    assert one.sampled
    assert [part.fewest for part in one.sampled] == [many]
    least, most = of_mean(80, many, 30, 100)
    assert bounds(one) == pytest.approx((least, most), abs=0.1)


def test_what_a_panel_or_the_office_gave_adds_nothing() -> None:
    """JL-R4: a panel marks whole; nobody else might have marked otherwise."""
    view = units_view(JILIN, {"d1": marked(panel(26, 25, 24, 25, 26, 27, 20))}, period="2021")
    one = only(view)
    assert one.sampled == ()
    score = float(one.figure.score or 0)
    assert bounds(one)[0] <= score <= bounds(one)[1]
    assert bounds(one)[1] - bounds(one)[0] <= 2, "half a point where the number is whole"


def test_after_a_veto_a_score_says_nothing_of_its_grade() -> None:
    """JL-R6: not steady and not near a boundary."""
    vetoed = marked(panel(*[25, 24] * 4), vetoes=["grave_harm"])
    one = only(units_view(JILIN, {"d1": vetoed}, period="2021"))
    assert one.figure.grade == "不达标"
    assert (one.likely, one.no_range) == (None, VETOED)


@pytest.mark.parametrize("value", ["100", "0", "55.00"])
def test_a_sum_stays_on_the_scale_of_its_parts(value: str) -> None:
    part = SampledPart(weight="1/2", value=value, low="0", high="100", fewest=10)
    base = only(persons_view(SURE))
    score = f"{50 + float(value) / 2:.2f}"
    alone = replace(base, sampled=(part,), figure=replace(base.figure, score=score))
    view = PublicView(
        (replace(persons_view(SURE).groups[0], departments=(alone,)),), "none", judges_persons=False
    )
    policy = load_scheme(JILIN)
    rules = UnitRules(policy, policy.defaults, {})
    low, high = bounds(only(with_likely(view, rules, GRADES)))
    assert 50 <= low < high <= 100
