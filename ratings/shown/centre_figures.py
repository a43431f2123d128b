"""Rates per unit and per window, each with its fraction and the list behind it (GY-R4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.figures.shares import Share
from departments.kinds import UnitKind
from departments.models import Department
from office import audit, roles
from office.imports.views import workbook_answer
from office.workbench.pages import require, show
from office.workbooks.writing import workbook
from ratings.counts.answering import Answered, answered
from ratings.counts.counting import Tally, by_unit, codes_of, tallies
from ratings.models import RatingCode
from ratings.rules import RatingRules, all_rules
from ratings.shown.centre_asked import Asked


@dataclass(frozen=True)
class Line:
    """The figures of a unit or a place; `answered` is of the places whose numbers of served are known."""

    name: str
    query: str
    tally: Tally
    rules: RatingRules
    answered: Answered
    hall: str = ""

    @property
    def levels(self) -> list[tuple[str, int]]:
        return list(self.tally.levels(self.rules).items())

    @property
    def bad(self) -> Share:
        return Share(self.tally.bad(self.rules), self.tally.number)

    @property
    def excluded(self) -> Share:
        return Share(self.tally.excluded_bad, self.tally.received_bad)

    @property
    def is_watched(self) -> bool:
        return self.tally.is_watched(self.rules)

    def cells(self) -> list[Any]:
        tally = self.tally
        bad, excluded, rated = self.bad, self.excluded, self.answered
        return [
            self.name,
            tally.number,
            tally.with_ticket,
            tally.without_ticket,
            *(number for _, number in self.levels),
            bad.percent,
            bad.fraction,
            tally.held,
            tally.excluded,
            excluded.percent,
            excluded.fraction,
            "是" if self.is_watched else "",
            tally.moved_here,
            tally.moved_away,
            tally.received,
            "" if rated.is_doubtful else rated.share.percent,
            rated.share.fraction if rated.served else "",
        ]


def headings(rules: RatingRules) -> list[str]:
    limit = rules.excluding.watch_above_percent
    return [
        "单位或窗口",
        "计入",
        "凭票",
        "无票",
        *rules.words,
        "差评率（%）",
        "差评/计入",
        "暂缓",
        "排除",
        "差评排除率（%）",
        "排除的差评/收到的差评",
        f"超过{limit}%",
        "移入",
        "移出",
        "收到",
        "评价率（%）",
        "凭票评价/办件",
    ]


@dataclass(frozen=True)
class Figures:
    total: Line
    units: list[Line]
    places: list[Line]


def figures_of(asked: Asked) -> Figures:
    """Count the days asked for; four queries whatever their number."""
    codes = codes_of(asked.rules_id)
    found = tallies(asked.first, asked.last, asked.rules_id, asked.rules)
    rated = answered(asked.first, asked.last, codes)
    for code_pk in rated:  # served and not rated: a line, too, or the lines would not sum to the whole
        found.setdefault(code_pk, Tally())
    whole = Tally()
    for tally in found.values():
        whole.add(tally)
    units = by_unit(found, codes)
    names = Department.objects.in_bulk(units)
    of_unit: dict[int, list[RatingCode]] = {}
    for code in codes:
        for pk in {code.unit_id, code.window.unit_id if code.window else None} - {None}:
            of_unit.setdefault(int(pk or 0), []).append(code)

    def line(name: str, query: str, tally: Tally, of: Iterable[RatingCode]) -> Line:
        return Line(name, query, tally, asked.rules, _answered(of, rated))

    lines = [
        line(names[pk].name, asked.but(unit=pk), tally, of_unit[pk])
        for pk, tally in units.items()
        if names[pk].kind != UnitKind.WINDOW
    ]
    places = [
        line(f"{one}{'（已停用）' if one.is_dead else ''}", asked.but(code=one.pk), found[one.pk], [one])
        for one in codes
        if one.pk in found
    ]
    return Figures(
        total=line("全部", asked.query, whole, codes),
        units=sorted(lines, key=lambda one: (-one.tally.bad(asked.rules), one.name)),
        places=places,
    )


def _answered(of: Iterable[RatingCode], rated: dict[int, Answered]) -> Answered:
    return sum((rated[one.pk] for one in of if one.pk in rated), Answered())


@never_cache
@require_safe
def figures(request: HttpRequest, form: str = "") -> HttpResponse:
    """The rates of a month or of days, by unit and by place, as a page or a workbook."""
    user = require(request, *(("rating.judge",) if form else ("rating.judge", "rating.watch")))
    asked = Asked.read(request.GET, timezone.localdate())
    found = figures_of(asked)
    if form == "xlsx":
        title = "评价数字"
        rows = [one.cells() for one in (found.total, *found.units, *found.places)]
        with transaction.atomic():
            told = {"列表": title, "起": str(asked.first), "止": str(asked.last), "行数": len(rows)}
            audit.record("导出", user, acting_user=user, after=told)
        return workbook_answer(workbook(title, headings(asked.rules), rows), f"{title}.xlsx")
    return show(
        request,
        "ratings/shown/figures.html",
        f"评价数字：{asked.rules.title}",
        asked=asked,
        all_rules=all_rules(),
        found=found,
        has_served=bool(found.total.answered.served),
        may_judge=roles.allowed(user, "rating.judge"),
    )
