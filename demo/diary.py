"""What happens in the demo county, day by day: acts are noted with their moment and done in that order.

An act may note others for later; whatever would come after today is left undone, so something is always open.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush

from django.db import transaction
from django.utils import timezone

from casework.matters.clocks import Reckoner
from office.calendar.working_time import Calendar
from office.errors import Refused

Act = Callable[[datetime], object]
OPENS, LUNCH, CLOSES = 9, 12, 17
_is_beside_others: ContextVar[bool] = ContextVar("is_beside_others", default=False)


@contextmanager
def beside_others() -> Iterator[None]:
    """Keep diaries while the system runs: its clocks may have ended what an act would go on with."""
    token = _is_beside_others.set(True)
    try:
        yield
    finally:
        _is_beside_others.reset(token)


class Diary:
    """Keeps the acts of a year up to `now`; the same acts whenever it is run."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = timezone.localdate(now)
        self.chance = random.Random(20261130)  # noqa: S311 - a demo that is the same every time
        self.reckoner = Reckoner()
        self._acts: list[tuple[datetime, int, Act]] = []
        self._noted = 0

    @property
    def calendar(self) -> Calendar:
        return self.reckoner.clock.calendar

    def at(self, day: date, hour: int, act: Act) -> None:
        """Note an act for an hour of this day, or of the next one on which people work."""
        works = self.calendar.on_or_after(day)
        moment = timezone.make_aware(datetime.combine(works, time(hour, self.chance.randrange(60))))
        self._note(moment, act)

    def _note(self, moment: datetime, act: Act) -> None:
        self._noted += 1
        heappush(self._acts, (moment, self._noted, act))

    def after(self, at: datetime, working_days: int, act: Act) -> None:
        """Note an act for so many working days later; with none, for the next hour of office."""
        local = timezone.localtime(at)
        if working_days or local.hour >= 16:
            day = self.calendar.step(local.date(), max(working_days, 1))
            self.at(day, self.chance.randrange(9, 17), act)
        else:
            self.at(local.date(), local.hour + 1, act)

    def soon(self, at: datetime, minutes: int, act: Act) -> None:
        """Note an act for so many minutes later; what would fall after hours is done the next morning."""
        moment = timezone.localtime(at + timedelta(minutes=minutes))
        if moment.hour == LUNCH:
            moment += timedelta(hours=1)
        if moment.hour >= CLOSES or moment.hour < OPENS or not self.calendar.works(moment.date()):
            day = moment.date() + timedelta(days=1) if moment.hour >= CLOSES else moment.date()
            moment = timezone.make_aware(
                datetime.combine(self.calendar.on_or_after(day), time(OPENS, moment.minute))
            )
        self._note(moment, act)

    def keep(self) -> None:
        """Do everything that is over by now, in the order of time."""
        while self._acts and self._acts[0][0] <= self.now:
            moment, _, act = heappop(self._acts)
            try:
                with transaction.atomic():
                    act(moment)
            except Refused:
                if not _is_beside_others.get():
                    raise
