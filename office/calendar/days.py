"""The calendar and the opening hours as the tables keep them; `deadlines` computes with them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from office.calendar.deadlines import Clock
from office.calendar.working_time import DAY, USUAL_HOURS, Calendar, Hours, Shift
from office.errors import Refused
from office.models import Holiday, OfficeHours


def calendar() -> Calendar:
    return Calendar.of(dict(Holiday.objects.values_list("day", "is_working_day")))


def hours(place: str = "") -> Hours:
    """Return the hours of a place, such as a hall, or the county's where it has none of its own."""
    rows = list(
        OfficeHours.objects.filter(place__in={"", place}).values_list("place", "valid_from", "shifts")
    )
    own = {since: shifts for where, since, shifts in rows if where and where == place}
    usual = {since: shifts for where, since, shifts in rows if not where}
    return Hours.of(own or {date.min: USUAL_HOURS} | usual)


def clock(place: str = "") -> Clock:
    """Return what computes limits, in two queries; keep it for all the limits of one page."""
    return Clock(calendar(), hours(place))


def shifts_on(day: date, place: str = "") -> tuple[Shift, ...]:
    """Return when a place is open on a day, nothing where it is closed; reads no other day."""
    differs = dict(Holiday.objects.filter(day=day).values_list("day", "is_working_day"))
    return hours(place).on(day) if Calendar.of(differs).works(day) else ()


def local(moment: datetime) -> datetime:
    """Return the county's wall clock time without a zone, as `deadlines` counts."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def step_known(calendar: Calendar, start: date, count: int) -> date:
    """Return the `count`-th working day after `start`; refuse a year without a calendar, never guess."""
    day = calendar.step(start, count)
    for year in range((start + DAY).year, day.year + 1):
        if not calendar.knows(year):
            raise Refused(
                f"系统中还没有{year}年的节假日安排，无法推算工作日",
                "请先在“节假日”中录入国务院公布的安排。",
            )
    return day
