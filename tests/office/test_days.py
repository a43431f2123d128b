"""Working days after the State Council's calendar, on which appeal days rest (reading 10)."""

from datetime import date

import pytest
from django.core.management import call_command

from office.calendar import days
from office.errors import Refused
from office.models import Holiday


@pytest.fixture
def calendar(db: None) -> None:
    call_command("seed_calendar", verbosity=0)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 3, 2), date(2026, 3, 9)),  # Monday: the weekend does not count
        (date(2026, 3, 6), date(2026, 3, 13)),  # Friday: counting starts on Monday
        (date(2026, 9, 29), date(2026, 10, 12)),  # national holidays, and the Saturday worked instead
        (date(2026, 2, 12), date(2026, 2, 26)),  # Spring Festival, and the working Saturday before it
    ],
)
def test_five_working_days_skip_weekends_and_holidays(calendar: None, start: date, end: date) -> None:
    assert days.add_working_days(start, 5) == end


def test_a_working_saturday_counts(calendar: None) -> None:
    saturday = date(2026, 2, 14)
    assert saturday.weekday() == 5
    assert days.is_working_day(saturday)


def test_a_year_without_calendar_is_refused_not_guessed(calendar: None) -> None:
    with pytest.raises(Refused, match="2027年的节假日安排"):
        days.add_working_days(date(2026, 12, 30), 5)


def test_days_kept_by_the_centre_stay_when_seeded_again(calendar: None) -> None:
    Holiday.objects.filter(day=date(2026, 10, 1)).update(name="改过的名称")
    call_command("seed_calendar", verbosity=0)
    assert Holiday.objects.get(day=date(2026, 10, 1)).name == "改过的名称"


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 5, 15), 3, date(2026, 8, 15)),
    ],
)
def test_adding_months_ends_on_the_last_day_of_a_shorter_month(start: date, months: int, end: date) -> None:
    assert days.add_months(start, months) == end
