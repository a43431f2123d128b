"""The list of versions as the window, the centre and departments filter it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from benefits.catalogue.drafting import OPEN, TOLD
from benefits.models import ItemVersion
from departments.access import own_department
from office.models import User

State = ItemVersion.State
CURRENT, ALL = "current", "all"
STATES = {
    CURRENT: "现行和在办",
    "draft": "草稿",
    "submitted": "待审核",
    "in_force": "现行有效",
    "to_come": "尚未生效",
    "over": "已失效",
    "ended": "已停止",
    ALL: "全部",
}


def items_for(user: User) -> QuerySet[ItemVersion]:
    """Departments see their own versions; whoever looks from inside sees all."""
    own = own_department(user)
    found = ItemVersion.objects.all()
    return found if own is None else found.filter(department=own)


def standing(version: ItemVersion, today: date) -> str:
    """Where a version stands today, in the words of the filter."""
    if version.state in OPEN:
        return "退回修改" if version.returned_why else str(version.get_state_display())
    if version.ended_on is not None and version.ended_on <= today:
        return STATES["ended"]
    if version.valid_to is not None and version.valid_to < today:
        return STATES["over"]
    return STATES["to_come"] if version.valid_from > today else STATES["in_force"]


@dataclass(frozen=True)
class Filters:
    words: str = ""
    category: str = ""
    unit: int = 0
    state: str = CURRENT

    @classmethod
    def read(cls, told: Any) -> Filters:
        unit = told.get("unit", "")
        return cls(
            words=told.get("q", "").strip()[:60],
            category=told.get("category", "")[:32],
            unit=int(unit) if unit.isdecimal() and len(unit) < 10 else 0,
            state=told.get("state") if told.get("state") in STATES else CURRENT,
        )

    @property
    def query(self) -> str:
        told = {"q": self.words, "category": self.category, "unit": self.unit or "", "state": self.state}
        return urlencode({name: value for name, value in told.items() if value and value != CURRENT})

    def of(self, rows: QuerySet[ItemVersion], today: date) -> QuerySet[ItemVersion]:
        rows = rows.filter(*self._where_it_stands(today))
        if self.words:
            said = Q(name__icontains=self.words) | Q(item__code__istartswith=self.words)
            rows = rows.filter(said | Q(document_title__icontains=self.words))
        if self.category:
            rows = rows.filter(category=self.category)
        if self.unit:
            rows = rows.filter(department=self.unit)
        return rows.order_by("item__code", "-number")

    def _where_it_stands(self, today: date) -> list[Q]:
        ended = Q(state=State.ENDED, ended_on__lte=today)
        over = Q(valid_to__lt=today)
        told = Q(state__in=TOLD)
        return {
            "draft": [Q(state=State.DRAFT)],
            "submitted": [Q(state=State.SUBMITTED)],
            "in_force": [told, Q(valid_from__lte=today), ~over, ~ended],
            "to_come": [told, Q(valid_from__gt=today), ~ended],
            "over": [told, over, ~ended],
            "ended": [ended],
            CURRENT: [Q(state__in=OPEN) | (told & ~over & ~ended)],
            ALL: [],
        }[self.state]
