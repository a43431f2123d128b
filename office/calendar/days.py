"""Working days after the State Council's calendar, as kept in the Holiday table."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from office.errors import Refused
from office.models import Holiday

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Return whether people work on `day`: the table decides, else Monday to Friday."""
    kept = Holiday.objects.filter(day=day).values_list("is_working_day", flat=True).first()
    return kept if kept is not None else day.weekday() < SATURDAY


def has_calendar(year: int) -> bool:
    return Holiday.objects.filter(day__year=year).exists()


def add_working_days(start: date, count: int) -> date:
    """Return the `count`-th working day after `start` (the day itself does not count).

    Refuses when the calendar of a year it touches is missing: a guess could end a term too early.
    """
    day = start
    while count > 0:
        day += timedelta(days=1)
        if not has_calendar(day.year):
            raise Refused(
                f"系统中还没有{day.year}年的节假日安排，无法推算工作日",
                "请先在“节假日”中录入国务院公布的安排。",
            )
        count -= is_working_day(day)
    return day


class WorkingDays:
    """The working days of whole years in one query, for suggestions and reminders: no term hangs on them.

    A year without a calendar counts Monday to Friday.
    """

    def __init__(self, first_year: int, last_year: int) -> None:
        years = (date(first_year, 1, 1), date(last_year, 12, 31))
        self._kept = dict(Holiday.objects.filter(day__range=years).values_list("day", "is_working_day"))
        self._years = {day.year for day in self._kept}

    def knows(self, year: int) -> bool:
        return year in self._years

    def step(self, start: date, count: int) -> date:
        """Return the `count`-th working day after `start`; before it where `count` is below 0."""
        day, left = start, abs(count)
        while left > 0:
            day += timedelta(days=1 if count > 0 else -1)
            left -= self._kept.get(day, day.weekday() < SATURDAY)
        return day


def reminder_day(start: date, count: int) -> date:
    """Return the `count`-th working day after `start`, for reminders: no term hangs on it."""
    return WorkingDays(start.year, start.year + 1).step(start, count)


def add_months(start: date, count: int) -> date:
    """Return the same day `count` months later, or that month's last day where it is shorter."""
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
