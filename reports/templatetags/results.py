"""How results are written in templates: ranks, distributions."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from evaluations.publication import Figure, PublicDepartment, PublicSection, Share
from evaluations.publication.figures import GRADE_PENDING, TOO_FEW
from evaluations.publication.rules import Saying
from evaluations.publication.units import INCOMPLETE
from evaluations.results.score_sheet import Line, lines_of
from reports.results import distribution

register = template.Library()
NO_RANK = (TOO_FEW, INCOMPLETE)


@register.filter
def rank(department: PublicDepartment) -> str:
    """第3名, 并列第3名, or nothing."""
    if department.rank is None:
        return ""
    return f"{'并列' if department.tied else ''}第{department.rank}名"


@register.filter
def bar(shares: Sequence[Share]) -> SafeString:
    return distribution.stacked_bar(shares)


@register.filter
def slim(shares: Sequence[Share]) -> SafeString:
    return distribution.slim_bar(shares)


@register.filter
def why_no_score(figure: Figure) -> str:
    """What stands where a score would stand."""
    return figure.note or ("只公布等次" if figure.grade else "")


@register.filter
def why_no_grade(figure: Figure) -> str:
    return GRADE_PENDING if figure.score else "不评等次" if figure.note in NO_RANK else "不公布"


@register.filter
def why_no_rank(department: PublicDepartment) -> str:
    unranked = department.figure.note in NO_RANK or not department.is_ranked
    return "不排名" if unranked else "不公布"


@register.filter
def why_no_distribution(department: PublicDepartment) -> str:
    return "样本不足" if department.figure.note == TOO_FEW else "不公布"


@register.filter
def band_or_why(figure: Figure, basis: Saying) -> str:
    """A leader's score that is taken from elsewhere stands on no answers of its own: the rule is named."""
    return figure.band or f"按{basis.label}"


@register.filter
def bases(sections: Sequence[PublicSection]) -> list[Saying]:
    """The rules by which the persons shown were scored, each once."""
    return list(dict.fromkeys(person.basis for section in sections for person in section.persons))


@register.filter
def lines(department: PublicDepartment) -> list[Line]:
    """A unit's derivation as the rows of a table."""
    return list(lines_of(department))


@register.filter
def numeral(place: int) -> str:
    """一, 二, 三 … for headings."""
    return "一二三四五六七八九十"[place - 1]
