"""Results made by hand for the publication tests: facts and the outcome that follows from them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from evaluations.publication import RosterDepartment, RosterPerson, Rules
from evaluations.publication.rules import Saying
from office.definitions.numbers import half_up, plain, shown

POINTS = {"满意": Fraction(100), "比较满意": Fraction(80), "基本满意": Fraction(60), "不满意": Fraction(30)}
GRADES = (
    ("优秀", Fraction(90)),
    ("良好", Fraction(80)),
    ("合格", Fraction(70)),
    ("一般", Fraction(60)),
    ("不合格", Fraction(0)),
)
RULES = Rules(
    points=POINTS,
    grades=GRADES,
    named_grades=frozenset({"优秀", "良好"}),
    from_department=frozenset({"principal_leader"}),
    from_sections=frozenset({"supervising_leader"}),
    total=Saying("单位得分", "六", "各参评人员得分的平均"),
    person=Saying("个人得分", "六", "有效评价按分值平均"),
    grading=Saying("等次", "六", "按得分划分五个等次"),
    ranking=Saying("名次", "六", "按得分从高到低"),
)


def counts(good: int = 0, fair: int = 0, just: int = 0, bad: int = 0, unknown: int = 0) -> dict[str, int]:
    """How many chose 满意, 比较满意, 基本满意, 不满意, 不了解情况."""
    return {"满意": good, "比较满意": fair, "基本满意": just, "不满意": bad, "不了解情况": unknown}


def mean(answers: dict[str, int]) -> Fraction | None:
    """The mean of the valid answers."""
    n = sum(count for choice, count in answers.items() if choice in POINTS)
    return sum((POINTS[c] * k for c, k in answers.items() if c in POINTS), Fraction(0)) / n if n else None


def result(value: Fraction | None, **more: Any) -> dict[str, Any]:
    """One entry of an outcome."""
    if value is None:
        return {
            "score": None,
            "exact": None,
            "grade": None,
            "withheld": "too_few_answers",
            "flags": [],
            **more,
        }
    score = half_up(value, 2)
    grade = next(name for name, lower in GRADES if score >= lower)
    return {
        "score": shown(value, 2),
        "exact": plain(value),
        "grade": grade,
        "withheld": None,
        "flags": [],
        **more,
    }


def department(
    *people: dict[str, int],
    strata: dict[str, list[dict[str, int]]] | None = None,
    sections: list[str] | None = None,
    enough: int = 10,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts and outcome of a department whose rated people got these answers; persons are p1, p2 …"""
    members, results, values = {}, {}, []
    for place, answers in enumerate(people):
        key = f"p{place + 1}"
        valid = sum(count for choice, count in answers.items() if choice in POINTS)
        section = sections[place] if sections else "s1"
        members[key] = {
            "name": f"演示{place + 1}",
            "role": "staff",
            "section": section,
            "answers": {"ballot": {"overall": answers}},
        }
        if strata:
            members[key]["answers_by_stratum"] = {
                name: {"ballot": {"overall": rows[place]}} for name, rows in strata.items()
            }
        value = mean(answers) if valid >= enough else None
        results[key] = result(value)
        if value is not None:
            values.append(value)
    total = sum(values, Fraction(0)) / len(values) if values else None
    names = dict.fromkeys(sections or ["s1"])
    facts = {"name": "", "sections": {key: {"name": f"{key}科"} for key in names}, "members": members}
    pooled = {}
    for key in names:
        rows = [
            answers for place, answers in enumerate(people) if (sections[place] if sections else "s1") == key
        ]
        together = {c: sum(row.get(c, 0) for row in rows) for c in POINTS}
        pooled[key] = {name: value for name, value in result(mean(together)).items() if name != "grade"}
    return facts, result(total, members=results, sections=pooled)


def county(
    *departments: tuple[dict[str, Any], dict[str, Any]],
) -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
    """Outcome, facts and roster of departments d1, d2 … with their ranks; persons become d1p1, d1p2 …"""
    facts: dict[str, Any] = {"subjects": {}}
    outcome: dict[str, Any] = {"subjects": {}}
    roster = []
    for place, (case, its_result) in enumerate(departments):
        key = f"d{place + 1}"
        given = {**case, "members": {key + m: one for m, one in case["members"].items()}}
        found = {**its_result, "members": {key + m: one for m, one in its_result["members"].items()}}
        facts["subjects"][key], outcome["subjects"][key] = given, found
        people = tuple(
            RosterPerson(m, one["name"], "科员", one.get("section", "s1"))
            for m, one in given["members"].items()
        )
        roster.append(RosterDepartment(key, f"演示单位{place + 1}", "县直部门", people))
    scores = {key: Fraction(one["score"]) for key, one in outcome["subjects"].items() if one["score"]}
    for key, one in outcome["subjects"].items():
        one["rank"] = 1 + sum(1 for s in scores.values() if s > scores[key]) if key in scores else None
    return outcome, facts, roster
