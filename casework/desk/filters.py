"""What the list of matters is narrowed to; the workbook holds the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from casework.desk.rows import UNJUDGED
from casework.matters.state import OPEN, OVER
from casework.models import Assignment, Clock, Matter, ProcedureVersion
from casework.procedure.words import Stage

OPEN_ONES, ALL = "open", "all"
MINE = "waiting"
LATENESS = {"late": "已逾期", "today": "今天到期", "stopped": "停计中", "in_time": "未逾期"}
NUMBER = re.compile(r"[A-Za-z]{1,8}\d{4}(-\d*)?")
RUNNING = (Clock.State.RUNNING, Clock.State.STOPPED)


@dataclass(frozen=True)
class Filters:
    procedure: str = ""
    state: str = OPEN_ONES
    category: str = ""
    late: str = ""
    unit: int = 0
    month: str = ""
    words: str = ""

    @classmethod
    def read(cls, told: Any) -> Filters:
        unit = told.get("unit", "")
        return cls(
            procedure=told.get("procedure", "")[:64],
            state=told.get("state") or OPEN_ONES,
            category=told.get("category", "")[:40],
            late=told.get("late", "") if told.get("late") in LATENESS else "",
            unit=int(unit) if unit.isdecimal() and len(unit) < 10 else 0,
            month=told.get("month", "") if re.fullmatch(r"\d{4}-\d\d", told.get("month", "")) else "",
            words=told.get("q", "").strip()[:60],
        )

    @property
    def query(self) -> str:
        told = {
            "procedure": self.procedure,
            "state": "" if self.state == OPEN_ONES else self.state,
            "category": self.category,
            "late": self.late,
            "unit": self.unit or "",
            "month": self.month,
            "q": self.words,
        }
        return urlencode({name: value for name, value in told.items() if value})

    def of(self, rows: QuerySet[Matter], now: datetime, versions: Iterable[ProcedureVersion]) -> Any:
        return rows.filter(
            *self._where_it_stands(),
            *self._how_late(now),
            *self._which_category(versions),
            *self._said(),
            **({"procedure_id": self.procedure} if self.procedure else {}),
            **self._received(),
        )

    def _where_it_stands(self) -> list[Q]:
        if self.state == ALL:
            return []
        return [Q(state=self.state) if self.state in Matter.State.values else Q(state__in=OPEN)]

    def _how_late(self, now: datetime) -> list[Q]:
        minute = now.replace(second=0, microsecond=0)
        if not self.late:
            return []
        if self.late == "stopped":
            return [Q(Exists(Clock.objects.filter(matter=OuterRef("pk"), state=Clock.State.STOPPED)))]
        end = now.replace(hour=23, minute=59, second=0, microsecond=0)
        return {
            "late": [Q(next_due_at__lt=minute)],
            "today": [Q(next_due_at__gte=minute, next_due_at__lte=end)],
            "in_time": [Q(next_due_at__gte=minute) | Q(next_due_at=None)],
        }[self.late]

    def _which_category(self, versions: Iterable[ProcedureVersion]) -> list[Q]:
        """Colors of different procedures are chosen by their word."""
        if not self.category:
            return []
        chosen = Q(pk__in=())
        for version in versions:
            for one in version.procedure.categories.items:
                if one.label == self.category:
                    sorted_so = Q(procedure_id=version.procedure_id, category=one.id)
                    judged = version.procedure.has(Stage.JUDGING)
                    chosen |= sorted_so & ~Q(state__in=UNJUDGED) if judged else sorted_so
        return [chosen]

    def _said(self) -> list[Q]:
        found = []
        if self.unit:
            given = Assignment.objects.filter(unit=self.unit).exclude(state__in=OVER).values("matter")
            found.append(Q(about=self.unit) | Q(pk__in=given))
        if NUMBER.fullmatch(self.words):
            found.append(Q(number__startswith=self.words.upper()) | Q(higher_number=self.words))
        elif self.words:
            # Letters of 100,000 texts are not made capitals where the words have none.
            how = "icontains" if self.words.upper() != self.words.lower() else "contains"
            said = Q(**{f"title__{how}": self.words}) | Q(**{f"text__{how}": self.words})
            found.append(said | Q(higher_number=self.words))
        return found

    def _received(self) -> dict[str, date]:
        if not self.month:
            return {}
        year, month = map(int, self.month.split("-"))
        if not 1 <= month <= 12 or year < 2000:
            return {}
        after = date(year + month // 12, month % 12 + 1, 1)
        return {"received_on__gte": date(year, month, 1), "received_on__lt": after}


def by_what_is_due(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    return rows.order_by(F("next_due_at").asc(nulls_last=True), "pk")


def with_what_a_row_shows(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Fetch with a page of rows what they show, in as many queries whatever their number."""
    clocks = Clock.objects.filter(state__in=RUNNING).order_by("due_at", "pk")
    units = Assignment.objects.exclude(state__in=OVER).select_related("unit")
    return (
        rows.select_related(None)
        .select_related("about")
        .defer("text")
        .prefetch_related(
            "version",
            Prefetch("clocks", queryset=clocks, to_attr="open_clocks"),
            Prefetch("assignments", queryset=units, to_attr="given"),
        )
    )
