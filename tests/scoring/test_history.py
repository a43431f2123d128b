"""Streaks and counts over history: gaps, year ends, ladders (YC-R15, GY-R9, GY-R10)."""

import pytest

from evaluations.scoring.consequences import Pattern, TrackRecord
from evaluations.scoring.facts import PastResult
from evaluations.scoring.grades import Grades
from evaluations.scoring.loading import load_scheme

FAILING = Pattern(grade=("不合格",))
WORST = Pattern(listed="worst")


def record(*grades: str | None, year: str = "2023", gap_breaks: bool = False) -> TrackRecord:
    """Rounds of one year from the oldest to this one."""
    results = [PastResult(f"{year}-{at:02}", grade) for at, grade in enumerate(grades, start=1)]
    return TrackRecord(results[-1], tuple(results[:-1]), (), gap_breaks)


@pytest.mark.parametrize(
    ("grades", "streak"),
    [
        (["不合格"], 1),
        (["一般"], 0),
        (["不合格", "不合格"], 2),
        (["不合格", "一般", "不合格"], 1),
        (["不合格", None, "不合格"], 2),
        (["不合格", None, None, "不合格", "不合格"], 3),
        (["不合格", "不合格", "一般"], 0),
        ([None, "不合格"], 1),
    ],
)
def test_a_round_without_result_neither_adds_nor_breaks(grades: list[str | None], streak: int) -> None:
    assert record(*grades).streak(FAILING) == streak


def test_a_gap_breaks_where_the_reading_says_so() -> None:
    assert record("不合格", None, "不合格", gap_breaks=True).streak(FAILING) == 1
    assert record("不合格", "不合格", gap_breaks=True).streak(FAILING) == 2


def test_a_rank_off_the_list_breaks_a_streak_on_it() -> None:
    listed = PastResult("2023-1", listed="worst", rank=40)
    off = PastResult("2023-2", rank=20)
    now = PastResult("2023-3", listed="worst", rank=39)
    assert TrackRecord(now, (listed, off)).streak(WORST) == 1
    assert TrackRecord(now, (listed, PastResult("2023-2"))).streak(WORST) == 2


def test_the_years_end_ends_counts_but_not_streaks() -> None:
    before = (PastResult("2022-2", listed="worst", rank=40), PastResult("2022-3", listed="worst", rank=40))
    now = TrackRecord(PastResult("2023-1", listed="worst", rank=40), before)
    assert now.streak(WORST) == 3
    assert now.times_in_year(WORST) == 1


@pytest.mark.parametrize(
    ("before", "now", "rise"),
    [
        ("合格", "良好", 1),
        ("一般", "良好", 2),
        ("不合格", "良好", 3),
        ("不合格", "优秀", 4),
        ("优秀", "良好", -1),
        ("优秀", "一般", -3),
        ("良好", "良好", 0),
        (None, "优秀", 0),
        ("优秀", None, 0),
        ("达标", "优秀", 0),
    ],
)
def test_a_jump_is_counted_in_grades(before: str | None, now: str | None, rise: int) -> None:
    grades = load_scheme("yuncheng-2023").defaults.grades
    assert isinstance(grades, Grades)
    assert record(before, now).rise(grades) == rise
