"""What may be shown of a figure: both sides of every threshold (YC-R3; the rules of publication)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from evaluations.publication import (
    PublicDepartment,
    PublicView,
    Rules,
    Shown,
    band,
    public_view,
    turnout_shown,
)
from evaluations.publication.stored import from_plain, to_plain, without_people, without_persons
from tests.evaluations.made_by_hand import RULES, counts, county, department

MIXED = counts(good=30, fair=20, just=8, bad=2)


def view_of(
    *departments: Any, persons_public: str = "all", rules: Rules = RULES, earlier: Any = ()
) -> PublicView:
    """`earlier`: counties as `county` makes them, published before in the same way."""
    outcome, facts, roster = county(*departments)
    past: list[Shown] = []
    for one in earlier:
        view = public_view(*one[:2], rules, one[2], persons_public=persons_public, earlier=past)
        past.append(Shown(one[0], one[1], view))
    return public_view(outcome, facts, rules, roster, persons_public=persons_public, earlier=past)


def only(view: PublicView) -> PublicDepartment:
    (found,) = view.departments
    return found


def persons(found: PublicDepartment) -> dict[str, Any]:
    return {person.id: person.figure for section in found.sections for person in section.persons}


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (0, None),
        (9, None),
        (10, "10–19"),
        (19, "10–19"),
        (20, "20–49"),
        (49, "20–49"),
        (50, "50及以上"),
        (999, "50及以上"),
    ],
)
def test_a_number_of_answers_is_shown_as_a_band(n: int, shown: str | None) -> None:
    assert band(n) == shown


@pytest.mark.parametrize(
    ("ballots", "shown"),
    [(0, None), (9, None), (10, "10–19"), (49, "20–49"), (60, "50–99"), (2500, "2000及以上")],
)
def test_ballots_of_a_department_are_shown_as_a_band_too(ballots: int, shown: str | None) -> None:
    outcome, facts, roster = county(department(MIXED, MIXED))
    view = public_view(outcome, facts, RULES, roster, persons_public="all", ballots={"d1": ballots})
    assert only(view).ballots == shown
    assert from_plain(json.loads(json.dumps(to_plain(view)))) == view
    kept = to_plain(view)
    for group in kept["groups"]:
        for one in group["departments"]:
            del one["ballots"]
    assert only(from_plain(kept)).ballots is None, "stored by an earlier version"


def test_beside_a_department_without_a_band_no_ballots_are_shown() -> None:
    outcome, facts, roster = county(department(counts(good=5, fair=3)))
    view = public_view(outcome, facts, RULES, roster, persons_public="all", ballots={"d1": 30})
    assert only(view).ballots is None


@pytest.mark.parametrize(
    ("answers", "score", "note"),
    [
        (counts(good=5, fair=4), None, "样本不足"),
        (counts(good=6, fair=4), "92", ""),
        (counts(good=6, fair=4, unknown=90), "92", ""),
        (counts(good=5, fair=4, unknown=90), None, "样本不足"),
    ],
)
def test_a_person_needs_ten_valid_answers_and_never_shows_zero(
    answers: Any, score: str | None, note: str
) -> None:
    found = persons(only(view_of(department(answers, MIXED, MIXED, MIXED, MIXED))))["d1p1"]
    assert (found.score, found.note) == (score, note)
    assert found.score != "0"


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        (counts(good=30, fair=10, just=9), "88"),  # 49 answers, 88.57… by hand is not shown
        (counts(good=30, fair=10, just=10), "88.00"),  # 50 answers
    ],
)
def test_below_fifty_answers_a_person_has_a_whole_number(answers: Any, score: str) -> None:
    found = persons(only(view_of(department(answers, MIXED, MIXED))))["d1p1"]
    expected = {"88": "89", "88.00": "88.00"}[score]
    assert found.score == expected


def test_a_whole_number_is_rounded_half_up_from_the_unrounded_value() -> None:
    half = counts(good=31, fair=9)  # 95.5 of 40 answers
    below = counts(good=29, fair=8, just=1)  # 3600/38 = 94.736…
    found = persons(only(view_of(department(half, below, MIXED))))
    assert found["d1p1"].score == "96"
    assert found["d1p2"].score == "95"


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        (counts(good=19), None),
        (counts(good=18, bad=1), None),  # one dissenter
        (counts(good=17, bad=2), "93"),  # two dissenters
        (counts(good=20), "100"),  # twenty answers
    ],
)
def test_few_answers_nearly_all_alike_show_the_grade_only(answers: Any, score: str | None) -> None:
    found = persons(only(view_of(department(answers, MIXED, MIXED, MIXED))))["d1p1"]
    assert found.score == score
    assert found.grade == "优秀"


@pytest.mark.parametrize("mode", ["all", "top_grades"])
def test_a_department_with_a_person_shown_by_grade_only_is_shown_by_its_grade(mode: str) -> None:
    found = only(view_of(department(counts(good=15), MIXED, MIXED, MIXED), persons_public=mode))
    assert found.figure.score is None
    assert found.figure.grade == "良好"


def test_a_department_without_such_a_person_is_shown_with_two_decimals() -> None:
    assert only(view_of(department(MIXED, MIXED, MIXED))).figure.score == "85.67"


def test_the_threshold_is_an_option_that_never_goes_below_five() -> None:
    assert band(5, 5) == "5–19"
    with pytest.raises(ValueError, match="below 5"):
        replace(RULES, k=4)


@pytest.mark.parametrize(("n", "is_shown"), [(29, False), (30, True)])
def test_a_distribution_needs_thirty_answers(n: int, is_shown: bool) -> None:
    found = only(view_of(department(counts(good=n - 6, fair=4, bad=2))))
    assert (found.distribution is not None) is is_shown


def test_shares_add_up_to_one_hundred_and_are_rounded() -> None:
    few = only(view_of(department(counts(good=20, fair=11, just=3, bad=1), MIXED))).distribution
    many = only(view_of(department(*[MIXED] * 4))).distribution
    assert few is not None
    assert many is not None
    assert all(share.percent % 5 == 0 for share in few)
    assert sum(s.percent for s in few) == sum(s.percent for s in many) == 100
    assert [share.choice for share in many] == ["满意", "比较满意", "基本满意", "不满意"]


def test_under_top_grades_lower_grades_and_too_few_answers_look_alike() -> None:
    low, thin = counts(good=10, just=20, bad=20), counts(good=3)
    found = persons(only(view_of(department(low, thin, *[MIXED] * 8), persons_public="top_grades")))
    assert found["d1p1"] == found["d1p2"]
    assert found["d1p1"].note == "结果已送达本人"
    assert found["d1p1"].score is found["d1p1"].grade is found["d1p1"].band is None


def test_under_none_no_person_is_listed() -> None:
    assert only(view_of(department(*[MIXED] * 8), persons_public="none")).sections == ()


def test_a_person_taken_down_is_not_listed() -> None:
    """Nothing else changes: a figure that was shown is not decided anew."""
    view = view_of(department(*[MIXED] * 8))
    found = without_people(view, {"d1p1"})
    assert "d1p1" not in persons(only(found))
    assert persons(only(found)) == {key: one for key, one in persons(only(view)).items() if key != "d1p1"}
    assert replace(only(found), sections=()) == replace(only(view), sections=())


def test_a_stored_view_is_the_view() -> None:
    strata = {name: [counts(good=10 + n, bad=4)] * 4 for n, name in enumerate(("甲类", "乙类"))}
    case = department(*[counts(good=21, bad=8)] * 4, strata=strata, sections=["s1", "s1", "s2", "s2"])
    for mode in ("all", "top_grades", "none"):
        view = view_of(case, department(counts(good=3)), persons_public=mode)
        assert from_plain(json.loads(json.dumps(to_plain(view)))) == view
    found = without_persons(view_of(case))
    assert only(found).figure == only(view_of(case)).figure
    assert not only(found).sections


def test_only_who_has_a_result_to_show_is_listed() -> None:
    """YC-R3 (reading 11): the others are a number, so nobody is named by elimination."""
    case = department(counts(good=50, fair=10), counts(just=40, bad=20), counts(good=3), *[MIXED] * 6)
    named = only(view_of(case, persons_public="top_grades"))
    assert len(named.listed) == 7
    assert named.others == "其余2人的结果已送达本人或样本不足。"
    everybody = only(view_of(case, persons_public="all"))
    assert len(everybody.listed) == 8
    assert everybody.others == "其余1人样本不足，不公布成绩。"


@pytest.mark.parametrize(
    ("answers", "score", "grade"),
    [
        (counts(good=10, fair=11), "89", "良好"),  # 89.52
        (counts(good=13, fair=8, bad=1), "89", "良好"),  # 89.55
        (counts(good=20, fair=17, just=1), "90", "优秀"),  # 90.00
        (counts(good=32, just=6, bad=2), "91", "优秀"),  # 90.50
        (counts(good=3, fair=40, just=4), "79", "合格"),  # 79.57
        (counts(good=22, fair=7, just=1, bad=1), "92", "优秀"),  # 91.94
    ],
)
def test_a_rounded_score_never_belongs_to_a_better_grade(answers: Any, score: str, grade: str) -> None:
    found = persons(only(view_of(department(answers, MIXED, MIXED, MIXED))))["d1p1"]
    assert (found.score, found.grade) == (score, grade)


def test_a_public_derivation_has_clauses_and_no_counts() -> None:
    found = only(view_of(department(*[counts(good=37, fair=11, just=5, bad=4)] * 7), persons_public="all"))

    def lines(node: Any) -> Any:
        yield node
        for part in node.parts:
            yield from lines(part)

    nodes = list(lines(found.derivation))
    assert all(node.clause for node in nodes)
    text = " ".join(f"{node.label}{node.says}{node.value}" for node in nodes)
    for count in ("37", "11", "57", "399"):
        assert count not in text


def test_equal_scores_share_a_rank_and_stand_in_the_order_of_units() -> None:
    view = view_of(
        department(*[MIXED] * 3),
        department(*[counts(good=60)] * 3),
        department(*[MIXED] * 3),
        department(*[counts(bad=60)] * 3),
    )
    assert [(d.id, d.rank, d.tied) for d in view.departments] == [
        ("d2", 1, False),
        ("d1", 2, True),
        ("d3", 2, True),
        ("d4", 4, False),
    ]


def test_a_department_nobody_answered_about_is_listed_as_too_few() -> None:
    found = view_of(department(*[MIXED] * 3), department(counts(), counts(unknown=40))).departments[-1]
    assert found.id == "d2"
    assert found.figure.note == "样本不足"
    assert found.rank is found.distribution is found.figure.score is None


def test_a_section_stands_in_for_its_people_only_where_each_has_too_few() -> None:
    thin = counts(good=4, fair=2, just=1)
    sections = ["s1", "s1", "s1", "s2", "s2", "s2", "s2"]
    found = only(view_of(department(thin, thin, thin, *[MIXED] * 4, sections=sections)))
    assert [section.figure is not None for section in found.sections] == [True, False]
    assert found.sections[0].figure is not None
    assert found.sections[0].figure.score == "89"


@pytest.mark.parametrize(("ballots", "told"), [(0, 0), (9, 0), (10, 10), (19, 10), (20, 20), (4321, 4320)])
def test_turnout_is_rounded_down_to_ten(ballots: int, told: int) -> None:
    assert turnout_shown(ballots) == told
