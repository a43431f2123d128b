"""A column of persons' scores has one format, and none of it contradicts the grade beside it (P2; YC-R3)."""

from __future__ import annotations

import pytest

from evaluations.publication import Figure, Node, PublicDepartment, PublicPerson, PublicSection
from evaluations.publication.rules import Saying
from reports.results.wording import score_beside

GRADES = (("优秀", "90"), ("良好", "80"), ("合格", "70"))
BASIS = Saying("", "", "")


def department(*figures: Figure) -> PublicDepartment:
    people = tuple(PublicPerson(f"p{at}", "示例", "科员", one, BASIS) for at, one in enumerate(figures))
    return PublicDepartment(
        id="d1",
        name="县示范局",
        group="县直部门",
        figure=Figure(),
        rank=None,
        tied=False,
        ranked_of=0,
        distribution=None,
        strata=None,
        post_stratified=None,
        derivation=Node("", "", ""),
        sections=(PublicSection("s1", "一科", people),),
    )


@pytest.mark.parametrize(
    ("score", "grade", "beside", "shown"),
    [
        ("93.77", "优秀", "91.20", "93.77"),
        ("93.77", "优秀", "89", "94"),
        ("89.49", "良好", "91", "89"),
        ("89.50", "良好", "91", "89"),
        ("89.99", "良好", "91", "89"),
        ("90.00", "优秀", "91", "90"),
        ("79.50", "合格", "91", "79"),
        ("99.60", "优秀", "91", "100"),
        ("91", "优秀", "93.77", "91"),
    ],
)
def test_beside_a_whole_number_all_are_whole_and_none_is_of_a_better_grade(
    score: str, grade: str, beside: str, shown: str
) -> None:
    figure = Figure(score, grade, "50及以上")
    unit = department(figure, Figure(beside, "优秀", "20–49"), Figure(note="样本不足"))
    assert score_beside(figure, unit, GRADES) == shown
