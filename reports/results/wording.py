"""How ranks and what is not shown are said, the same on pages and in documents."""

from __future__ import annotations

from collections.abc import Sequence

from evaluations.publication import Figure, PublicDepartment, PublicSection
from evaluations.publication.figures import TOO_FEW
from evaluations.publication.rules import Saying
from evaluations.publication.units import INCOMPLETE

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


def band_or_why(figure: Figure, basis: Saying) -> str:
    """A leader's score that is taken from elsewhere stands on no answers of its own: the rule is named."""
    return figure.band or f"按{basis.label}"


def bases(sections: Sequence[PublicSection]) -> list[Saying]:
    """The rules by which the persons shown were scored, each once."""
    return list(dict.fromkeys(person.basis for section in sections for person in section.persons))
