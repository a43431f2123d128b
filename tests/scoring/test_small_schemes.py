"""What a scheme may say that no shipped scheme says, tried in a small one."""

import re
from pathlib import Path
from typing import Any

import pytest

from evaluations.scoring import InvalidInputError, facts_from, parse_scheme, score_round
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.report import derivation_lines
from tests.scoring.test_broken_input import BASE

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-scheme.md"


def small(replace: dict[str, str], subject: dict[str, Any], **options: Any) -> Derivation:
    """The score of one unit under the small scheme, so changed."""
    text = BASE
    for old, new in replace.items():
        assert old in text, old
        text = text.replace(old, new)
    policy = parse_scheme(text)
    data = {"period": "2024", "options": options, "subjects": {"a": subject}}
    return score_round(policy, facts_from(data, policy)).subjects["a"].derivation


BONUS = {
    "only_if: {way: other}, kind: bonus": "kind: bonus, "
    "per_practice: {option: way, cases: {plain: all, other: highest}}",
    "points: 2, cap: 6}": "points: 1, cap: 3}, medal: {label: 奖牌, clause: 三, says: 加。, points: 3}",
    "score: {subject: total": "score: {subject: other",
}
PRACTICES = {
    "praise": [{"practice": "一窗"}, {"practice": "一窗"}, {"practice": "帮办"}, {}],
    "medal": [{"practice": "一窗"}],
}


@pytest.mark.parametrize(("way", "points"), [("plain", 3 + 3), ("other", 1 + 1 + 3)])
def test_a_bonus_may_count_only_the_highest_of_each_practice(way: str, points: int) -> None:
    """JL-R5 by another reading: four times 表扬 capped at 3 and a medal; or of 一窗 the medal alone, with
    帮办 and the one that names no practice.
    """
    found = small(BONUS, {"occurrences": PRACTICES}, way=way)
    assert found.exact == points
    assert found.because == f"加 {points} 分"


@pytest.mark.parametrize(
    ("medals", "points", "because"),
    [(2, 9, "加 9 分"), (3, 10, "加 12 分，封顶 10 分")],
)
def test_a_bonus_stops_at_its_cap(medals: int, points: int, because: str) -> None:
    found = small(BONUS, {"occurrences": {"praise": 7, "medal": medals}})
    assert (found.exact, found.because) == (points, because)


def test_a_bonus_of_just_its_cap_says_nothing_of_a_cap() -> None:
    found = small(BONUS | {"cap: 10,": "cap: 9,"}, {"occurrences": {"praise": 3, "medal": 2}})
    assert (found.exact, found.because) == (9, "加 9 分")


@pytest.mark.parametrize("cap", ["10", "1"])
def test_the_cap_of_an_item_may_be_its_points_or_the_cap_of_all(cap: str) -> None:
    found = small(BONUS | {"cap: 3}": f"cap: {cap}}}"}, {"occurrences": PRACTICES})
    assert found.exact == min(int(cap), 4) + 3


TAKEN = {
    "kind: ballot_mean, clause: 二, says: 平均。, label: 得分, source: ballot, scale: words, "
    "questions: {overall: {label: 总体}}, min_answers": "kind: answer_deductions, clause: 二, says: 扣。, "
    "label: 得分, source: ballot, scale: words, full: 10, min_answers",
    "choices: {满意: 100, 不满意: 30}": "choices: {满意: 0, 不满意: 1}",
    "score: {subject: total": "score: {subject: ballot",
    "default: 10,": "default: 1,",
}


@pytest.mark.parametrize(
    ("bad", "score", "because"),
    [
        (9, 1, "10 分逐份扣减：不满意 9×1"),
        (10, 0, "10 分逐份扣减：不满意 10×1"),
        (11, 0, "10 分逐份扣减：不满意 11×1；应扣 11 分，扣完为止"),
    ],
)
def test_points_off_end_at_nought_where_the_scheme_names_no_floor(bad: int, score: int, because: str) -> None:
    found = small(TAKEN, {"answers": {"ballot": {"overall": {"满意": 1, "不满意": bad}}}})
    assert (found.exact, found.because, found.answers) == (score, because, 1 + bad)
    assert list(derivation_lines(found, 2)) == [f"得分　{score}.00　［二］{because}　口径 1"]


def test_points_off_by_rate_end_at_the_floor_that_the_scheme_names() -> None:
    """Of 10 points down to 2 half of the answers take half of 8."""
    rate = TAKEN | {"full: 10,": "full: 10, floor: 2, method: rate,"}
    half = small(rate, {"answers": {"ballot": {"overall": {"满意": 5, "不满意": 5}}}})
    assert (half.exact, half.because) == (6, "10 分按比例扣减：（不满意 5×1）÷（10×1）")
    assert small(rate, {"answers": {"ballot": {"overall": {"不满意": 5}}}}).exact == 2


@pytest.mark.parametrize(
    ("answers", "withheld"), [(0, "no_valid_answers"), (9, "too_few_answers"), (10, None)]
)
def test_points_off_need_so_many_answers_as_the_round_asks_for(answers: int, withheld: str | None) -> None:
    subject = {"answers": {"ballot": {"overall": {"满意": answers, "不了解情况": 3}}}}
    found = small(TAKEN, subject, least=10)
    assert (found.withheld, found.answers) == (withheld, answers)
    said = {0: "没有有效答卷，不计分", 9: "有效答卷 9 份，不足 10 份", 10: "全部满意，10 份"}
    assert found.because == said[answers]


PERSONS = {
    "roles: {staff: {label: 工作人员}}": "roles: {staff: {label: 人}, chief: {label: 长, target: principal}}",
    "id: ballot, kind: ballot_mean,": "id: person, kind: ballot_mean, level: member,",
    "  - {id: daily,": "  - {id: ballot, kind: member_mean, clause: 二, says: 均。, label: 均, of: person}\n"
    "  - {id: daily,",
    "score: {subject: total,": "score: {subject: total, member: [person],",
    "  says: 三档。": "  says: 三档。\n  levels: [subject, member]",
}
POOR = {"ballot": {"overall": {"不满意": 10}}}


def reached(rule: str, streaks: str = "", period: str = "2024-2", **history: Any) -> list[tuple[str, Any]]:
    """What one consequence for persons does to p, of section s with q, under leader l and chief w."""
    text = BASE
    for old, new in PERSONS.items():
        text = text.replace(old, new)
    rule = f"  - {{id: rule, level: member, clause: 五, says: 及于。, label: 及于, {rule}}}\n"
    policy = parse_scheme(text.replace("\nreadings:", f"\n{rule}{streaks}readings:"))
    members = {
        "w": {"role": "chief"},
        "l": {"role": "staff"},
        "p": {"role": "staff", "section": "s", "answers": POOR} | history,
        "q": {"role": "staff", "section": "s"},
    }
    subject = {"sections": {"s": {"supervised_by": "l"}}, "members": members}
    data = {"period": period, "subjects": {"a": subject}}
    found = score_round(policy, facts_from(data, policy)).subjects["a"].members["p"].consequences
    return [(one.proposal.because, one.members) for one in found]


def test_a_persons_consequence_reaches_everybody_it_names() -> None:
    targets = "targets: [self, own_section, supervisor_of_section, principal]"
    assert reached(f"triggers: [{{grade: [差]}}], {targets}") == [("评定为差", ("p", "q", "l", "w"))]


@pytest.mark.parametrize(("roles", "hit"), [("[staff]", True), ("[chief]", False), ("[]", True)])
def test_a_persons_consequence_may_be_for_some_roles_only(roles: str, hit: bool) -> None:
    assert bool(reached(f"triggers: [{{grade: [差]}}], targets: [self], roles: {roles}")) == hit


@pytest.mark.parametrize(("without", "times"), [("skipped", 2), ("breaks", 0)])
def test_a_persons_streak_follows_the_schemes_reading_of_gaps(without: str, times: int) -> None:
    history = [{"period": "2023-4", "grade": "差"}, {"period": "2024-1"}]
    rule = "triggers: [{consecutive: {grade: [差], at_least: 2}}], targets: [self]"
    streaks = f"streaks: {{clause: 五, says: 连续。, without_result: {without}}}\n"
    found = reached(rule, streaks, history=history)
    assert found == ([(f"连续 {times} 次差", ("p",))] if times else [])


def test_a_persons_count_is_of_this_year_and_may_go_without_points() -> None:
    history = [{"period": "2023-4", "grade": "差"}, {"period": "2024-1", "grade": "差"}]
    rule = "triggers: [{times_in_year: {grade: [差], at_least: 2}}], targets: [self]"
    assert reached(rule, history=history) == [("本年度第 2 次差", ("p",))]
    assert reached(rule, history=history[:1]) == []


@pytest.mark.parametrize(
    ("superior", "found"), [("省局", ["vertical", "praise_best"]), ("", ["praise_best"])]
)
def test_what_is_for_vertical_units_leaves_the_rules_after_it_alone(superior: str, found: list[str]) -> None:
    """JL-R11 by another order of rules."""
    vertical = "id: vertical, clause: 五, says: 报送。, label: 报送, only_vertical: true, "
    vertical += "triggers: [{grade: [好]}], targets: [superior_body]"
    text = BASE.replace("  - {id: praise_best", f"  - {{{vertical}}}\n  - {{id: praise_best")
    policy = parse_scheme(text.replace("grade: [好]", "grade: [中]"))
    subject = {"superior_body": superior or None, "answers": {"ballot": {"overall": {"满意": 10}}}}
    outcome = score_round(policy, facts_from({"period": "2024", "subjects": {"a": subject}}, policy))
    assert [one.proposal.rule.id for one in outcome.subjects["a"].consequences] == found


def test_points_off_need_a_floor_below_full_marks() -> None:
    with pytest.raises(InvalidInputError, match=r"the floor \(10\) must lie below full \(10\)"):
        small(TAKEN | {"full: 10,": "full: 10, floor: 10,"}, {})


@pytest.mark.parametrize(
    ("bands", "bad", "because"),
    [("{grade: 好, from: 90}, {grade: 差}", 10, "34 分，低于 90"), ("{grade: 差}", 10, "34 分")],
)
def test_the_lowest_grade_names_the_bound_that_was_missed(bands: str, bad: int, because: str) -> None:
    start, end = BASE.index("  bands:"), BASE.index("ranking:")
    text = f"{BASE[:start]}  bands: [{bands}]\n{BASE[end:]}".replace("grade: [好]", "grade: [差]")
    policy = parse_scheme(text)
    facts = {"period": "2024", "subjects": {"a": {"answers": {"ballot": {"overall": {"不满意": bad}}}}}}
    found = score_round(policy, facts_from(facts, policy)).subjects["a"]
    assert (found.grade, found.grade_because) == ("差", f"{because}（四）")


INDICATORS = {
    "only_if: {way: other}, kind: bonus": "kind: external",
    "cap: 10, items: {praise: {label: 表扬, clause: 三, says: 加。, points: 2, cap: 6}}": "points: 10, "
    "indicators: {opening: 开办企业, power: 获得电力}, places: {option: least}",
    "score: {subject: total": "score: {subject: other",
    "  way: {label: 方法, type: choice, default: plain, choices: {plain: 平均, other: 另法}}\n": "",
    '  - {id: "2", clause: 二, question: 何法, answer: 平均, options: [way], decided: 默认}\n': "",
    "default: 10, at_least: 1": "default: 2, at_least: 0, at_most: 6",
    ", min_answers: {option: least}": "",
}


def test_figures_from_elsewhere_may_be_of_named_indicators_only() -> None:
    found = small(INDICATORS, {"external": {"other": {"opening": 90, "power": 70}}})
    assert found.exact == 8
    assert [part.label for part in found.parts] == ["开办企业", "获得电力"]
    with pytest.raises(InvalidInputError, match="water: unknown key; keys here are opening、power"):
        small(INDICATORS, {"external": {"other": {"water": 90}}})


def test_equals_are_told_apart_by_what_breaks_ties_and_nothing_stands_behind_nought() -> None:
    """All have 40 by the ledger; a was not asked, b has 0 and c 30 by its ballots."""
    text = BASE.replace("choices: {满意: 100, 不满意: 30}", "choices: {满意: 30, 不满意: 0}")
    text = text.replace("score: {subject: total", "score: {subject: daily")
    policy = parse_scheme(text.replace("lists: {best: 2", "tie_breakers: [ballot], lists: {best: 2"))
    subjects = {
        "a": {},
        "b": {"answers": {"ballot": {"overall": {"不满意": 10}}}},
        "c": {"answers": {"ballot": {"overall": {"满意": 10}}}},
    }
    found = score_round(policy, facts_from({"period": "2024", "subjects": subjects}, policy)).subjects
    assert {key: one.rank for key, one in found.items()} == {"c": 1, "b": 2, "a": 3}


@pytest.mark.parametrize("beside", ["", ", beside: daily"])
def test_strata_give_a_figure_only_beside_a_step_of_answers(beside: str) -> None:
    strata = f"strata: {{clause: 四, says: 各半。, shares: {{甲: 50, 乙: 50}}, tolerance: 5{beside}}}\n"
    policy = parse_scheme(strata + BASE)
    row = {"ballot": {"overall": {"满意": 10}}}
    subject = {"answers": row, "answers_by_stratum": {"甲": row, "乙": row}}
    outcome = score_round(policy, facts_from({"period": "2024", "subjects": {"a": subject}}, policy))
    assert outcome.subjects["a"].beside == {}


def test_groups_of_one_pool_are_ranked_together_and_a_group_without_one_apart() -> None:
    text = BASE.replace(
        "groups: {甲组: {label: 甲组}}",
        "groups: {甲组: {label: 甲, pool: 合}, 乙组: {label: 乙, pool: 合}, 丙组: {label: 丙}}",
    )
    policy = parse_scheme(text.replace("lists: {best: 2, worst: 2}", "within: pool, lists: {best: 1}"))
    answers = {"ballot": {"overall": {"满意": 10}}}
    subjects = {
        "a": {"group": "甲组", "answers": answers, "occurrences": {"late": 1}},
        "b": {"group": "乙组", "answers": answers},
        "c": {"group": "丙组", "answers": answers, "occurrences": {"late": 2}},
    }
    outcome = score_round(policy, facts_from({"period": "2024", "subjects": subjects}, policy))
    assert {key: (one.rank, one.ranked_of) for key, one in outcome.subjects.items()} == {
        "a": (2, 2),
        "b": (1, 2),
        "c": (1, 1),
    }
    assert {pool: found.best for pool, found in outcome.lists.items()} == {"合": ["b"], "丙组": []}


def test_where_a_scheme_has_no_groups_a_unit_needs_none_and_names_default_to_keys() -> None:
    policy = parse_scheme(BASE.replace("  groups: {甲组: {label: 甲组}}\n", ""))
    subjects = {"a": {"sections": {"s": {"supervised_by": "l"}}}, "b": {"name": "乙局", "group": "任何"}}
    outcome = score_round(policy, facts_from({"period": "2024", "subjects": subjects}, policy))
    assert [(one.name, one.group) for one in outcome.subjects.values()] == [("a", ""), ("乙局", "任何")]
    assert outcome.warnings == ["a：s的分管负责人（l）不在被评人员之中"]


def test_a_tier_may_allow_one_mark_only_and_a_sum_have_one_part() -> None:
    step = "kind: placement, tiers: [{from: 7, to: 7}, {from: 1, to: 6}]"
    text = {
        "only_if: {way: other}, kind: bonus": step,
        ", cap: 10, items: {praise: {label: 表扬, clause: 三, says: 加。, points: 2, cap: 6}}": "",
        "score: {subject: total": "score: {subject: final",
        "score:": "  - {id: final, kind: sum, clause: 三, says: 合计。, label: 总, parts: [{step: other}]}\n"
        "score:",
        "type: choice, default: plain, choices: {plain: 平均, other: 另法}": "type: whole, default: 0",
        "full: 40,": "full: 40, floor: {option: way},",
    }
    assert small(text, {"placements": {"other": {"points": 7}}}).exact == 7
    with pytest.raises(InvalidInputError, match=r"6\.5 points fit no tier"):
        small(text, {"placements": {"other": {"points": "6.5"}}})


def test_who_is_tied_at_the_edge_of_a_list_is_named() -> None:
    policy = parse_scheme(BASE)
    good = {"ballot": {"overall": {"满意": 10}}}
    subjects = {"a": {"answers": good}, "b": {"name": "乙局", "answers": POOR}, "c": {"answers": POOR}}
    outcome = score_round(policy, facts_from({"period": "2024", "subjects": subjects}, policy))
    assert outcome.warnings == ["甲组：名单边缘同分，需人工确认：乙局、c"]
    assert {key: one.flags for key, one in outcome.subjects.items()} == {
        "a": [],
        "b": ["list_to_confirm"],
        "c": ["list_to_confirm"],
    }


def test_the_parts_that_the_guide_shows_load() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (shown,) = [block for block in blocks if block.startswith("strata:")]
    for own, other in {"beside: department": "beside: ballot", "[satisfied]": "[daily]"}.items():
        shown = shown.replace(own, other)
    text = re.sub(r"^grades:\n(?: .*\n)+|^ranking:.*\n", "", BASE, flags=re.MULTILINE)
    text = text.replace("[好]", "[优秀]").replace("\nconsequences:", f"\n{shown}consequences:")
    scheme = parse_scheme(text).defaults
    assert scheme.grades is not None
    assert scheme.grades.names() == ["优秀", "达标", "不达标"]
    assert scheme.streaks is not None
    assert scheme.streaks.without_result == "skipped"
