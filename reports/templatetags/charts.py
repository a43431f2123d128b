"""Charts of results, as inline SVG from templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import template

from evaluations.publication import PublicDepartment, PublicGroup, Share
from office.definitions.numbers import half_up, shown
from office.shades import COLORS, STRIPES, ink_on, shade_of
from reports.results import charts
from reports.results.announcement import Announcement, Past
from reports.results.beside import how_sure, sentences, without_lines
from reports.results.distribution import in_words, stripes
from reports.results.wording import same_band

register = template.Library()
ROW, TALL, BAR = 24, 44, 26
MOST_GROUPS = 8  # as many as results.css has rules for
Context = dict[str, Any]


@register.filter
def less(value: float, other: float) -> float:
    return value - other


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a group's table say anything."""

    grades: bool
    changes: bool
    places: bool
    shares: bool
    bands: bool
    ballots: bool
    likely: bool
    band: str = ""  # the one band that all of them have: said once, not in a column


@register.simple_tag
def columns_of(a: Announcement, group: PublicGroup) -> Columns:
    units = group.departments
    found = [charts.change(a, one) for one in units]
    ballots = any(one.ballots for one in units) and a.view.judges_persons
    band = same_band([one.figure.band for one in units])
    return Columns(
        grades=a.view.has_grades and any(one.figure.grade or one.figure.score for one in units),
        changes=any(one.score or one.rank for one in found),
        places=any(one.figure.score for one in units),
        shares=any(one.distribution for one in units),
        bands=group.has_bands and (ballots or not band),
        ballots=ballots,
        likely=any(one.likely and one.likely.is_wide for one in units),
        band="" if ballots else band,
    )


@register.simple_tag
def legend_of(a: Announcement) -> list[tuple[str, str]]:
    """The answers of the scheme as its pictures color them: class and word, from the best."""
    shown = next((one.distribution for one in a.view.departments if one.distribution), None)
    return [(shade_of(one.choice, place), one.choice) for place, one in enumerate(shown or ())]


@register.simple_tag
def axis_of(a: Announcement) -> charts.Axis:
    return charts.Axis.of(a)


@register.inclusion_tag("reports/charts/county.html")
def county_chart(axis: charts.Axis, group: PublicGroup, publication: int | None = None) -> Context:
    """On a page of a publication units lie beside it; elsewhere they are found by its number."""
    base = f"/results/{publication}/" if publication else ""
    return {"c": charts.county(axis, group), "label": f"{group.name}各单位得分", "base": base}


@register.inclusion_tag("reports/charts/dot.html")
def dot_chart(axis: charts.Axis, department: PublicDepartment, size: str = "") -> Context:
    """`size` is empty in a table and `tall` on a unit's page, where the scale is named."""
    top, tall, below = (20, TALL, 20) if size else (0, ROW, 0)
    likely = department.likely
    words = f"{department.name}{department.figure.score or ''}分"
    if likely and likely.is_wide:
        words += f"，可能范围{likely.low}至{likely.high}分"
    return {
        "axis": axis,
        "one": charts.mark(axis, department),
        "height": top + tall + below,
        "top": top,
        "tall": tall,
        "middle": top + tall // 2,
        "radius": "4.5" if size else "3",
        "high": 12 if size else 8,  # of the interval, more than the dot has: it is always seen
        "upper": top + tall // 2 - (6 if size else 4),
        "words": words,
    }


@dataclass(frozen=True, slots=True)
class Piece:
    """One answer in a bar: from `left`, `percent` wide, with the stripes that tell it in gray."""

    choice: str
    percent: int
    left: float
    color: str
    ink: str
    stripes: list[float]
    stripe: int

    @property
    def right(self) -> float:
        return self.left + self.percent

    @property
    def middle(self) -> float:
        return self.left + self.percent / 2


@register.inclusion_tag("reports/charts/scale.html")
def scale_chart(axis: charts.Axis, width: int, sign: int) -> Context:
    """The scale above a column of dots: grades and their bounds where a column so wide (px) has room."""
    return {
        "axis": axis,
        "names": charts.names(axis, width, sign),
        "numbers": charts.numbers(axis, width, sign),
        "sign": sign,
        "below": round(sign * 2.2),
        "height": round(sign * 2.5),
    }


@register.inclusion_tag("reports/charts/key.html")
def shade_key(shade: str) -> Context:
    return {"color": COLORS[shade], "stripes": stripes(shade, 0, 12), "stripe": STRIPES.get(shade, 0) / 2}


@register.inclusion_tag("reports/charts/shares.html")
def shares_chart(shares: Sequence[Share], size: str = "") -> Context:
    """`size` is empty in a table, `narrow` on a sheet of paper; `wide` has words where there is room.

    A percentage stands only where the narrowest bar of its kind has room for it: nothing is cut.
    """
    height = TALL if size == "wide" else ROW if size else BAR
    rows = [(one.choice, one.percent, shade_of(one.choice, place)) for place, one in enumerate(shares)]
    found = [
        Piece(
            choice,
            percent,
            left,
            COLORS[shade],
            ink_on(shade),
            stripes(shade, 0, height),
            STRIPES.get(shade, 0),
        )
        for choice, percent, shade, left in charts.pieces(rows)
    ]
    return {
        "pieces": found,
        "height": height,
        "baseline": height // 2 + 5,
        "least": {"wide": 9, "narrow": 30}.get(size, 14),
        "wordy": 30 if size == "wide" else 101,
        "words": in_words(shares),
        "label": "评价分布",
    }


@register.inclusion_tag("reports/charts/trend.html")
def trend_chart(trend: charts.Trend) -> Context:
    return {"t": trend}


@register.filter
def grade_place(a: Announcement, grade: str | None) -> int:
    """Which grade it is, from the best one on; 9 for none."""
    return charts.grade_place(a.grades, grade)


@register.filter
def grades_with_numbers(a: Announcement) -> list[tuple[int, str, int]]:
    """Grades that some unit is shown with: place, word, how many; empty for fewer than two."""
    shown_grades = [one.figure.grade for one in a.view.departments]
    rows = [(place, name, shown_grades.count(name)) for place, (name, _) in enumerate(a.grades)]
    return [row for row in rows if row[2]] if len(set(shown_grades)) > 1 else []


@register.filter
def groups_to_choose(a: Announcement) -> tuple[PublicGroup, ...]:
    """Groups that the page filters by; one group needs no filter, more than the style knows have links."""
    return a.view.groups if 1 < len(a.view.groups) <= MOST_GROUPS else ()


@register.filter
def grades_in(a: Announcement, group: PublicGroup) -> list[int]:
    return sorted({charts.grade_place(a.grades, one.figure.grade) for one in group.departments})


@register.filter
def change_in(a: Announcement, department: PublicDepartment) -> charts.Change:
    return charts.change(a, department)


@register.filter
def trend_in(a: Announcement, department: PublicDepartment) -> charts.Trend | None:
    return charts.trend(a, department)


@register.filter
def sentences_in(a: Announcement, department: PublicDepartment) -> list[str]:
    return list(sentences(a, department))


register.filter("without_lines", without_lines)


@register.filter
def how_sure_of(a: Announcement, department: PublicDepartment) -> str:
    return how_sure(a, department)


@register.filter
def past_of(a: Announcement, department: PublicDepartment) -> tuple[Past, ...]:
    return a.trend.get(department.id, ())


@register.filter
def group_named(group: str, a: Announcement) -> str:
    """The group by the name its table has."""
    return next((one.name for one in a.view.groups if any(d.group == group for d in one.departments)), group)


@register.filter
def middle_in(a: Announcement, department: PublicDepartment) -> str:
    return _written(charts.middle(a, department))


@register.filter
def from_middle(a: Announcement, department: PublicDepartment) -> str:
    """How far above or below the middle of the group a score that is shown lies."""
    middle = charts.middle(a, department)
    if middle is None or department.figure.score is None:
        return ""
    return charts.apart(department.figure.score, middle)


@register.filter
def mean_of(scores: Sequence[Fraction]) -> str:
    return _written(charts.mean(scores))


def _written(value: Fraction | None) -> str:
    return "" if value is None else shown(half_up(value, 2), 2)
