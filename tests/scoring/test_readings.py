"""Readings are options: flipping one changes what it says it changes, and nothing else.

Each case holds facts on which the option matters, the changed option, and the complete list of changes.
The cases of a scheme must together flip every one of its options.
"""

from typing import Any

import pytest

from evaluations.scoring import InvalidFactsError, load_scheme, scheme_ids, score_facts
from evaluations.scoring.compare import compare
from evaluations.scoring.source import Document

ROUND = {"period": "2023-Q3"}


def ballots(**counts: int) -> dict[str, Any]:
    return {"answers": {"ballot": {"overall": counts}}}


def person(role: str = "staff", **counts: int) -> dict[str, Any]:
    return {"role": role} | ballots(**counts)


def moves(scheme: str, subjects: dict[str, Any], changed: dict[str, Any], **chosen: Any) -> dict[Any, Any]:
    """Who and what changes, from what to what."""
    policy = load_scheme(scheme)
    document = Document(ROUND | {"subjects": subjects, "options": chosen})
    found = compare(document, policy, policy, changed)
    return {(c.subject, c.member, c.what): (c.before, c.after) for c in found}


YUNCHENG = {
    # 17 × 100 + 3 × 30 = 1790 of 20 = 89.5
    "band_holes": (
        {"a": {"members": {"p": person(满意=17, 不满意=3), "q": person(满意=17, 不满意=3)}}},
        "round_to_integer",
        {
            ("a", None, "grade"): ("良好", "优秀"),
            ("a", None, "consequences"): ([], ["年度考核优先确定为优秀"]),
            ("a", "p", "grade"): ("良好", "优秀"),
            ("a", "p", "consequences"): ([], ["年度考核优先确定为优秀（个人）"]),
            ("a", "q", "grade"): ("良好", "优秀"),
            ("a", "q", "consequences"): ([], ["年度考核优先确定为优秀（个人）"]),
        },
    ),
    # mean (100 + 80) / 2 = 90, pooled (1000 + 2400) / 40 = 85
    "department_method": (
        {"a": {"members": {"p": person(满意=10), "q": person(比较满意=30)}}},
        "pooled",
        {
            ("a", None, "score"): ("90.00", "85.00"),
            ("a", None, "grade"): ("优秀", "良好"),
            ("a", None, "consequences"): (["年度考核优先确定为优秀"], []),
        },
    ),
    # one of three has enough: pooled (3000 + 9 × 80 × 2) / 48 = 92.5; with 0.3 as the limit the mean, 100
    "pooled_below": (
        {"a": {"members": {"p": person(满意=30), "q": person(比较满意=9), "r": person(比较满意=9)}}},
        "0.3",
        {("a", None, "score"): ("92.50", "100.00")},
    ),
    # (100 + 80) / 2 = 90, (3 × 100 + 80) / 4 = 95
    "role_weights": (
        {"a": {"members": {"p": person("section_head", 满意=15), "q": person(比较满意=15)}}},
        {"section_head": 3},
        {("a", None, "score"): ("90.00", "95.00")},
    ),
    # (100 + 80) / 2 = 90, (3 × 100 + 80) / 4 = 95
    "question_weights": (
        {
            "a": {
                "members": {
                    "p": {
                        "role": "staff",
                        "answers": {"ballot": {"approval": {"满意": 30}, "business": {"比较满意": 30}}},
                    }
                }
            }
        },
        {"approval": 3},
        {("a", None, "score"): ("90.00", "95.00"), ("a", "p", "score"): ("90.00", "95.00")},
    ),
    "grade_jump_size": (
        {"a": {"history": [{"period": "2023-Q2", "grade": "合格"}], "members": {"p": person(比较满意=30)}}},
        1,
        {("a", None, "consequences"): ([], ["年度考核优先确定为优秀"])},
    ),
    # (60 + 100) / 2 = 80
    "card_by_member_grade": (
        {"a": {"members": {"p": person(基本满意=15), "q": person(满意=15)}}},
        True,
        {("a", None, "consequences"): ([], ["亮黄牌"])},
    ),
    # q joins the mean: (100 + 80) / 2
    "min_valid_answers": (
        {"a": {"members": {"p": person(满意=30), "q": person(比较满意=9)}}},
        9,
        {
            ("a", None, "score"): ("100.00", "90.00"),
            ("a", "q", "score"): (None, "80.00"),
            ("a", "q", "grade"): (None, "良好"),
        },
    ),
    "min_answers_per_department": (
        {"a": {"members": {"p": person(比较满意=29)}}},
        29,
        {
            ("a", None, "score"): (None, "80.00"),
            ("a", None, "grade"): (None, "良好"),
            ("a", None, "rank"): (None, 1),
        },
    ),
    # direct: (80 + 60) / 2 = 70
    "leaders": (
        {"a": {"members": {"p": person(比较满意=30), "w": person("principal_leader", 基本满意=30)}}},
        "direct",
        {
            ("a", None, "score"): ("80.00", "70.00"),
            ("a", None, "grade"): ("良好", "合格"),
            ("a", "w", "score"): ("80.00", "60.00"),
            ("a", "w", "grade"): ("良好", "一般"),
            ("a", "w", "consequences"): ([], ["亮黄牌（个人）"]),
        },
    ),
}

FAILING = [{"period": "2023-Q1", "grade": "不合格"}, {"period": "2023-Q2"}]
YUNCHENG["streak_gap"] = (
    {"a": {"history": FAILING, "members": {"p": person(不满意=30)}}},
    "breaks",
    {
        ("a", None, "consequences"): (
            ["作为年度考核主要参考依据", "诫勉谈话、通报批评或岗位调整", "连续不合格"],
            ["作为年度考核主要参考依据", "诫勉谈话、通报批评或岗位调整"],
        )
    },
)

FULL = {
    "conditions": {"full_revisit": True, "problems_solved": True},
    "marks": {"rectification": 8, "innovation": 8, "assigned_tasks": 8},
    "placements": {"supervisors": {"points": 8}, "publicity": {"points": 10}},
    "answers": {"enterprises": {"overall": {"满意": 30}}, "masses": {"overall": {"满意": 30}}},
}
PANELS = {"leaders": [30], "departments": [10], "enterprises": [10], "supervisors": [10]}

FANGCHENG = {
    # 10 of 40 不满意: 20 - 20 = 0; by rate 20 × (1 - 20 / 80) = 15
    "deduction_method": (
        {"a": FULL | {"answers": FULL["answers"] | {"enterprises": {"overall": {"满意": 30, "不满意": 10}}}}},
        "rate",
        {("a", None, "score"): ("80.00", "95.00")},
    ),
    "indicator_points": (
        {"a": FULL | {"external": {"indicators": {"开办企业": 90}}}},
        10,
        {("a", None, "score"): ("100.00", "109.00")},
    ),
    # 0 + 1 + 0 + 0 + 1 - 10 = -8 with the least in every block
    "total_floor": (
        {
            "a": {
                "conditions": {"full_revisit": False, "problems_solved": False},
                "marks": {"rectification": 0, "innovation": 0, "assigned_tasks": 0},
                "placements": {"supervisors": {"points": 1}, "publicity": {"points": 1}},
                "answers": {
                    "enterprises": {"overall": {"不满意": 10}},
                    "masses": {"overall": {"不满意": 30}},
                },
                "occurrences": {"broken_promise": 1},
            }
        },
        "none",
        {("a", None, "score"): ("0.00", "-8.00")},
    ),
    "endorsements": (
        {
            "a": FULL
            | {"occurrences": {"endorsed_city": [{"practice": "x"}], "endorsed_nation": [{"practice": "x"}]}}
        },
        "all",
        {("a", None, "score"): ("105.00", "107.00")},
    ),
    "over_hundred": (
        {"a": FULL | {"occurrences": {"endorsed_nation": 1}}},
        "capped",
        {("a", None, "score"): ("105.00", "100.00")},
    ),
}

JILIN = {
    "veto_events": (
        {
            "a": {
                "group": "基层单位",
                "marks": PANELS,
                "vetoes": ["discipline_case"],
                "occurrences": {"disciplined": [{"veto": "discipline_case"}]},
            }
        },
        "deducted",
        {("a", None, "score"): ("100.00", "90.00")},
    ),
    "over_hundred": (
        {"a": {"group": "基层单位", "marks": PANELS, "occurrences": {"media_city": 2}}},
        "capped",
        {("a", None, "score"): ("104.00", "100.00")},
    ),
    "streak_gap": (
        {
            "a": {
                "group": "基层单位",
                "marks": PANELS,
                "vetoes": ["grave_harm"],
                "history": [{"period": "2021", "grade": "不达标"}, {"period": "2022"}],
            }
        },
        "breaks",
        {
            ("a", None, "consequences"): (
                ["审定后通报", "通报批评", "连续两年不达标"],
                ["审定后通报", "通报批评"],
            )
        },
    ),
    # (8 + 10) / 2 = 9
    "own_mark": (
        {"a": {"group": "基层单位", "marks": PANELS | {"departments": {"a": 10, "b": 8}}}},
        "counted",
        {("a", None, "score"): ("98.00", "99.00")},
    ),
    "praise_once": (
        {"a": {"group": "基层单位", "marks": PANELS, "occurrences": {"praised_zone_deputy": 2}}},
        False,
        {("a", None, "score"): ("104.00", "108.00")},
    ),
    # 40 + (24 + 8 + 8) × 60 ÷ 50 = 88
    "empty_panel": (
        {"a": {"group": "基层单位", "marks": {"leaders": [24], "enterprises": [8], "supervisors": [8]}}},
        "carry",
        {
            ("a", None, "score"): (None, "88.00"),
            ("a", None, "grade"): (None, "达标"),
            ("a", None, "rank"): (None, 1),
            ("a", None, "consequences"): ([], ["审定后通报"]),
        },
    ),
}


def scheduled(realtime: int = 0, **counts: int) -> dict[str, Any]:
    answers: dict[str, Any] = {"scheduled": {"policy": counts}}
    if realtime:
        answers["realtime"] = {"duty": {"满意": realtime}}
    return {"group": "县区", "answers": answers}


GUANGYUAN = {
    # worst in round 1, nothing in round 2, worst now: twice running, or once
    "streak_gap": (
        {
            "a": scheduled(非常满意=3),
            "b": scheduled(非常满意=2, 满意=1),
            "c": scheduled(满意=3)
            | {"history": [{"period": "2023-1", "listed": "worst"}, {"period": "2023-2"}]},
        },
        "breaks",
        {("c", None, "consequences"): (["专项整改", "约谈", "年度扣分"], ["专项整改", "年度扣分"])},
    ),
    "answer_values": (
        {"a": scheduled(满意=10)},
        {"非常满意": 100, "满意": 90, "基本满意": 60, "不满意": 40, "非常不满意": 20},
        {("a", None, "score"): ("80.00", "90.00")},
    ),
    # realtime 80 of 29: 0.8 × 100 + 0.2 × 80 = 96
    "realtime_min_answers": (
        {"a": scheduled(29, 非常满意=10)},
        29,
        {("a", None, "score"): ("100.00", "96.00")},
    ),
    "realtime_missing": (
        {"a": scheduled(非常满意=10)},
        "withhold",
        {("a", None, "score"): ("100.00", None), ("a", None, "rank"): (1, None)},
    ),
    # (100 + 60) / 2 = 80, (3 × 100 + 60) / 4 = 90
    "question_weights": (
        {
            "a": {
                "group": "县区",
                "answers": {"scheduled": {"policy": {"非常满意": 1}, "solving": {"基本满意": 1}}},
            }
        },
        {"policy": 3},
        {("a", None, "score"): ("80.00", "90.00")},
    ),
    # three at the top for two places: all of them, or none; the last place is not touched
    "edge_ties": (
        {
            "a": scheduled(非常满意=3),
            "b": scheduled(非常满意=3),
            "c": scheduled(非常满意=3),
            "d": scheduled(满意=3),
        },
        "left_out",
        {
            (key, None, what): change
            for key in "abc"
            for what, change in {"listed": ("best", None), "consequences": (["年度加分"], [])}.items()
        },
    ),
}

TOWN = {"group": "乡镇"}
# four good ones, then two equals at the edge of the best, then three bad ones
EDGE = [30, 29, 28, 27, 20, 20, 3, 2, 1]
WUYANG_UNITS = {
    "edge_ties": (
        {f"u{n}": TOWN | ballots(满意=good, 不满意=40 - good) for n, good in enumerate(EDGE)},
        "left_out",
        {
            (key, None, what): change
            for key in ("u4", "u5")
            for what, change in {
                "listed": ("best", None),
                "consequences": (["四挂钩", "五佳单位"], []),
            }.items()
        },
    ),
    "min_answers": (
        {"a": TOWN | ballots(满意=29)},
        29,
        {("a", None, "score"): (None, "100.00"), ("a", None, "rank"): (None, 1)},
    ),
    # each group ranks alone: a single unit stands on no list
    "lists_within": (
        {"a": {"group": "行政执法"} | ballots(满意=30), "b": {"group": "行政审批"} | ballots(不满意=30)},
        "group",
        {
            ("a", None, "listed"): ("best", None),
            ("a", None, "consequences"): (["四挂钩", "五佳单位"], []),
            ("b", None, "rank"): (2, 1),
            ("b", None, "listed"): ("best", None),
            ("b", None, "consequences"): (["四挂钩", "五佳单位"], []),
        },
    ),
    "rank_cards": (
        {f"u{n}": TOWN | ballots(满意=40 - n, 不满意=n) for n in range(1, 8)},
        True,
        {("u7", None, "consequences"): (["四挂钩", "三差单位"], ["四挂钩", "三差单位", "黄牌"])},
    ),
    "tie_breaker": (
        {
            "a": TOWN | ballots(比较满意=30),
            "b": TOWN | ballots(满意=15, 基本满意=15),
            "c": TOWN | ballots(不满意=30),
        },
        "satisfied_share",
        {("a", None, "rank"): (1, 2)},
    ),
}
WINDOW = {"group": "服务窗口"}
WUYANG_WINDOWS = {
    # nobody left out of the best slips onto the worst: both equals stay between the lists
    "edge_ties": (
        {f"u{n}": WINDOW | ballots(满意=good, 不满意=40 - good) for n, good in enumerate(EDGE[:-2])},
        "left_out",
        {
            (key, None, what): change
            for key in ("u4", "u5")
            for what, change in {
                "listed": ("best", None),
                "consequences": (["四挂钩", "五佳服务窗口"], []),
            }.items()
        },
    ),
    "min_answers": (
        {"a": WINDOW | ballots(满意=29)},
        29,
        {("a", None, "score"): (None, "100.00"), ("a", None, "rank"): (None, 1)},
    ),
    "rank_cards": (
        {f"u{n}": WINDOW | ballots(满意=40 - n, 不满意=n) for n in range(1, 8)},
        True,
        {("u7", None, "consequences"): (["四挂钩", "三差服务窗口"], ["四挂钩", "三差服务窗口", "黄牌"])},
    ),
    "tie_breaker": (
        {
            "a": WINDOW | ballots(比较满意=30),
            "b": WINDOW | ballots(满意=15, 基本满意=15),
            "c": WINDOW | ballots(不满意=30),
        },
        "satisfied_share",
        {("a", None, "rank"): (1, 2)},
    ),
}
WUYANG_SECTIONS = {
    "min_answers": (
        {"a": {"group": "行政执法"} | ballots(五星=29)},
        29,
        {("a", None, "score"): (None, "100.00"), ("a", None, "rank"): (None, 1)},
    ),
}
CASES = {
    "yuncheng-2023": YUNCHENG,
    "fangcheng-2022": FANGCHENG,
    "jilin-jkq-2021": JILIN,
    "guangyuan-2022": GUANGYUAN,
    "wuyang-units-2022": WUYANG_UNITS,
    "wuyang-windows-2022": WUYANG_WINDOWS,
    "wuyang-sections": WUYANG_SECTIONS,
}
# These move no result of a valid round, or move what no list of changes holds; each has its own test below
# (or, as marks that are refused and the words of the ballot, among the golden and broken cases).
APART = {
    "fangcheng-2022": {"partial_marks", "mean_places", "tier_holes", "tier_remainder"},
    "guangyuan-2022": {"annual_points"},
    "jilin-jkq-2021": {"applicability"},
    "yuncheng-2023": {"strata_tolerance"},
    "wuyang-units-2022": {"answer_scale"},
    "wuyang-windows-2022": {"answer_scale"},
}
FLIPS = [(scheme, option, *case) for scheme, cases in CASES.items() for option, case in cases.items()]


@pytest.mark.parametrize(
    ("scheme", "option", "subjects", "value", "expected"), FLIPS, ids=lambda v: str(v)[:40]
)
def test_flipping_an_option_moves_this_and_nothing_else(
    scheme: str, option: str, subjects: dict[str, Any], value: Any, expected: dict[Any, Any]
) -> None:
    assert moves(scheme, subjects, {option: value}) == expected


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_option_of_a_scheme_is_flipped(scheme: str) -> None:
    assert set(CASES[scheme]) | APART.get(scheme, set()) == set(load_scheme(scheme).options)


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_value_of_every_option_gives_a_sound_scheme(scheme: str) -> None:
    policy = load_scheme(scheme)
    for name, option in policy.options.items():
        values: list[Any] = [*option.choices] or ([True, False] if option.type == "yes_no" else [])
        values += [bound for bound in (option.at_least, option.at_most) if bound is not None]
        for value in values:
            assert policy.decide({name: value}).id == scheme


def test_the_tolerance_only_warns() -> None:
    """YC reading 5: 44 % instead of 50 % is more than 5 points off, but not more than 6."""
    asked = {"民营企业": 44, "个体工商户": 45, "非民营企业": 11}
    policy = load_scheme("yuncheng-2023")
    data = ROUND | {"respondents": asked, "subjects": {"a": {"members": {"p": person(满意=30)}}}}
    literal = score_facts(policy, data)
    wider = score_facts(policy, data | {"options": {"strata_tolerance": 6}})
    assert len(literal["warnings"]) == 1
    assert wider["warnings"] == []
    assert wider["subjects"]["a"]["score"] == literal["subjects"]["a"]["score"]


def test_the_shares_of_the_round_take_the_place_of_the_schemes() -> None:
    """YC reading 5: a round may ask for other shares; by these its returns are judged and corrected."""
    policy = load_scheme("yuncheng-2023")
    by_stratum = {key: ballots(满意=20)["answers"] for key in ("民营企业", "个体工商户")}
    by_stratum["非民营企业"] = ballots(不满意=10)["answers"]
    data = ROUND | {
        "respondents": {"民营企业": 20, "个体工商户": 20, "非民营企业": 60},
        "subjects": {
            "a": {"members": {"p": person(满意=40, 不满意=10)}, "answers_by_stratum": by_stratum},
        },
    }
    literal = score_facts(policy, data)
    own = score_facts(policy, data | {"shares": {"民营企业": 20, "个体工商户": 20, "非民营企业": 60}})
    assert (len(literal["warnings"]), own["warnings"]) == (3, [])
    beside = [one["subjects"]["a"].pop("beside")["post_stratified"]["value"] for one in (literal, own)]
    assert beside == ["93.00", "58.00"]
    assert own["subjects"] == literal["subjects"]
    for wrong in ({"民营企业": 100}, {"民营企业": 50, "个体工商户": 40, "非民营企业": 11}, {"路人": 100}):
        with pytest.raises(InvalidFactsError, match="shares"):
            score_facts(policy, data | {"shares": wrong})


def test_the_places_of_the_mean_move_only_who_took_no_part() -> None:
    """FC reading 2: a took part with 80 and 81; b did not and gets their mean, 80.5 or, whole, 81."""
    took_part = FULL | {"external": {"indicators": {"开办企业": 80, "获得电力": 81}}}
    subjects = {"a": took_part, "b": FULL}
    expected = {("b", None, "score"): ("108.05", "108.10"), ("a", None, "rank"): (1, 2)}
    found = moves("fangcheng-2022", subjects, {"mean_places": 0}, indicator_points=10)
    assert found == expected


def test_points_between_tiers_are_refused_or_go_with_the_lower_tier() -> None:
    """FC reading 3: 6.5 lies between the tiers 4–6 and 7–8; 0.5 and 8.5 lie in no hole at all."""
    policy = load_scheme("fangcheng-2022")

    def facts(points: str, **placed: int) -> dict[str, Any]:
        placements = FULL["placements"] | {"supervisors": {"points": points} | placed}
        return ROUND | {"subjects": {"a": FULL | {"placements": placements}}}

    lower = {"options": {"tier_holes": "lower_tier"}}
    with pytest.raises(InvalidFactsError, match=r"6\.5 points fit no tier"):
        score_facts(policy, facts("6.5"))
    outcome = score_facts(policy, facts("6.5") | lower)
    assert outcome["subjects"]["a"]["score"] == "98.50"
    assert score_facts(policy, facts("6.5", tier=2) | lower)["subjects"]["a"]["score"] == "98.50"
    for wrong in (facts("0.5"), facts("8.5"), facts("6.5", tier=1), facts("3.5", tier=2)):
        with pytest.raises(InvalidFactsError):
            score_facts(policy, wrong | lower)


@pytest.mark.parametrize(("chosen", "moved"), [("middle", "u1"), ("best", "u2"), ("worst", "u1 u2 u3")])
def test_the_remainder_of_thirds_moves_only_the_suggestion(chosen: str, moved: str) -> None:
    """FC reading 4: of five units two are left over. They were put 2, 2 and 1; what is suggested differs."""
    points = {"u0": 9, "u1": 9, "u2": 5, "u3": 5, "u4": 2}
    subjects = {
        key: FULL
        | {"placements": FULL["placements"] | {"publicity": {"points": given}}}
        | {"measures": {"articles": 9 - int(key[1])}}
        for key, given in points.items()
    }
    policy = load_scheme("fangcheng-2022")
    data = ROUND | {"subjects": subjects}
    found = score_facts(policy, data | {"options": {"tier_remainder": chosen}})["subjects"]
    assert {key: one["score"] for key, one in found.items()} == {
        key: f"{90 + given}.00" for key, given in points.items()
    }
    assert " ".join(key for key, one in found.items() if "moved:publicity" in one["flags"]) == moved


def test_a_rule_for_the_units_concerned_may_be_for_all() -> None:
    """JL reading 2: where every unit is concerned, none may be marked as not concerned."""
    policy = load_scheme("jilin-jkq-2021")
    unit = {"group": "基层单位", "marks": PANELS, "not_applicable": ["data_sharing"]}
    data = ROUND | {"subjects": {"a": unit}}
    assert score_facts(policy, data)["subjects"]["a"]["score"] == "100.00"
    with pytest.raises(InvalidFactsError, match="no such item that may not apply"):
        score_facts(policy, data | {"options": {"applicability": "every_unit"}})


@pytest.mark.parametrize(
    ("times", "total", "each"), [(0, "0.2", "0.2"), (1, "0.5", "0.7"), (2, "0.8", "1.5")]
)
def test_points_of_the_year_are_a_total_or_one_by_one(times: int, total: str, each: str) -> None:
    """GY reading 5: nothing but the points to date moves, for the best as for the last."""
    policy = load_scheme("guangyuan-2022")

    def past(listed: str) -> dict[str, Any]:
        return {"history": [{"period": f"2023-{n}", "listed": listed} for n in range(1, times + 1)]}

    subjects = {
        "a": scheduled(非常满意=3) | past("best"),
        "b": scheduled(满意=3),
        "c": scheduled(不满意=3) | past("worst"),
    }
    data = {"period": "2023-3", "subjects": subjects}
    before = score_facts(policy, data)
    after = score_facts(policy, data | {"options": {"annual_points": "each"}})
    for key, name, sign in (("a", "annual_bonus", ""), ("c", "annual_deduction", "-")):
        points = []
        for outcome in (before, after):
            found = next(one for one in outcome["subjects"][key]["consequences"] if one["id"] == name)
            points.append(found.pop("annual_points_to_date"))
        assert points == [sign + total, sign + each]
    for outcome in (before, after):
        for one in outcome["subjects"]["b"]["consequences"]:
            del one["annual_points_to_date"]
    assert before["subjects"] == after["subjects"]


def test_derivations_name_the_readings_that_decided() -> None:
    """Every option is the subject of a reading, and the rules it shapes carry that reading's id."""
    for scheme in scheme_ids():
        policy = load_scheme(scheme)
        read = {option for reading in policy.readings for option in reading.options}
        assert read == set(policy.options), scheme
    person_step = load_scheme("yuncheng-2023").defaults.step("person")
    assert set(person_step.readings) == {"4", "9", "13"}
