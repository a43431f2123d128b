"""What stands beside a unit's figures on paper: the last round, how sure the score is, the rounds before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluations.publication import PublicDepartment
from evaluations.publication.view import HIDDEN_PART, NO_BALLOTS, VETOED, Likely
from reports.results import charts
from reports.results.announcement import Announcement


def sentences(a: Announcement, department: PublicDepartment) -> Iterator[str]:
    found = charts.change(a, department)
    if found.score:
        points = "" if found.is_better is None else "分"
        yield f"较上轮：{found.score}{points}{'，' if found.rank else ''}{found.rank}。"
    if word := how_sure(a, department):
        yield word
    if trend := charts.trend(a, department):
        yield f"历轮公布的得分：{trend.in_words}。"


WHOLE = "得分中没有按抽样评价平均的部分，不需要推算可能范围"
NO_RANGE = {
    HIDDEN_PART: "得分含不单独公布的评价，公布范围会透露这一部分",
    VETOED: "等次由一票否决确定，不随得分变动",
    NO_BALLOTS: "没有可以公布的选票张数，无从推算",
    "": "公布的数字不足以推算",
}
"""Why a shown score has no interval; without a code, as of publications from before they had one."""
MOST_NAMED = 6


def how_sure(a: Announcement, one: PublicDepartment) -> str:
    """How sure a shown score is, or why nothing is said of it; empty where the round says so of none."""
    if not a.says_how_sure or one.figure.score is None:
        return ""
    if likely := one.likely:
        return _in_words(likely) if likely.is_wide else f"{WHOLE}。"
    return f"不公布可能范围：{NO_RANGE[one.no_range]}。"


def without_lines(a: Announcement) -> Iterator[str]:
    """Of all scores without a line on the page: whose they are, and why."""
    if not a.says_how_sure:
        return
    scored = [one for one in a.view.departments if one.figure.score]
    whole = [one.name for one in scored if one.likely and not one.likely.is_wide]
    if whole:
        yield f"{_named(a, whole, len(scored))}，{WHOLE}。"
    for code, why in NO_RANGE.items():
        names = [one.name for one in scored if one.likely is None and one.no_range == code]
        if names:
            yield f"{_named(a, names, len(scored))}，不公布可能范围：{why}。"


def _named(a: Announcement, names: Sequence[str], of: int) -> str:
    if len(names) == of:
        return f"公布得分的{a.view.unit}"
    if len(names) > MOST_NAMED:
        return f"{'、'.join(names[:MOST_NAMED])}等{len(names)}个{a.view.unit}"
    return "、".join(names)


def _in_words(likely: Likely) -> str:
    grade = {True: "等次稳定：", False: "接近界线：", None: ""}[likely.steady]
    range_ = f"得分的可能范围为{likely.low}至{likely.high}分（95%，威尔逊得分区间，由公布的数字推算）"
    otherwise = "，换一批评价人，等次可能不同" if likely.steady is False else ""
    ranks = ""
    if likely.best_rank != likely.worst_rank:
        ranks = f"名次可能在第{likely.best_rank}至第{likely.worst_rank}名。"
    return f"{grade}{range_}{otherwise}。{ranks}"
