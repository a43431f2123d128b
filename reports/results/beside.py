"""What stands beside a unit's figures on paper: the last round, how sure the score is, the rounds before."""

from __future__ import annotations

from collections.abc import Iterator

from evaluations.publication import PublicDepartment
from evaluations.publication.view import Likely
from reports.results import charts
from reports.results.announcement import Announcement


def sentences(a: Announcement, department: PublicDepartment) -> Iterator[str]:
    found = charts.change(a, department)
    if found.score:
        points = "" if found.is_better is None else "分"
        yield f"较上轮：{found.score}{points}{'，' if found.rank else ''}{found.rank}。"
    if likely := department.likely:
        yield _how_sure(likely)
    if trend := charts.trend(a, department):
        yield f"历轮公布的得分：{trend.in_words}。"


def _how_sure(likely: Likely) -> str:
    if likely.low == likely.high:
        return "各项都是全数统计，没有抽样误差。"
    grade = {True: "等次稳定：", False: "接近界线：", None: ""}[likely.steady]
    range_ = f"得分的可能范围为{likely.low}至{likely.high}分（95%，威尔逊得分区间，由公布的数字推算）"
    otherwise = "，换一批评价人，等次可能不同" if likely.steady is False else ""
    ranks = ""
    if likely.best_rank != likely.worst_rank:
        ranks = f"名次可能在第{likely.best_rank}至第{likely.worst_rank}名。"
    return f"{grade}{range_}{otherwise}。{ranks}"
