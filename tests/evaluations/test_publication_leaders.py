"""Leaders who take their score from elsewhere; departments whose answers are averaged together (YC-R10)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from evaluations.publication import PublicDepartment, public_view
from tests.evaluations.made_by_hand import RULES, counts, county, department, mean, result

MIXED = counts(good=30, fair=20, just=8, bad=2)
ALIKE = counts(good=14)
THIN = counts(good=4, fair=2, just=1)

Case = tuple[dict[str, Any], dict[str, Any]]


def with_leaders(case: Case, supervised: str = "s1") -> Case:
    """The same department with a principal and a supervising leader of one section."""
    facts, found = case
    value = found["exact"]
    section = found["sections"][supervised]
    facts["members"] |= {
        "boss": {"name": "演示局长", "role": "principal_leader", "section": "s1", "answers": {}},
        "vice": {"name": "演示副局长", "role": "supervising_leader", "section": "s1", "answers": {}},
    }
    facts["sections"][supervised]["supervised_by"] = "d1vice"
    found["members"] |= {
        "boss": {key: found[key] for key in ("score", "exact", "grade", "withheld", "flags")},
        "vice": result(mean_of(section)),
    }
    assert value is None or found["members"]["boss"]["exact"] == value
    return facts, found


def mean_of(section: dict[str, Any]) -> Any:
    """The section's value."""
    return None if section["exact"] is None else Fraction(section["exact"])


def shown(case: Case, persons_public: str = "all") -> tuple[PublicDepartment, dict[str, Any]]:
    outcome, facts, roster = county(case)
    (found,) = public_view(outcome, facts, RULES, roster, persons_public=persons_public).departments
    return found, {person.id: person.figure for section in found.sections for person in section.persons}


def test_the_principal_shows_what_the_department_shows() -> None:
    found, people = shown(with_leaders(department(*[MIXED] * 5)))
    assert people["d1boss"].score == found.figure.score == "85.67"


def test_where_the_department_shows_its_grade_so_does_the_principal() -> None:
    """The principal's number would be the department's."""
    found, people = shown(with_leaders(department(ALIKE, *[MIXED] * 5)))
    assert found.figure.score is people["d1boss"].score is None
    assert found.figure.grade == people["d1boss"].grade == "良好"


def test_the_supervising_leader_shows_the_grade_of_the_sections() -> None:
    _, people = shown(with_leaders(department(*[MIXED] * 5)))
    assert (people["d1vice"].score, people["d1vice"].grade) == (None, "良好")


def test_a_section_with_too_few_answers_is_not_shown_through_its_leader() -> None:
    case = department(THIN, *[MIXED] * 5, sections=["s1", *["s2"] * 5])
    _, people = shown(with_leaders(case))
    assert people["d1p1"].note == "样本不足"
    assert people["d1vice"].note == "结果已送达本人"
    assert people["d1vice"].grade is None


def test_a_single_withheld_person_is_not_shown_through_the_leader_of_the_section() -> None:
    """Nobody in the section is named; its only other member has no answers."""
    low = counts(good=10, just=20, bad=30)
    case = department(low, *[MIXED] * 5, sections=["s1", *["s2"] * 5])
    _, people = shown(with_leaders(case), persons_public="top_grades")
    assert people["d1p1"] == people["d1vice"]
    assert people["d1vice"].note == "结果已送达本人"


def test_a_department_averaged_over_all_answers_guards_those_with_few() -> None:
    """Pooled: two of three persons have too few answers, and both stand inside the number."""
    facts, found = department(THIN, THIN, MIXED)
    together = {choice: 2 * THIN[choice] + MIXED[choice] for choice in THIN}
    pooled = result(mean(together), members=found["members"], sections=found["sections"])
    public, people = shown((facts, found | pooled | {"flags": ["pooled"]}))
    assert public.figure.is_shown
    assert people["d1p1"].note == people["d1p2"].note == "样本不足"
    assert all(section.figure is None for section in public.sections)


def test_a_single_person_with_few_answers_is_not_left_over_in_a_pooled_department() -> None:
    """The whole minus the one who is shown would be the one who is not: so that one is shown by the grade."""
    facts, found = department(counts(bad=9), counts(good=58, fair=2))
    together = counts(good=58, fair=2, bad=9)
    pooled = result(mean(together), members=found["members"], sections=found["sections"])
    public, people = shown((facts, found | pooled | {"flags": ["pooled"]}))
    assert people["d1p1"].note == "样本不足"
    assert (people["d1p2"].score, people["d1p2"].grade) == (None, "优秀")
    whole = 69 * Fraction(public.figure.score or 0)
    assert (whole - 60 * 90) / 9 - (whole - 60 * 100) / 9 > 20
