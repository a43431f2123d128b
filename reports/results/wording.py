"""How ranks and what is not shown are said, the same on pages and in documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from evaluations.publication import Figure, PublicDepartment, PublicSection
from evaluations.publication.figures import GRADE_PENDING, TOO_FEW
from evaluations.publication.rules import Saying
from evaluations.publication.unit_case import INCOMPLETE
from office.definitions.numbers import exact, half_up, shown
from reports.results.charts import Change

NO_RANK = (TOO_FEW, INCOMPLETE)


def rank(department: PublicDepartment) -> str:
    """第3名, 并列第3名, or nothing."""
    if department.rank is None:
        return ""
    return f"{'并列' if department.tied else ''}第{department.rank}名"


def why_no_score(figure: Figure) -> str:
    """What stands where a score would stand."""
    return figure.note or ("只公布等次" if figure.grade else "")


def why_no_rank(department: PublicDepartment) -> str:
    unranked = department.figure.note in NO_RANK or not department.is_ranked
    return "不排名" if unranked else "不公布"


def why_no_grade(figure: Figure) -> str:
    return GRADE_PENDING if figure.score else "不评等次" if figure.note in NO_RANK else "不公布"


def why_no_change(change: Change) -> str:
    if change.is_first:
        return "首次参评"
    return "不作比较" if change.last and not change.last.is_comparable else "不公布"


def changed(change: Change) -> str:
    """The difference of score and rank from the last round, or why there is none."""
    return "，".join(filter(None, (change.score, change.rank))) or why_no_change(change)


def band_or_why(figure: Figure, basis: Saying) -> str:
    """A leader's score that is taken from elsewhere stands on no answers of its own: the rule is named."""
    return figure.band or f"按{basis.label}"


def same_band(bands: Iterable[str | None]) -> str:
    """The one band that two or more figures have alike; a column of it would say nothing."""
    found = list(bands)
    return found[0] or "" if len(found) > 1 and len(set(found)) == 1 else ""


def counted(band: str, unit: str) -> str:
    """A band with its unit: 50人次及以上, 20–49人次."""
    number, more, _ = band.partition("及以上")
    return f"{number}{unit}{more}"


def bases(sections: Sequence[PublicSection]) -> list[Saying]:
    """The rules by which the persons shown were scored, each once."""
    return list(dict.fromkeys(person.basis for section in sections for person in section.persons))


def score_beside(figure: Figure, department: PublicDepartment, grades: Sequence[tuple[str, str]]) -> str:
    """A person's score as the column has it: whole numbers for all where one of them is whole.

    Rounded half up, but never into a better grade than the one it stands beside.
    """
    if figure.score is None:
        return ""
    scores = [one.figure.score for one in department.listed if one.figure.score]
    if not grades or "." not in figure.score or all("." in one for one in scores):
        return figure.score
    number = half_up(exact(figure.score), 0)
    better = ""
    for grade, lower in grades:
        if grade == figure.grade:
            break
        better = lower
    if better and number >= Fraction(better):
        number -= 1
    return shown(number, 0)
