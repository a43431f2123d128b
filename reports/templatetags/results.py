"""How results are written in templates: ranks, distributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from evaluations.publication import Figure, PublicDepartment, Share
from evaluations.publication.figures import TOO_FEW
from evaluations.publication.unit_lines import NOT_ALONE
from evaluations.results.score_sheet import Line, lines_of
from reports.results import distribution
from reports.results.announcement import Announcement
from reports.results.wording import (
    NO_RANK,
    band_or_why,
    bases,
    counted,
    rank,
    same_band,
    score_beside,
    why_no_change,
    why_no_grade,
    why_no_rank,
    why_no_score,
)

register = template.Library()
MOST_NAMED = 5
register.filter("in_words", distribution.in_words)
for _said in (rank, why_no_score, why_no_rank, band_or_why, bases, counted, why_no_grade, why_no_change):
    register.filter(_said.__name__, _said)


@register.filter
def bar(shares: Sequence[Share]) -> SafeString:
    return distribution.stacked_bar(shares)


@register.filter
def slim(shares: Sequence[Share]) -> SafeString:
    return distribution.slim_bar(shares)


@register.filter
def why_no_distribution(department: PublicDepartment) -> str:
    return "样本不足" if department.figure.note == TOO_FEW else "不公布"


@register.filter
def anchor(clause: str) -> str:
    """The place of a clause on the page 怎样计分."""
    return f"clause-{clause}"


@register.filter
def said_in_clause(a: Announcement, clause: str) -> list[tuple[str, str]]:
    """What a clause says, each name once before all that stands under it."""
    for one in a.method.get("clauses", ()):
        if one["clause"] == clause:
            return by_label(one["rules"] or [("", f"{question}{answer}") for question, answer in one["gaps"]])
    return []


@register.filter
def by_label(rules: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for label, says in rules:
        found.setdefault(label, []).append(says)
    return [(label, "".join(dict.fromkeys(texts))) for label, texts in found.items()]


@register.filter
def rest_in_words(node: Mapping[str, Any]) -> str:
    """The parts of a sum that an example leaves out, by name where they are few."""
    rest = node.get("rest", ())
    if not rest or len(rest) > MOST_NAMED:
        return f"其余{node['more']}项没有一一列出。"
    return f"其余{len(rest)}项：" + "、".join(f"{label} {value or '不计'}" for label, value in rest) + "。"


@register.filter
def number_of(key: str) -> str:
    """The number of a department in its address."""
    return key.lstrip("d")


@register.filter
def why_no_place(figure: Figure) -> str:
    """In the column of the picture: the reason stands beside the score already where it is too few."""
    return "样本不足" if figure.note in NO_RANK else "不公布"


@register.filter
def lines(department: PublicDepartment) -> list[Line]:
    """A unit's derivation as the rows of a table."""
    return list(lines_of(department))


@register.filter
def is_partly_secret(department: PublicDepartment) -> bool:
    return any(NOT_ALONE in f"{line.got}{line.remark}" for line in lines_of(department))


@register.filter
def numeral(place: int) -> str:
    """一, 二, 三 … for headings."""
    return "一二三四五六七八九十"[place - 1]


@register.filter
def persons_band(department: PublicDepartment) -> str:
    """The one number of answers that all persons listed have; empty where it differs."""
    return same_band([band_or_why(one.figure, one.basis) for one in department.listed])


@register.filter
def strata_band(department: PublicDepartment) -> str:
    return same_band([row.band for row in department.strata or ()])


@register.simple_tag
def score_among(a: Announcement, department: PublicDepartment, figure: Figure) -> str:
    return score_beside(figure, department, a.grades)
