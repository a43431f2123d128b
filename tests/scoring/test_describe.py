"""``--describe`` lists what facts may say, and ``--example`` says one of everything: checked by hand against
the documents.
"""

import pytest

from evaluations.scoring import load_scheme, parse_scheme
from evaluations.scoring.describe import describe
from evaluations.scoring.example import example
from tests.scoring.test_broken_input import BASE

FANGCHENG = """
答卷 answers.enterprises
  overall　每家企业最差的一项评价
  答案　满意　0
  答案　基本满意　1
  答案　不满意　2

答卷 answers.masses
  overall　总体评价
  答案　满意　0
  答案　不满意　1

评分 marks
  rectification　问题整改　0–8
  innovation　创新举措　0–8
    highlight　0–5
    effect　0–3
  assigned_tasks　日常交办　0–8

台账 occurrences
  endorsed_city　市级领导批示推广　+2
  endorsed_province　省级领导批示推广　+3
  endorsed_nation　国家级领导批示推广　+5
  broken_promise　政策措施不兑现　-10

条件 conditions
  full_revisit　全量回访样本企业
  problems_solved　解决企业实际问题
  no_problems　企业没有需要解决的问题

数据 measures
  articles　报道篇数

方阵 placements
  supervisors　监督员监督结果　tier 1：7–8、2：4–6、3：1–3
  publicity　宣传报道　tier 1：7–10、2：4–6、3：1–3

外部数据 external
  indicators　省市评价指标　0–100

推导步骤
"""

JILIN = """
  data_sharing　数据未按进度共享　-3　可标明不适用
  internet_supervision　互联网加监管等工作未开展　-3　可标明不适用
  verified_problem　作风纪律效率窗口问题查实　-3
  monthly_report_late　月度动态信息未按时上报　-1
"""

YUNCHENG = """
评价主体 respondents, answers_by_stratum
  民营企业　50%
  个体工商户　40%
  非民营企业　10%

答卷 members.*.answers.ballot
  overall　总体评价
  approval　审批服务
  supervision　监管监督
  business　业务办理
  （也可使用其他问题编号）
  答案　满意　100
  答案　比较满意　80
  答案　基本满意　60
  答案　不满意　30
  答案　不了解情况　不计

等次 grade
  优秀
"""


@pytest.mark.parametrize(
    ("scheme", "lines"),
    [
        ("fangcheng-2022", FANGCHENG),
        ("jilin-jkq-2021", JILIN),
        ("yuncheng-2023", YUNCHENG),
        ("jilin-jkq-2021", "\n  leaders　领导评议　0–30\n    attitude　0–6\n"),
        ("jilin-jkq-2021", "\n  media_zone　区级媒体报道　+0.5\n"),
        ("jilin-jkq-2021", "\n一票否决 vetoes\n  grave_harm　严重损害软环境、影响恶劣并被行政问责\n"),
        (
            "yuncheng-2023",
            "依据　郓城县开展“三亮”专题行动推动营商环境创新提升实施办法　郓政办发〔2023〕10号\n",
        ),
        ("yuncheng-2023", "\n  pooled_below　样本足够人员低于该比例时合并计算　默认：0.5\n"),
        ("yuncheng-2023", "\n    pooled　全部有效票合并计算\n"),
        ("yuncheng-2023", "\n  principal_leader　主要负责人\n"),
        ("jilin-jkq-2021", "依据　吉林经开区2021年营商环境建设考核评价工作实施方案\n"),
        ("jilin-jkq-2021", "\n分组 group\n  局室公司　各局（室、公司）\n"),
        ("yuncheng-2023", "\n\n口径 options\n"),
        ("yuncheng-2023", "\n\n人员类别 role\n  principal_leader"),
        ("yuncheng-2023", "\n\n处置\n"),
        ("yuncheng-2023", "\n\n口径问答\n"),
    ],
)
def test_describe_says_what_facts_may_hold(scheme: str, lines: str) -> None:
    assert lines in describe(load_scheme(scheme))


def test_describe_names_each_step_consequence_and_reading_with_its_clause() -> None:
    text = describe(load_scheme("yuncheng-2023"))
    said = "主要负责人取所在部门的得分，不再计入部门平均。"
    assert f"\n  principal　主要负责人得分　derived_member　［六］{said}\n" in text
    said = "个人被评为一般的，对本人亮黄牌；十分只扣在部门，不重复扣。"
    assert f"\n  yellow_card_person　亮黄牌（个人）　［七］{said}\n" in text
    asked = "“不了解情况”如何计分。"
    answered = "不计入得分，也不计入有效票数；没有有效票的不计分、不评等次，标明样本不足，绝不按零分处理。"
    assert f"\n  2　［六］{asked}　{answered}\n" in text


def test_the_example_of_a_scheme_says_one_of_everything() -> None:
    """Every subject a little worse than the one before; the second has one of every item."""
    facts = example(load_scheme("fangcheng-2022"))
    assert {key: facts[key] for key in facts if key != "subjects"} == {
        "scheme": "fangcheng-2022",
        "period": "2023-Q3",
        "options": {},
    }
    assert list(facts["subjects"]) == ["unit_1", "unit_2", "unit_3"]
    best, second, last = facts["subjects"].values()
    assert best == {
        "name": "示例单位1",
        "group": "责任单位",
        "answers": {
            "enterprises": {"overall": {"满意": 58, "基本满意": 1, "不满意": 1}},
            "masses": {"overall": {"满意": 59, "不满意": 1}},
        },
        "marks": {"rectification": 8, "innovation": 8, "assigned_tasks": 8},
        "conditions": {"full_revisit": True, "problems_solved": True, "no_problems": True},
        "measures": {"articles": 12},
        "placements": {
            "supervisors": {"tier": 1, "points": 7},
            "publicity": {"tier": 1, "points": 7},
        },
        "external": {"indicators": {"示例指标": 90}},
        "history": [{"period": "2023-Q2", "rank": 1}],
    }
    items = ("endorsed_city", "endorsed_province", "endorsed_nation", "broken_promise")
    assert second["occurrences"] == dict.fromkeys(items, 1)
    assert second["measures"] == {"articles": 11}
    assert second["conditions"] == dict.fromkeys(best["conditions"], False)
    assert second["placements"]["publicity"] == {"tier": 2, "points": 4}
    assert "occurrences" not in last
    assert last["marks"] == {"rectification": 6, "innovation": 6, "assigned_tasks": 6}
    assert last["answers"]["masses"] == {"overall": {"满意": 57, "不满意": 3}}
    assert last["external"] == {"indicators": {"示例指标": 88}}
    assert last["history"] == [{"period": "2023-Q2", "rank": 3}]


def test_the_example_with_persons_has_every_role_and_asks_only_about_those_who_are_judged() -> None:
    facts = example(load_scheme("yuncheng-2023"))
    assert facts["respondents"] == {"民营企业": 500, "个体工商户": 400, "非民营企业": 100}
    unit = facts["subjects"]["unit_2"]
    assert unit["sections"] == {"office": {"name": "示例科室", "supervised_by": "person_2"}}
    row = {"满意": 54, "比较满意": 2, "基本满意": 2, "不满意": 2, "不了解情况": 2}
    asked = {"ballot": dict.fromkeys(("overall", "approval", "supervision", "business"), row)}
    assert list(unit["members"].values()) == [
        {
            "name": f"示例人员{at}",
            "role": role,
            "section": "office",
            "answers": asked if at > 2 else {},
        }
        for at, role in enumerate(load_scheme("yuncheng-2023").defaults.subjects.roles, start=1)
    ]
    assert unit["answers_by_stratum"] == dict.fromkeys(("民营企业", "个体工商户", "非民营企业"), asked)
    assert unit["history"] == [{"period": "2023-Q2", "grade": "优秀"}]


def test_the_example_of_a_scheme_with_few_points_no_groups_and_free_questions() -> None:
    """Marks are never below nought, and stay exact."""
    text = BASE.replace("  groups: {甲组: {label: 甲组}}\n", "")
    text = text.replace("questions: {overall: {label: 总体}}", "questions: {}, other_questions: allowed")
    marks = (
        "  - {id: jury, kind: mark_mean, clause: 三, says: 评。, label: 评议, panel: jury, full: 1.5}\n"
        "  - {id: own, kind: mark, clause: 三, says: 评。, label: 评, full: 1.5}\n"
    )
    subjects = example(parse_scheme(text.replace("  - {id: total", marks + "  - {id: total")))["subjects"]
    assert [one["marks"] for one in subjects.values()] == [
        {"jury": ["1.5", "0.5"], "own": "1.5"},
        {"jury": ["0.5", 0], "own": "0.5"},
        {"jury": [0, 0], "own": 0},
    ]
    assert all("group" not in one for one in subjects.values())
    assert subjects["unit_1"]["answers"]["ballot"]["overall"]["满意"] == 59


def test_the_example_of_panels_has_two_marks_each_and_every_group_three_units() -> None:
    subjects = example(load_scheme("jilin-jkq-2021"))["subjects"]
    groups = ("局室公司", "基层单位", "双管单位")
    assert [(key, one["name"], one["group"]) for key, one in subjects.items()] == [
        (f"unit_{at + 1}", f"示例单位{at + 1}", groups[at // 3]) for at in range(9)
    ]
    assert subjects["unit_3"]["marks"]["leaders"] == [28, 27]
    assert set(subjects["unit_2"]["occurrences"].values()) == {1}
    assert len(subjects["unit_2"]["occurrences"]) == 18 + 11
