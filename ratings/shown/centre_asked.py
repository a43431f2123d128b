"""What the centre's pages of ratings are narrowed to: rules, days, unit, place, level, state, ticket."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from ratings.models import Rating
from ratings.rules import RatingRules, all_rules

A_DAY = timedelta(days=1)
BAD = "bad"
MOVED = "moved"
STATES = {
    "": "收到的全部",
    Rating.State.COUNTED: "计入",
    Rating.State.HELD: "暂缓",
    Rating.State.EXCLUDED: "排除",
    MOVED: "移到其他对象",
}
TICKETS = {"yes": "凭票", "no": "无票"}
LONGEST_RANGE = timedelta(days=366)


@dataclass(frozen=True)
class Asked:
    """The days end yesterday: whoever watched a number of today would learn the hour of a rating."""

    rules_id: str
    rules: RatingRules
    first: date
    last: date
    today: date
    unit: int = 0
    code: int = 0
    level: str = ""
    state: str = ""
    ticket: str = ""

    @classmethod
    def read(cls, told: Any, today: date) -> Asked:
        found = all_rules()
        rules_id = told.get("rules") if told.get("rules") in found else next(iter(found))
        rules = found[rules_id]
        first, last = _range(told, today)
        level = told.get("level", "")
        return cls(
            rules_id=rules_id,
            rules=rules,
            first=first,
            last=last,
            today=today,
            unit=_number(told.get("unit", "")),
            code=_number(told.get("code", "")),
            level=level if level in (*rules.words, BAD) else "",
            state=told.get("state", "") if told.get("state") in STATES else "",
            ticket=told.get("ticket", "") if told.get("ticket") in TICKETS else "",
        )

    @property
    def month(self) -> str:
        """The month asked for; empty where the days are no whole month."""
        whole = self.first.day == 1 and self.last == min(_end_of(self.first), self.today - A_DAY)
        return f"{self.first:%Y-%m}" if whole else ""

    @property
    def is_empty(self) -> bool:
        return self.first > self.last

    @property
    def query(self) -> str:
        told: dict[str, Any] = {
            "rules": self.rules_id,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "unit": self.unit,
            "code": self.code,
            "level": self.level,
            "state": self.state,
            "ticket": self.ticket,
        }
        return urlencode({name: value for name, value in told.items() if value})

    def but(self, **other: Any) -> str:
        return replace(self, **other).query

    def rows(self) -> QuerySet[Rating]:
        """Return the ratings, the newest day first; what came for a unit stays in its list when it was moved.

        What counts, or waits to, is listed where it counts; all that came, and what was excluded or moved
        away, where it came.
        """
        rows = Rating.objects.filter(day__range=(self.first, self.last), code__rules_id=self.rules_id)
        rows = rows.annotate(came_to=Coalesce(F("moved_from"), F("code")))
        place = "code" if self.state in (Rating.State.COUNTED, Rating.State.HELD) else "came"
        return rows.filter(*self._which(), *self._where(place)).order_by("-day", "pk")

    def _which(self) -> list[Q]:
        found = []
        if self.level:
            found.append(Q(level__in=self.rules.bad_words if self.level == BAD else (self.level,)))
        if self.ticket:
            found.append(Q(has_ticket=self.ticket == "yes"))
        if self.state == MOVED:
            found.append(Q(moved_from__isnull=False))
        elif self.state:
            found.append(Q(state=self.state))
        return found

    def _where(self, place: str) -> list[Q]:
        found = []
        here = Q(moved_from=None)
        if self.unit:
            of_code = Q(code__unit=self.unit) | Q(code__window__unit=self.unit)
            of_former = Q(moved_from__unit=self.unit) | Q(moved_from__window__unit=self.unit)
            found.append(of_code if place == "code" else (here & of_code) | of_former)
        if self.code:
            found.append(Q(code=self.code) if place == "code" else Q(came_to=self.code))
        return found


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _range(told: Any, today: date) -> tuple[date, date]:
    """Return the month or the days asked for, up to yesterday; this month for anything else."""
    yesterday = today - A_DAY
    if month := _day(f"{told.get('month', '')}-01"):
        return month, min(_end_of(month), yesterday)
    first, last = _day(told.get("first", "")), _day(told.get("last", ""))
    if first and last and first <= last:
        return max(first, last - LONGEST_RANGE), min(last, yesterday)
    return yesterday.replace(day=1), yesterday


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


def _end_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - A_DAY
