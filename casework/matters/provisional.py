"""Clocks that hang on a year without a calendar are settled when the year is entered, and no others."""

from __future__ import annotations

from casework.matters import bulk, due
from casework.matters.clocks import OPEN, Reckoner
from casework.models import Clock
from office.calendar import deadlines, provisional

COLUMNS = ("due_at", "state", "why", "is_provisional", "rests_on", "follow_at")
AT_ONCE = 1000


@provisional.settles
def settle_clocks(clock: deadlines.Clock) -> None:
    reckoner = Reckoner(clock)
    waiting = Clock.objects.filter(is_provisional=True, state__in=OPEN)
    settled = [reckoner.put(one) for one in waiting.iterator(chunk_size=AT_ONCE)]
    bulk.write(settled, COLUMNS)
    if settled:
        due.refresh()
