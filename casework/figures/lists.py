"""The list behind a figure: matters by number and title, units, limits; nothing of who reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from casework.figures.counting import Scope, lead_unit, part_and_whole
from casework.models import Clock, Matter
from casework.procedure.parts import Figure
from casework.procedure.words import Rate
from departments.models import Department
from office import dates

ALL, PART, REST = "all", "part", "rest"
CHOICES = {ALL: "全部", PART: "计入分子", REST: "未计入分子"}
HEADINGS = ("编号", "事项名称", "类别", "单位", "状态", "收到日期", "截止时间", "完成时间", "是否延期")


@dataclass(frozen=True)
class Line:
    """One matter of a list; of a limit also when it ended and when it was met."""

    matter: Matter
    unit: str
    due_at: datetime | None = None
    met_at: datetime | None = None
    extended: int = 0
    is_late: bool = False

    def cells(self) -> list[Any]:
        return [
            self.matter.number,
            self.matter.shown_title,
            self.matter.category_label,
            self.unit,
            self.matter.get_state_display(),
            self.matter.received_on,
            dates.moment(self.due_at) if self.due_at else "",
            dates.moment(self.met_at) if self.met_at else "",
            f"{self.extended}次" if self.extended else "",
        ]


def rows_of(scope: Scope, figure: Figure, which: str) -> QuerySet[Any]:
    """Return the rows of a figure: those of its part, those missing from it, or all."""
    part, whole = part_and_whole(scope, figure)
    if which == PART:
        rows = part
    elif which == REST:
        rows = whole.exclude(pk__in=part.order_by().values("pk"))
    else:
        rows = whole
    if figure.rate == Rate.ON_TIME:
        return rows.select_related("matter__version", "assignment__unit", "matter__about").order_by(
            "due_at", "pk"
        )
    return rows.annotate(in_charge=lead_unit()).select_related("version", "about").order_by("pk")


def lines_of(rows: Iterable[Any], now: datetime) -> Iterator[Line]:
    """Turn rows into lines; names of units are read once."""
    names = dict(Department.objects.values_list("pk", "name"))
    for one in rows:
        if isinstance(one, Clock):
            unit = one.assignment.unit.name if one.assignment else str(one.matter.about or "")
            is_late = bool(one.is_late) or one.is_over(now)
            yield Line(one.matter, unit, one.due_at, one.met_at, one.extended, is_late)
        else:
            yield Line(one, names.get(one.in_charge, str(one.about or "")))
