"""Clocks that hang on a year without a calendar are settled when the year is entered, and no others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casework.matters import bulk, due
from casework.matters.clocks import OPEN, Reckoner
from casework.models import Clock
from office.calendar import deadlines, provisional

READ = ("id", "event", "began_at", "count", "unit", "ends", "pauses")
WRITTEN = ("due_at", "state", "why", "is_provisional", "rests_on", "follow_at")
SAME = ("state", "count")  # who met, stopped or extended it meanwhile is not overwritten
AT_ONCE = 2000


@dataclass(slots=True)
class Promised:
    """What a limit is computed from and what comes of it; much lighter than a row of the table."""

    id: int
    event: str
    began_at: datetime
    count: int
    unit: str
    ends: str
    pauses: list[Any]
    due_at: datetime | None = None
    state: str = ""
    why: str = ""
    is_provisional: bool = True
    rests_on: dict[str, Any] = field(default_factory=dict)
    follow_at: datetime | None = None


@provisional.settles
def settle_clocks(clock: deadlines.Clock) -> None:
    reckoner, last = Reckoner(clock), 0
    waiting = Clock.objects.filter(is_provisional=True, state__in=OPEN).order_by("pk").values_list(*READ)
    while settled := [reckoner.put(Promised(*one)) for one in waiting.filter(pk__gt=last)[:AT_ONCE]]:
        bulk.write(Clock, settled, WRITTEN, only_if=SAME)
        last = settled[-1].id
    if last:
        due.refresh()
