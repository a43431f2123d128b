"""A small hall with two windows of two units and their codes; each step is one call."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from departments.models import Department, Hall, Window
from departments.windows.services import keep
from ratings.intake.services import Given, Taken, take_rating
from ratings.models import Rating, RatingCode, Ticket, TicketBatch
from ratings.tickets import marks
from tests.casework.desk import Desk, at
from tests.kit.stored_states import stored

RULES = "guangyuan-bad-ratings"
OPENED = date(2026, 1, 1)


class RatedHall(Desk):
    """The desk's county with a hall: window 1 of its unit, window 2 of the other one, a wall, a plate."""

    def __init__(self) -> None:
        super().__init__()
        self.hall = Hall.objects.create(name="测试大厅")
        self.window = self._window("1", self.unit)
        self.other_window = self._window("2", self.other_unit)
        self.code = self._code("window", window=self.window, unit=self.unit, hall=self.hall)
        self.other_code = self._code("window", window=self.other_window, unit=self.other_unit, hall=self.hall)
        self.wall = self._code("wall", hall=self.hall)
        self.plate = self._code("plate", unit=self.unit)

    def _window(self, number: str, unit: Department) -> Window:
        return keep(Window(hall=self.hall, number=number, name="综合受理", department=unit))

    def _code(self, kind: str, **where: Any) -> RatingCode:
        code = secrets.token_hex(5).upper()
        return RatingCode.objects.create(rules_id=RULES, kind=kind, code=code, valid_from=OPENED, **where)

    def rate(
        self,
        when: str = "2026-11-25T10:00",
        level: str = "满意",
        code: RatingCode | None = None,
        **given: Any,
    ) -> Taken:
        told = {"key": secrets.token_hex(16), "device": secrets.token_hex(8), **given}
        return take_rating(code=code or self.code, given=Given(level=level, **told), now=at(when))

    def stored(self, number: int, level: str = "满意", code: RatingCode | None = None, **more: Any) -> None:
        """Many ratings as they lie in the database, without passing by the limits."""
        rows = [
            Rating(code=code or self.code, level=level, **{"day": date(2026, 11, 25), **more})
            for _ in range(number)
        ]
        Rating.objects.bulk_create(rows)

    def ticket(self, last_day: date = date(2026, 12, 31), **where: Any) -> str:
        batch = TicketBatch.objects.create(
            rules_id=RULES, kind="roll", hall=self.hall, size=1, made_on=OPENED, made_by=self.operator
        )
        number = marks.new_number()
        Ticket.objects.create(batch=batch, mark=marks.mark_of(number), last_day=last_day, **where)
        return number


def moment(text: str) -> datetime:
    return at(text)


@stored
def ready() -> RatedHall:
    """Return a hall that is built once a session."""
    return RatedHall()
