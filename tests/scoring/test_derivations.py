"""Derivations say in words how a number came about, with clause, readings and what was left out."""

from typing import Any

import pytest

from evaluations.scoring import facts_from, load_scheme, parse_scheme, score_round
from evaluations.scoring.outcome import SubjectResult
from evaluations.scoring.report import as_text, derivation_lines
from evaluations.scoring.texts import flag_in_words, withheld_in_words
from tests.scoring.test_broken_input import BASE


def scored(scheme: str, subject: dict[str, Any], **options: Any) -> SubjectResult:
    policy = load_scheme(scheme)
    data = {"period": "2023-Q3", "options": options, "subjects": {"a": subject}}
    return score_round(policy, facts_from(data, policy)).subjects["a"]


def lines(result: SubjectResult) -> list[str]:
    return list(derivation_lines(result.derivation, result.places))


def person(**counts: int) -> dict[str, Any]:
    return {"name": "张三", "role": "staff", "answers": {"ballot": {"overall": counts}}}


def test_a_pooled_department_shows_the_pool_and_every_person() -> None:
    members = {"p": person(满意=30, 不了解情况=2), "q": person(比较满意=9), "r": person(不了解情况=5)}
    assert lines(scored("yuncheng-2023", {"members": members})) == [
        (
            "部门得分　95.38（未取整 1240/13）　［六］"
            "3 人中只有 1 人样本足够，不足 50%，全部有效票合并计算　口径 3、9"
        ),
        "  合并计算　95.38（未取整 1240/13）　［六］（满意 30×100 + 比较满意 9×80）÷ 39；不了解情况 7 张不计",
        "  张三（工作人员）　100.00　［六］（满意 30×100）÷ 30；不了解情况 2 张不计　口径 4、9、13",
        "  张三（工作人员）　——　［六］有效票 9 张，不足 10 张　口径 4、9、13",
        "    总体评价　80.00　［六］（比较满意 9×80）÷ 9　口径 2",
        "  张三（工作人员）　——　［六］没有有效票，不计分　口径 4、9、13",
        "    总体评价　——　［六］没有有效票；不了解情况 5 张不计　口径 2",
    ]


def test_weighted_roles_and_a_thin_person_are_said() -> None:
    members = {"p": person(满意=30) | {"role": "section_head"}, "q": person(基本满意=10), "r": person()}
    found = lines(scored("yuncheng-2023", {"members": members}, role_weights={"section_head": 3}))
    assert found[0] == "部门得分　90.00　［六］2 人得分的加权平均（另有 1 人样本不足，不计入）　口径 3、9"


def test_a_department_without_answers_says_so() -> None:
    assert lines(scored("yuncheng-2023", {"members": {"p": {"name": "张三", "role": "staff"}}})) == [
        "部门得分　——　［六］没有有效票，不计分　口径 3、9",
        "  张三（工作人员）　——　［六］没有有效票，不计分　口径 4、9、13",
    ]
    assert lines(scored("yuncheng-2023", {"members": {"p": person(满意=29)}})) == [
        "部门得分　——　［六］全部有效票 29 张，不足 30 张　口径 3、9",
        "  张三（工作人员）　100.00　［六］（满意 29×100）÷ 29　口径 4、9、13",
    ]


def test_leaders_say_whose_score_they_take() -> None:
    subject = {
        "sections": {"s": {"name": "审批科", "supervised_by": "l"}},
        "members": {
            "w": {"name": "王五", "role": "principal_leader"},
            "l": {"name": "李四", "role": "supervising_leader"},
            "k": {"name": "钱七", "role": "supervising_leader"},
            "p": person(满意=30) | {"section": "s"},
        },
    }
    result = scored("yuncheng-2023", subject)
    told = {key: list(derivation_lines(one.derivation, 2)) for key, one in result.members.items()}
    assert told["w"] == ["主要负责人得分　100.00　［六］取部门得分　口径 13"]
    assert told["l"] == [
        "分管负责人得分　100.00　［六］1 个分管科室得分的平均　口径 13",
        "  审批科　100.00　［六］（满意 30×100）÷ 30　口径 3、4、9、13",
    ]
    assert told["k"] == ["分管负责人得分　——　［六］没有登记分管科室　口径 13"]
    thin = scored("yuncheng-2023", subject | {"members": subject["members"] | {"p": person(满意=9)}})
    assert list(derivation_lines(thin.members["w"].derivation, 2)) == [
        "主要负责人得分　——　［六］所取的部门得分没有得分　口径 13"
    ]
    assert thin.members["w"].withheld == "too_few_answers"


@pytest.mark.parametrize(
    ("counts", "holes", "because"),
    [
        ({"满意": 5, "比较满意": 5}, "lower_bounds", "90 分，不低于 90（六）"),
        ({"不满意": 10}, "lower_bounds", "30 分，低于 60（六）"),
        ({"满意": 17, "不满意": 3}, "round_to_integer", "89.5 分（取整为 90），不低于 90（六）"),
        (
            {"满意": 17, "不满意": 3},
            "strict",
            "89.5 分落在“良好”与上一等次之间，原文没有规定，待确认（六）",
        ),
    ],
)
def test_a_grade_says_why(counts: dict[str, int], holes: str, because: str) -> None:
    subject = {"members": {"p": person(**counts)}}
    result = scored("yuncheng-2023", subject, band_holes=holes, min_answers_per_department=10)
    assert result.grade_because == because


def test_a_veto_says_which_event() -> None:
    result = scored("jilin-jkq-2021", {"group": "基层单位", "vetoes": ["warned_above", "grave_harm"]})
    events = "被省、市营商办警示、通报批评或告诫、严重损害软环境、影响恶劣并被行政问责"
    assert result.grade_because == f"一票否决：{events}（三(二)4）"


def test_a_ledger_shows_count_points_cap_remarks_and_what_was_left_out() -> None:
    occurrences = {
        "verified_problem": [{"remark": "窗口脱岗"}, {"count": 2}],
        "media_zone": [{"title": "运动会"}, {"count": 7, "title": "政务服务月报"}],
        "praised_zone_deputy": [{"remark": "批示一"}, {"remark": "批示二"}],
    }
    subject = {"group": "基层单位", "occurrences": occurrences, "not_applicable": ["data_sharing"]}
    daily, _, bonus = scored("jilin-jkq-2021", subject).derivation.parts
    assert list(derivation_lines(daily, 2)) == [
        "日常考评　31.00　［三(二)1］40 分，扣 9 分　口径 1、2、6",
        "  数据未按进度共享　0.00　［三(二)1(5)］不适用于本单位",
        "  作风纪律效率窗口问题查实　-9.00　［三(二)1(7)］3 次，每次 -3 分；备注：窗口脱岗",
    ]
    assert list(derivation_lines(bonus, 2)) == [
        "加分项目　7.00　［三(二)3］加 7 分",
        (
            "  经开区副职领导肯定性批示　4.00　［三(二)3(1)］"
            "2 次，每次 +4 分，只计一次；备注：批示一、批示二　口径 7"
        ),
        "  区级媒体报道　3.00　［三(二)3(3)］7 次，每次 +0.5 分，封顶 3 分；“运动会”不含规定词汇，不计",
    ]


def test_marks_say_how_many_and_whose_was_left_out() -> None:
    """However the own mark was given: as a number, with a remark, or by aspect."""
    aspects = dict.fromkeys(("attitude", "efficiency", "orders", "integrity", "fairness"), 2)
    for own in (9, {"points": 9, "remark": "自评"}, aspects):
        subject = {"group": "基层单位", "marks": {"departments": {"a": own, "b": 8, "c": 7}}}
        year_end = scored("jilin-jkq-2021", subject).derivation.parts[1]
        assert list(derivation_lines(year_end, 2))[:3] == [
            "年终评议　——　［三(二)2］缺少领导评议，暂不计分　口径 4",
            "  领导评议　——　［三(二)2］没有评分",
            "  部门评议　7.50　［三(二)2］2 份评分的平均；本单位给自己的评分不计　口径 5",
        ]


def test_points_off_by_rate_show_the_sum() -> None:
    answers = {"enterprises": {"overall": {"满意": 9, "不满意": 1}}, "masses": {"overall": {"满意": 9}}}
    parts = scored("fangcheng-2022", {"answers": answers}, deduction_method="rate").derivation.parts
    assert list(derivation_lines(parts[2], 2)) == [
        "企业满意度　18.00　［二(三)］20 分按比例扣减：（不满意 1×2）÷（10×2）　口径 6"
    ]
    literal = scored("fangcheng-2022", {"answers": answers}).derivation.parts
    assert list(derivation_lines(literal[3], 2)) == ["群众评　30.00　［二(四)］全部满意，9 份　口径 6"]
    nobody = scored("fangcheng-2022", {}).derivation.parts
    assert list(derivation_lines(nobody[3], 2)) == ["群众评　——　［二(四)］没有有效答卷，不计分　口径 6"]


def test_figures_from_elsewhere_say_where_they_come_from() -> None:
    subject = {"external": {"indicators": {"开办企业": 90, "获得电力": None}}}
    indicators = scored("fangcheng-2022", subject, indicator_points=10).derivation.parts[0].parts[5]
    assert list(derivation_lines(indicators, 2)) == [
        "省市评价指标　9.00　［二(一)6］1 项指标平均 90，折合 10 分计　口径 1、2",
        "  开办企业　90.00　［二(一)6］最近一次评价结果",
        "  获得电力　——　［二(一)6］没有任何单位参与，不计",
    ]
    assert [part.withheld for part in indicators.parts] == [None, "no_valid_answers"]


MEMBER_RULE = """
  - {id: reach, level: member, clause: 五, says: 及于。, label: 及于, triggers: [TRIGGER], targets: [TARGET]}
"""


@pytest.mark.parametrize(
    ("target", "reached"),
    [
        ("self", ("p",)),
        ("own_section", ("p", "q")),
        ("supervisor_of_section", ("l",)),
        ("principal", ("w",)),
        ("department", ()),
    ],
)
def test_whom_a_persons_consequence_reaches(target: str, reached: tuple[str, ...]) -> None:
    """A small scheme in which persons are graded and each target is tried."""
    text = BASE.replace(
        "roles: {staff: {label: 工作人员}}",
        "roles: {staff: {label: 人}, chief: {label: 长, target: principal}}",
    )
    text = text.replace("id: ballot, kind: ballot_mean,", "id: person, kind: ballot_mean, level: member,")
    mean = "  - {id: ballot, kind: member_mean, clause: 二, says: 均。, label: 均分, of: person}\n"
    text = text.replace("  - {id: daily,", mean + "  - {id: daily,")
    text = text.replace("score: {subject: total,", "score: {subject: total, member: [person],")
    text = text.replace("  says: 三档。", "  says: 三档。\n  levels: [subject, member]")
    rule = MEMBER_RULE.replace("TARGET", target).replace("TRIGGER", "{grade: [差]}")
    text = text.replace("\nreadings:", rule + "readings:")
    policy = parse_scheme(text)
    poor = {"ballot": {"overall": {"不满意": 10}}}
    good = {"ballot": {"overall": {"满意": 10}}}
    members = {
        "w": {"role": "chief", "answers": good},
        "l": {"role": "staff", "answers": good},
        "p": {"role": "staff", "section": "s", "answers": poor},
        "q": {"role": "staff", "section": "s", "answers": good},
        "r": {"role": "staff", "section": "t", "answers": good},
    }
    sections = {"s": {"supervised_by": "l"}, "t": {}}
    data = {"period": "2024", "subjects": {"a": {"sections": sections, "members": members}}}
    found = score_round(policy, facts_from(data, policy)).subjects["a"].members
    assert [one.members for one in found["p"].consequences] == [reached]
    assert found["q"].consequences == []


def test_thin_results_still_say_how_many_answered() -> None:
    thin = scored("yuncheng-2023", {"members": {"p": person(满意=29, 不了解情况=3)}})
    assert (thin.withheld, thin.derivation.answers) == ("too_few_answers", 29)


def test_a_stratum_without_answers_leaves_no_corrected_figure() -> None:
    """YC reading 5: the corrected figure is there only if every stratum answered."""
    subject = {
        "members": {"p": person(满意=30)},
        "answers_by_stratum": {
            "民营企业": {"ballot": {"overall": {"满意": 20}}},
            "个体工商户+非民营企业": {},
        },
    }
    beside = scored("yuncheng-2023", subject).beside["post_stratified"]
    assert beside.exact is None
    assert beside.withheld == "missing_part:strata"
    assert list(derivation_lines(beside, 2)) == [
        "按评价主体比例校正　——　［四］有的评价主体没有有效票，不作校正",
        "  民营企业（50%）　100.00　［四］（满意 20×100）÷ 20",
        "  个体工商户+非民营企业（50%）　——　［四］没有有效票，不计分",
    ]
    assert [part.withheld for part in beside.parts] == [None, "no_valid_answers"]
    subject["answers_by_stratum"]["个体工商户+非民营企业"] = {"ballot": {"overall": {"比较满意": 10}}}
    merged = scored("yuncheng-2023", subject).beside["post_stratified"]
    subject["answers_by_stratum"]["个体工商户+非民营企业"] = {"ballot": {"overall": {"比较满意": 1}}}
    assert scored("yuncheng-2023", subject).beside["post_stratified"].exact == 90
    assert list(derivation_lines(merged, 2)) == [
        "按评价主体比例校正　90.00　［四］各类评价主体的平均按应占比例加权，仅供参考，不作为得分　口径 5",
        "  民营企业（50%）　100.00　［四］（满意 20×100）÷ 20",
        "  个体工商户+非民营企业（50%）　80.00　［四］（比较满意 10×80）÷ 10",
    ]


def test_strata_of_members_count_before_those_of_the_subject() -> None:
    """Leaders are judged by the department's score, so what voters said of them stays out here too."""
    by = {
        "民营企业": {"ballot": {"overall": {"满意": 10}}},
        "个体工商户+非民营企业": {"ballot": {"overall": {"基本满意": 10}}},
    }
    worse = {key: {"ballot": {"overall": {"不满意": 99}}} for key in by}
    members = {
        "p": person(满意=30) | {"answers_by_stratum": by},
        "w": {"role": "principal_leader", "answers_by_stratum": worse},
    }
    subject = {"members": members, "answers_by_stratum": worse}
    assert scored("yuncheng-2023", subject).beside["post_stratified"].exact == 80


@pytest.mark.parametrize(
    ("scheme", "option", "value", "words"),
    [
        ("yuncheng-2023", "leaders", "direct", "由市场主体直接评价"),
        ("yuncheng-2023", "card_by_member_grade", True, "是"),
        ("yuncheng-2023", "card_by_member_grade", False, "否"),
        ("yuncheng-2023", "role_weights", {"staff": "1.50"}, "staff 1.5"),
        ("yuncheng-2023", "role_weights", {}, "相等"),
        ("yuncheng-2023", "pooled_below", "0.50", "0.5"),
        ("guangyuan-2022", "answer_values", {"满意": 80, "不满意": 40}, "满意 80、不满意 40"),
    ],
)
def test_an_option_is_told_in_words(scheme: str, option: str, value: Any, words: str) -> None:
    assert load_scheme(scheme).options[option].in_words(value) == words


def test_a_consequence_is_told_with_its_points() -> None:
    policy = load_scheme("yuncheng-2023")
    data = {"period": "2023-Q3", "subjects": {"a": {"name": "甲局", "members": {"p": person(基本满意=30)}}}}
    text = as_text(policy, score_round(policy, facts_from(data, policy)))
    assert (
        "  处置建议　亮黄牌　［七］评定为一般　对象：单位、分管负责人　年度考核 -10 分" in text.splitlines()
    )
    assert "    处置建议　亮黄牌（个人）　［七］评定为一般　对象：本人" in text.splitlines()


def test_points_to_date_are_told_as_the_years_total() -> None:
    """GY-R10: 0.5 is what two times make, not what is added."""
    policy = load_scheme("guangyuan-2022")
    counts = [{"非常满意": 9}, {"满意": 9}, {"基本满意": 9}, {"不满意": 9}]
    subjects = {
        f"c{at}": {
            "name": f"县{at}",
            "group": "县区",
            "history": [{"period": "2023-1", "listed": "best" if at == 0 else None, "rank": at + 1}],
            "answers": {"scheduled": {"policy": row}},
        }
        for at, row in enumerate(counts)
    }
    text = as_text(
        policy, score_round(policy, facts_from({"period": "2023-2", "subjects": subjects}, policy))
    )
    said = "本年度第 2 次位列前列名单　对象：单位　年度累计 +0.5 分"
    assert f"  处置建议　年度加分　［六(三)］{said}" in text.splitlines()


def test_occurrences_that_do_not_count_add_nothing() -> None:
    subject = {"group": "基层单位", "occurrences": {"media_city": [{"title": "运动会"}], "media_nation": 0}}
    bonus = scored("jilin-jkq-2021", subject).derivation.parts[2]
    assert list(derivation_lines(bonus, 2)) == [
        "加分项目　0.00　［三(二)3］没有加分",
        "  市级媒体报道　0.00　［三(二)3(3)］0 次，每次 +2 分；“运动会”不含规定词汇，不计",
    ]


def test_conditions_say_one_by_one_what_was_earned() -> None:
    conditions = {
        "full_revisit": {"holds": False, "remark": "缺 3 家"},
        "no_problems": {"holds": True, "remark": "座谈记录"},
    }
    found = scored("fangcheng-2022", {"conditions": conditions}).derivation.parts[0].parts[0]
    assert list(derivation_lines(found, 2)) == [
        "入企帮扶　3.00　［附件］逐项认定，满分 8",
        "  全量回访样本企业　0.00　［附件］未做到，不得分；备注：缺 3 家",
        "  解决企业实际问题　3.00　［附件］企业没有需要解决的问题，得 3 分；备注：座谈记录",
    ]


def test_a_capped_and_a_floored_total_still_show_their_parts() -> None:
    panels = {"leaders": [30], "departments": [10], "enterprises": [10], "supervisors": [10]}
    subject = {"group": "基层单位", "marks": panels, "occurrences": {"media_city": 2}}
    told = lines(scored("jilin-jkq-2021", subject, over_hundred="capped"))
    said = "日常考评 40.00 + 年终评议 60.00 + 加分项目 4.00 = 104，封顶 100 分"
    assert told[0] == f"综合得分　100.00　［三(一)］{said}　口径 3"
    assert len(told) == 9
    at_cap = lines(scored("jilin-jkq-2021", {"group": "基层单位", "marks": panels}, over_hundred="capped"))
    said = "日常考评 40.00 + 年终评议 60.00 + 加分项目 0.00"
    assert at_cap[0] == f"综合得分　100.00　［三(一)］{said}　口径 3"


@pytest.mark.parametrize(
    ("flag", "alone", "named"),
    [
        ("vetoed", "一票否决", "一票否决"),
        ("carried:realtime", "“realtime”缺项，其权重由其余部分承担", "“实时评价”缺项，其权重由其余部分承担"),
        ("overflow:other", "“other”已扣完，超出部分不再扣", "“other”已扣完，超出部分不再扣"),
        ("anything", "anything", "anything"),
    ],
)
def test_flags_are_told_in_words(flag: str, alone: str, named: str) -> None:
    scheme = load_scheme("guangyuan-2022").defaults
    assert (flag_in_words(flag), flag_in_words(flag, scheme)) == (alone, named)


@pytest.mark.parametrize(
    ("reason", "alone", "named"),
    [
        ("no_valid_answers", "样本不足（没有有效票）", "样本不足（没有有效票）"),
        ("nobody_judged", "不单独计分（没有直接评价的人员）", "不单独计分（没有直接评价的人员）"),
        ("missing_part:scheduled", "缺少“scheduled”，暂不计分", "缺少“集中评价”，暂不计分"),
        ("missing_part:strata", "缺少“strata”，暂不计分", "缺少“strata”，暂不计分"),
        ("anything", "anything", "anything"),
    ],
)
def test_why_there_is_no_score_is_told_in_words(reason: str, alone: str, named: str) -> None:
    scheme = load_scheme("guangyuan-2022").defaults
    assert (withheld_in_words(reason), withheld_in_words(reason, scheme)) == (alone, named)


def test_no_answers_are_counted_as_none() -> None:
    assert scored("yuncheng-2023", {"members": {"p": person(不了解情况=4)}}).derivation.answers == 0


def test_a_member_whom_no_step_judges_has_no_score_and_says_so() -> None:
    text = BASE.replace(
        "roles: {staff: {label: 工作人员}}", "roles: {staff: {label: 人}, guest: {label: 客}}"
    )
    text = text.replace("kind: ballot_mean,", "kind: ballot_mean, level: member, roles: [staff],")
    text = text.replace("id: ballot,", "id: person,")
    mean = "  - {id: ballot, kind: member_mean, clause: 二, says: 均。, label: 均分, of: person}\n"
    text = text.replace("  - {id: daily,", mean + "  - {id: daily,")
    text = text.replace("score: {subject: total,", "score: {subject: total, member: [person],")
    policy = parse_scheme(text)
    data = {"period": "2024", "subjects": {"a": {"members": {"g": {"name": "客人", "role": "guest"}}}}}
    guest = score_round(policy, facts_from(data, policy)).subjects["a"].members["g"]
    assert (guest.score, guest.withheld) == (None, "missing_part:member")
    assert list(derivation_lines(guest.derivation, 2)) == ["个人得分　——　［一］客不在评价之列"]
    assert guest.name == "客人"


def test_a_section_of_leaders_says_that_its_people_are_judged_elsewhere() -> None:
    """They take the score of the unit or of their sections; that is no want of answers."""
    policy = load_scheme("yuncheng-2023")
    members = {"w": {"role": "principal_leader", "section": "top"}, "p": person(满意=30)}
    data = {
        "period": "2023-Q3",
        "subjects": {"a": {"sections": {"top": {"name": "局领导"}}, "members": members}},
    }
    told = as_text(policy, score_round(policy, facts_from(data, policy))).splitlines()
    at = told.index("  · 局领导　不单独计分（没有直接评价的人员）")
    said = "没有直接评价的人员，不单独计分：人员得分见主要负责人得分"
    assert told[at + 1] == f"    科室得分　——　［六］{said}　口径 3、4、9、13"


def test_an_option_may_stand_at_its_bound_and_is_recorded_exactly() -> None:
    """Whole numbers as numbers, decimals as text, weights as text: JSON keeps all of them."""
    policy = load_scheme("yuncheng-2023")
    given = {
        "grade_jump_size": "4",
        "pooled_below": "0.50",
        "strata_tolerance": 0,
        "role_weights": {"staff": 2},
    }
    data = {"period": "2023-Q3", "options": given, "subjects": {"a": {}}}
    recorded = score_round(policy, facts_from(data, policy)).options
    assert {name: recorded[name] for name in given} == {
        "grade_jump_size": 4,
        "pooled_below": "0.5",
        "strata_tolerance": 0,
        "role_weights": {"staff": "2"},
    }
    assert recorded["min_valid_answers"] == 10
