"""What the public sees of schemes that judge no persons: office parts exact, secret parts guarded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from evaluations.publication import (
    PublicDepartment,
    PublicView,
    RosterDepartment,
    Shown,
    UnitRules,
    unit_view,
)
from evaluations.publication.stored import from_plain, to_plain
from evaluations.publication.view import Node
from evaluations.scoring import canonical, score_facts
from evaluations.scoring.loading import load_scheme
from tests.evaluations.unit_rounds import marked, panel

JILIN, FANGCHENG, GUANGYUAN, WUYANG = (
    "jilin-jkq-2021",
    "fangcheng-2022",
    "guangyuan-2022",
    "wuyang-units-2022",
)
PERIODS = {JILIN: "2021", FANGCHENG: "2022-Q1", GUANGYUAN: "2022-2", WUYANG: "2022-Q1"}
Units = Mapping[str, Mapping[str, Any]]


def shown_of(scheme_id: str, units: Units, *, kinds: Mapping[str, str] | None = None) -> Shown:
    return after(scheme_id, units, [], kinds=kinds)


def after(
    scheme_id: str, units: Units, earlier: list[Shown], *, kinds: Mapping[str, str] | None = None
) -> Shown:
    """What is published of these units beside what was published of them before."""
    policy = load_scheme(scheme_id)
    facts = canonical({"period": PERIODS[scheme_id], "subjects": dict(units)})
    outcome = score_facts(policy, facts)
    roster = [RosterDepartment(key, key, one["group"]) for key, one in units.items()]
    usual = {need.key: rule.channels[0] for need, rule in policy.defaults.needs() if rule}
    rules = UnitRules(policy, policy.defaults, {**usual, **(kinds or {})})
    return Shown(outcome, facts, unit_view(outcome, facts, rules, roster, earlier=earlier))


def unit(view: PublicView, key: str) -> PublicDepartment:
    return next(one for one in view.departments if one.id == key)


def value(node: Node, label: str) -> str:
    """The value shown of a step, wherever it stands."""
    found = [one.value for one in _all(node) if one.label == label]
    assert found, label
    return found[0]


def _all(node: Node) -> list[Node]:
    return [node, *(one for part in node.parts for one in _all(part))]


def test_what_the_office_gave_is_exact_and_has_its_lines_without_remarks() -> None:
    """JL-R2: a ledger is no secret; what was noted on a person is for the unit."""
    late = [{"count": 2, "date": "2021-05-10", "remark": "张三迟报"}]
    seen = shown_of(
        JILIN, {"d1": marked(panel(26, 25, 24, 25, 26, 27, 20), occurrences={"monthly_report_late": late})}
    )
    derivation = unit(seen.view, "d1").derivation
    assert value(derivation, "日常考评") == "38.00"
    assert value(derivation, "月度动态信息未按时上报") == "-2.00"
    assert all("张三" not in one.because for one in _all(derivation))


def test_ratings_are_shown_in_full_from_where_they_are_public_and_never_alone_below() -> None:
    """GY-R6: from twenty on with the number of each answer; of nineteen the total alone."""
    policy = load_scheme(GUANGYUAN)
    options = {"realtime_min_answers": 5}
    many = {"非常满意": 12, "不满意": 8}
    units = {
        key: {
            "group": "市级部门",
            "answers": {"scheduled": {"policy": {"满意": 40, "基本满意": 20}}, "realtime": {"duty": one}},
        }
        for key, one in {"d1": many, "d2": {**many, "不满意": 7}}.items()
    }
    facts = canonical({"period": "2022-2", "options": options, "subjects": units})
    outcome = score_facts(policy, facts)
    kinds = {"answers.scheduled": "ballot", "answers.realtime": "ratings"}
    rules = UnitRules(policy, policy.decide(options), kinds, rated_from=20)
    roster = [RosterDepartment(key, key, "市级部门") for key in units]
    view = unit_view(outcome, facts, rules, roster)
    first, second = (unit(view, key).derivation for key in units)
    (node,) = [one for one in _all(first) if one.label == "实时评价"]
    assert (node.value, node.because) == ("76.00", "（非常满意 12×100 + 不满意 8×40）÷ 20")
    assert value(second, "实时评价") == "不单独公布"
    assert unit(view, "d2").figure.score is None or value(second, "集中评价") == "不单独公布"
    unknown = unit_view(outcome, facts, replace(rules, rated_from=None), roster)
    assert value(unit(unknown, "d1").derivation, "实时评价") == "不单独公布"


def test_a_small_panel_is_shown_within_a_sum_and_never_alone() -> None:
    """JL-R4: seven leaders and three supervisors stand in the total; the panels of twelve stand alone."""
    one = unit(shown_of(JILIN, {"d1": marked(panel(26, 25, 24, 25, 26, 27, 20))}).view, "d1")
    assert one.figure.score
    assert one.distribution is None
    for label, is_alone in (
        ("领导评议", False),
        ("监督员评议", False),
        ("企业评议", True),
        ("年终评议", False),
    ):
        assert (value(one.derivation, label) != "不单独公布") is is_alone, label


def test_one_small_panel_alone_hides_another_with_it() -> None:
    """Else total and other parts would give it."""
    facts = marked(panel(*[26, 25, 24, 25, 26] * 2))
    facts["marks"]["departments"] = panel(*[9, 8] * 6)
    one = unit(shown_of(JILIN, {"d1": facts}).view, "d1")
    hidden = [node.label for node in _all(one.derivation) if node.value == "不单独公布"]
    assert "监督员评议" in hidden
    assert len(hidden) > 2, "the sum and at least one other panel"


@pytest.mark.parametrize("channel", ["sheets", "ballot"])
def test_marks_near_the_top_leave_only_the_grade(channel: str) -> None:
    """Sixty of sixty says of every marker what was marked, on a sheet or by slip."""
    facts = marked(panel(*[30] * 7))
    facts["marks"] = {
        "leaders": panel(*[30] * 7),
        "departments": panel(*[10] * 12),
        "enterprises": panel(*[10] * 12),
        "supervisors": panel(*[10] * 3),
    }
    kinds = {"marks.enterprises": channel, "marks.supervisors": channel}
    one = unit(shown_of(JILIN, {"d1": facts}, kinds=kinds).view, "d1")
    assert (one.figure.score, one.figure.grade) == (None, "优秀")


@pytest.mark.parametrize("channel", ["sheets", "ballot"])
def test_the_round_says_which_channel_gave_the_marks(channel: str) -> None:
    """JL-R8: slips are an anonymous crowd, so below fifty its figures are whole numbers."""
    facts = {"d1": marked(panel(26, 25, 24, 25, 26, 27, 20))}
    one = unit(shown_of(JILIN, facts, kinds={"marks.enterprises": channel}).view, "d1")
    assert ("." in (one.figure.score or "")) is (channel == "sheets")
    assert one.figure.band is None, "the size of one panel is no number of voters of a unit"


def test_a_vetoed_unit_shows_why_and_has_no_rank() -> None:
    """JL-R6 JL-R7"""
    one = unit(shown_of(JILIN, {"d1": marked(panel(*[25, 24] * 4), vetoes=["grave_harm"])}).view, "d1")
    assert (one.figure.grade, one.rank, one.is_ranked) == ("不达标", None, False)
    assert any("一票否决" in node.because for node in one.derivation.parts)


def monitored(satisfied: int, just: int, bad: int) -> dict[str, Any]:
    """A unit of 方城 with interviews of so many enterprises."""
    return {
        "group": "责任单位",
        "conditions": {"full_revisit": True, "problems_solved": True},
        "marks": {"rectification": 8, "innovation": {"highlight": 5, "effect": 2}, "assigned_tasks": 8},
        "placements": {
            "supervisors": {"tier": 1, "points": "7.5"},
            "publicity": {"tier": 1, "points": 9},
        },
        "measures": {"articles": 3},
        "answers": {
            "enterprises": {"overall": {"满意": satisfied, "基本满意": just, "不满意": bad}},
            "masses": {"overall": {"满意": 0, "不满意": 4}},
        },
    }


def test_counts_of_another_body_are_no_secret_and_interviews_are_from_five_on() -> None:
    """FC-R1 FC-R8 FC-R9"""
    seen = shown_of(FANGCHENG, {"d1": monitored(8, 1, 1), "d2": monitored(3, 0, 1)}).view
    enough, few = unit(seen, "d1"), unit(seen, "d2")
    assert value(enough.derivation, "群众评") == "26.00"
    assert value(enough.derivation, "企业满意度") == "17.00"
    assert enough.figure.grade is None
    assert not seen.has_grades
    assert (few.figure.score, few.figure.note) == (None, "结果已送达本单位")
    assert value(few.derivation, "企业满意度") == "不单独公布"
    assert value(few.derivation, "群众评") == "26.00"


def test_a_rank_does_not_give_what_the_score_hides() -> None:
    """Between two neighbours a rank would be the number."""
    close = {
        "d1": monitored(8, 1, 1),
        "d2": monitored(2, 1, 1),
        "d3": monitored(7, 2, 1),
    }
    seen = shown_of(FANGCHENG, close).view
    assert [one.rank for one in seen.departments] == [None, None, None]


def voted(group: str, best: int, fair: int, bad: int) -> dict[str, Any]:
    counts = {"满意": best, "比较满意": fair, "不满意": bad}
    return {"group": group, "answers": {"ballot": {"overall": counts}}}


def test_a_vote_below_fifty_is_a_whole_number_and_below_thirty_none() -> None:
    """WY-R8: ranks come from the unrounded score; no grade is given."""
    units = {
        "d1": voted("行政审批", 20, 10, 10),
        "d2": voted("行政审批", 100, 40, 10),
        "d3": voted("行政审批", 10, 5, 5),
    }
    groups = list(load_scheme(WUYANG).defaults.subjects.groups)
    units = {key: {**one, "group": groups[0]} for key, one in units.items()}
    seen = shown_of(WUYANG, units).view
    coarse, exact, few = (unit(seen, key) for key in units)
    assert (coarse.figure.score, coarse.figure.band) == ("78", "20–49")
    assert (exact.figure.score, exact.figure.band) == ("90.00", "100–199")
    assert exact.distribution
    assert [share.percent % 5 for share in coarse.distribution or ()] == [0, 0, 0, 0]
    assert few.figure.note == "样本不足"
    assert few.rank is None
    assert coarse.figure.grade is None


def test_lists_are_public_by_pool() -> None:
    """WY-R8 GY-R8"""
    answers = [
        {
            "group": "市级部门",
            "answers": {
                "scheduled": {
                    question: {"非常满意": 60 + place, "满意": 40 - place}
                    for question in ("policy", "service", "solving")
                }
            },
        }
        for place in range(12)
    ]
    seen = shown_of(GUANGYUAN, {f"d{place}": one for place, one in enumerate(answers)}).view
    (only,) = seen.lists
    assert (only.pool, only.best[0], only.worst[-1]) == ("市级部门（单位）", "d11", "d0")
    assert any("实时评价" in note for note in unit(seen, "d0").notes), "the missing part is carried"


def test_a_correction_of_a_few_answers_shows_no_second_number() -> None:
    """The difference between the two would be those voters' answers."""
    groups = list(load_scheme(WUYANG).defaults.subjects.groups)
    first = shown_of(WUYANG, {"d1": {**voted("", 60, 20, 20), "group": groups[0]}})
    again = {"d1": {**voted("", 58, 20, 20), "group": groups[0]}}
    assert unit(after(WUYANG, again, [first]).view, "d1").figure.score is None
    many = {"d1": {**voted("", 40, 20, 20), "group": groups[0]}}
    assert unit(after(WUYANG, many, [first]).view, "d1").figure.score
    office = monitored(8, 1, 1)
    was = shown_of(FANGCHENG, {"d1": office})
    now = {"d1": {**office, "measures": {"articles": 4}, "occurrences": {"endorsed_city": 1}}}
    assert unit(after(FANGCHENG, now, [was]).view, "d1").figure.score, "a ledger may be corrected in public"


def test_a_view_of_units_is_stored_and_comes_back_as_it_was() -> None:
    for scheme_id, units in (
        (JILIN, {"d1": marked(panel(26, 25, 24, 25, 26, 27, 20))}),
        (FANGCHENG, {"d1": monitored(8, 1, 1)}),
    ):
        view = shown_of(scheme_id, units).view
        assert from_plain(to_plain(view)) == view
