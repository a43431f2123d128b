"""The whole round as an official reads it: every line, in its place, from the head to the lists."""

import yaml

from evaluations.scoring import facts_from, load_scheme, parse_scheme, score_round
from evaluations.scoring.compare import as_text as changes_told
from evaluations.scoring.compare import compare
from evaluations.scoring.loading import Policy
from evaluations.scoring.report import as_text
from evaluations.scoring.source import Document
from tests.scoring.test_broken_input import BASE

UNITS = """
period: 2024
options: {least: 9}
subjects:
  a: {name: 甲, answers: {ballot: {overall: {满意: 24, 不满意: 1}}}}
  b: {name: 乙, answers: {ballot: {overall: {满意: 6, 不满意: 3}}}}
  c: {name: 丙, answers: {ballot: {overall: {满意: 6, 不满意: 3}}}}
  d: {name: 丁, answers: {ballot: {overall: {不满意: 9}}}, occurrences: {late: 41}}
  e: {name: 戊, answers: {ballot: {overall: {满意: 8}}}}
"""

UNITS_TOLD = """小方案　2024
依据　某办法
方案　small　{sha}
口径
  最少有效票数：9（本轮选定）
  方法：平均
提示　甲组：名单边缘同分，需人工确认：乙、丙

■ 甲　74.32　中　第 1 名（共 4）
  总分　74.32　［三］得分 97.20×60% + 日常 40.00×40%
    得分　97.20　［二］（满意 24×100 + 不满意 1×30）÷ 25　口径 1
    日常　40.00　［三］40 分，没有扣分
  等次　中　74.32 分，不低于 60（四）

■ 乙　62.00　中　第 2 名（共 4）
  总分　62.00　［三］得分 76.67×60% + 日常 40.00×40%
    得分　76.67（未取整 230/3）　［二］（满意 6×100 + 不满意 3×30）÷ 9　口径 1
    日常　40.00　［三］40 分，没有扣分
  等次　中　62 分，不低于 60（四）
  标记　名单边缘同分，名次待确认

■ 丙　62.00　中　第 2 名（共 4）
  总分　62.00　［三］得分 76.67×60% + 日常 40.00×40%
    得分　76.67（未取整 230/3）　［二］（满意 6×100 + 不满意 3×30）÷ 9　口径 1
    日常　40.00　［三］40 分，没有扣分
  等次　中　62 分，不低于 60（四）
  标记　名单边缘同分，名次待确认

■ 丁　18.00　差　第 4 名（共 4）
  总分　18.00　［三］得分 30.00×60% + 日常 0.00×40%
    得分　30.00　［二］（不满意 9×30）÷ 9　口径 1
    日常　0.00　［三］40 分，扣 41 分，扣完为止，超出 1 分不再扣
      迟报　-41.00　［三］41 次，每次 -1 分
  等次　差　18 分，低于 60（四）
  标记　“日常”已扣完，超出部分不再扣

■ 戊　缺少“得分”，暂不计分
  总分　——　［三］缺少得分，暂不计分
    得分　——　［二］有效票 8 张，不足 9 张　口径 1
      总体　100.00　［二］（满意 8×100）÷ 8
    日常　40.00　［三］40 分，没有扣分

甲组
  前列　甲、乙、丙
  末位　丁
  待确认　乙、丙
"""

PERSONS = """
period: 2023-Q3
options: {min_valid_answers: 5, band_holes: strict}
respondents: {民营企业: 5, 个体工商户: 4, 非民营企业: 1}
subjects:
  fagai:
    name: 县发展和改革局
    sections: {office: {name: 办公室}}
    members:
      zhang: {name: 张三, role: staff, section: office, answers: {ballot: {overall: {满意: 17, 不满意: 3}}}}
      li: {name: 李四, role: staff, answers: {ballot: {overall: {不满意: 7, 不了解情况: 3}}}}
      wang: {name: 王五, role: staff, answers: {ballot: {overall: {满意: 4}}}}
    answers_by_stratum:
      民营企业: {ballot: {overall: {满意: 5}}}
      个体工商户: {ballot: {overall: {比较满意: 4}}}
      非民营企业: {ballot: {overall: {不满意: 1}}}
  jiaoyu: {name: 县教育局}
"""

PERSONS_TOLD = """■ 县发展和改革局　59.75　第 1 名（共 1）
  部门得分　59.75　［六］2 人得分的平均（另有 1 人样本不足，不计入）　口径 3、9
    张三（工作人员）　89.50　［六］（满意 17×100 + 不满意 3×30）÷ 20　口径 4、9、13
    李四（工作人员）　30.00　［六］（不满意 7×30）÷ 7；不了解情况 3 张不计　口径 4、9、13
    王五（工作人员）　——　［六］有效票 4 张，不足 5 张　口径 4、9、13
      总体评价　100.00　［六］（满意 4×100）÷ 4　口径 2
  等次　待确认　59.75 分落在“不合格”与上一等次之间，原文没有规定，待确认（六）
  标记　得分落在原文未规定的空档，等次待确认
  旁列
    按评价主体比例校正　85.00　［四］各类评价主体的平均按应占比例加权，仅供参考，不作为得分　口径 5
      民营企业（50%）　100.00　［四］（满意 5×100）÷ 5
      个体工商户（40%）　80.00　［四］（比较满意 4×80）÷ 4
      非民营企业（10%）　30.00　［四］（不满意 1×30）÷ 1
  · 办公室　89.50
    科室得分　89.50　［六］（满意 17×100 + 不满意 3×30）÷ 20　口径 3、4、9、13
  · 张三　89.50
    个人得分　89.50　［六］（满意 17×100 + 不满意 3×30）÷ 20　口径 4、9、13
    等次　待确认　89.5 分落在“良好”与上一等次之间，原文没有规定，待确认（六）
    标记　得分落在原文未规定的空档，等次待确认
  · 李四　30.00　不合格
    个人得分　30.00　［六］（不满意 7×30）÷ 7；不了解情况 3 张不计　口径 4、9、13
    等次　不合格　30 分，低于 60（六）
    处置建议　诫勉谈话、通报批评或岗位调整（个人）　［七］评定为不合格　对象：本人
  · 王五　样本不足
    个人得分　——　［六］有效票 4 张，不足 5 张　口径 4、9、13
      总体评价　100.00　［六］（满意 4×100）÷ 4　口径 2

■ 县教育局　样本不足（没有有效票）
  部门得分　——　［六］没有有效票，不计分　口径 3、9
"""


def told(policy: Policy, facts: str) -> str:
    return as_text(policy, score_round(policy, facts_from(yaml.safe_load(facts), policy)))


def test_units_with_a_tie_at_the_edge_and_one_without_a_score() -> None:
    """2430 / 25 × 0.6 + 40 × 0.4 = 74.32; 690 / 9 × 0.6 + 16 = 62; 30 × 0.6 + 0 = 18."""
    for text in (BASE, BASE.replace(", places: 2", "")):  # two places are the default
        policy = parse_scheme(text)
        assert told(policy, UNITS) == UNITS_TOLD.format(sha=policy.sha256[:12])


def test_a_list_of_the_best_alone() -> None:
    policy = parse_scheme(BASE.replace("lists: {best: 2, worst: 2}", "lists: {best: 1}"))
    assert told(policy, UNITS).endswith("\n甲组\n  前列　甲\n  末位　无\n")


def test_who_leaves_a_list_is_told_in_words() -> None:
    """Of two places at the top one is left: 乙 and 丙 drop out."""
    text = BASE.replace("worst: 2", "worst: 1")
    policy, fewer = (parse_scheme(text.replace("best: 2", f"best: {size}")) for size in (2, 1))
    found = compare(Document(yaml.safe_load(UNITS)), policy, fewer, {})
    assert changes_told(found) == "■ 乙\n  名单　前列 → 无\n■ 丙\n  名单　前列 → 无\n"


def test_persons_and_sections_with_a_score_in_a_hole_and_a_figure_beside() -> None:
    """(17 × 100 + 3 × 30) / 20 = 89.5; with 30, 59.75. Beside: 100 × 0.5 + 80 × 0.4 + 30 × 0.1 = 85."""
    policy = load_scheme("yuncheng-2023")
    head, _, rest = told(policy, PERSONS).partition("\n\n")
    assert rest == PERSONS_TOLD
    assert head.splitlines()[1] == f"依据　{policy.defaults.document.title}（郓政办发〔2023〕10号）"
    assert "  个人（科室）最少有效票数：5（本轮选定）" in head.splitlines()
