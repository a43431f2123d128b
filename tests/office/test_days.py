"""Working days after the State Council's calendar, on which appeal days rest (reading 10)."""

from datetime import date, timedelta

import pytest
from chinese_calendar.constants import holidays, workdays
from django.core.management import call_command

from office.calendar import days
from office.errors import Refused
from office.management.commands.seed_calendar import NOTICES
from office.models import Holiday, OfficeHours
from office.roles import Role
from tests.kit.people import signed_in


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
    assert days.calendar().step(start, 5) == end


# Days off and weekend days worked as the notices write them, month and day; a year's list holds what
# its notice says of days of that year.
ARRANGED = {
    2021: (
        "0101-0103 0211-0217 0403-0405 0501-0505 0612-0614 0919-0921 1001-1007",
        "0207 0220 0425 0508 0918 0926 1009",
    ),
    2022: (
        "0101-0103 0131-0206 0403-0405 0430-0504 0603-0605 0910-0912 1001-1007",
        "0129 0130 0402 0424 0507 1008 1009",
    ),
    2023: (
        "0101-0102 0121-0127 0405-0405 0429-0503 0622-0624 0929-1006",
        "0128 0129 0423 0506 0625 1007 1008",
    ),
    2024: (
        "0101-0101 0210-0217 0404-0406 0501-0505 0610-0610 0915-0917 1001-1007",
        "0204 0218 0407 0428 0511 0914 0929 1012",
    ),
    2025: (
        "0101-0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",
        "0126 0208 0427 0928 1011",
    ),
    2026: (
        "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
        "0104 0214 0228 0509 0920 1010",
    ),
}


def day_of(year: int, written: str) -> date:
    return date(year, int(written[:2]), int(written[2:]))


@pytest.mark.parametrize("year", ARRANGED)
def test_every_day_of_a_year_is_as_its_notice_says(calendar: None, year: int) -> None:
    off, worked = ARRANGED[year]
    spans = [[day_of(year, end) for end in span.split("-")] for span in off.split()]
    working = {day_of(year, day) for day in worked.split()}
    assert all(day.weekday() >= 5 for day in working)
    seeded = dict(Holiday.objects.filter(day__year=year).values_list("day", "is_working_day"))
    day = date(year, 1, 1)
    while day.year == year:
        is_off = any(first <= day <= last for first, last in spans)
        works = day in working or (day.weekday() < 5 and not is_off)
        assert seeded.get(day, day.weekday() < 5) == works, day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2021, 2, 10), date(2021, 2, 18)),  # the day before Spring Festival
        (date(2021, 2, 19), date(2021, 2, 20)),  # a Saturday worked
        (date(2021, 10, 8), date(2021, 10, 9)),
        (date(2022, 1, 28), date(2022, 1, 29)),
        (date(2022, 1, 30), date(2022, 2, 7)),  # a Sunday worked, then the festival
        (date(2022, 10, 7), date(2022, 10, 8)),
        (date(2022, 12, 30), date(2023, 1, 3)),  # off by the notice for 2023
    ],
)
def test_the_calendar_reaches_back_to_2021(calendar: None, start: date, end: date) -> None:
    assert days.calendar().step(start, 1) == end


def test_no_year_is_seeded_without_its_notice(calendar: None) -> None:
    """The library carries 2004 and later: an update of it must name the notice before its days count."""
    carried = {day.year for day in (*holidays, *workdays)}
    assert set(NOTICES) == set(ARRANGED) == {year for year in carried if year >= 2021}
    seeded = Holiday.objects.values_list("day__year", flat=True).distinct()
    assert set(seeded) == set(NOTICES)
    assert not days.calendar().knows(2020)


def test_an_installation_with_later_years_gets_the_earlier_ones(calendar: None) -> None:
    Holiday.objects.filter(day__year__lt=2023).delete()
    own = Holiday.objects.create(day=date(2021, 2, 20), name="本地安排", is_working_day=False)
    call_command("seed_calendar", verbosity=0)
    assert Holiday.objects.get(day=own.day).name == "本地安排"
    assert not days.calendar().works(own.day)
    assert days.calendar().works(date(2021, 10, 9))


def test_a_working_saturday_counts(calendar: None) -> None:
    saturday = date(2026, 2, 14)
    assert saturday.weekday() == 5
    assert days.calendar().works(saturday)


def test_a_year_without_calendar_is_refused_not_guessed(calendar: None) -> None:
    with pytest.raises(Refused, match="2027年的节假日安排"):
        days.step_known(days.calendar(), date(2026, 12, 30), 5)


def test_days_kept_by_the_centre_stay_when_seeded_again(calendar: None) -> None:
    Holiday.objects.filter(day=date(2026, 10, 1)).update(name="改过的名称")
    call_command("seed_calendar", verbosity=0)
    assert Holiday.objects.get(day=date(2026, 10, 1)).name == "改过的名称"


@pytest.mark.django_db
def test_the_hours_are_kept_with_the_day_from_which_they_hold() -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    page = "/office/office/officehours/add/"
    refused = client.post(page, {"place": "", "valid_from": "2026-07-01", "shifts": "8点到12点"})
    assert "请写作 09:00-12:00" in refused.content.decode()
    client.post(page, {"place": "", "valid_from": "2026-07-01", "shifts": "8:00-12:00，15:00-18:00"})
    client.post(page, {"place": "政务服务大厅", "valid_from": "2026-01-01", "shifts": "8:30-17:30"})
    assert OfficeHours.objects.get(valid_from=date(2026, 7, 1)).shifts == "08:00-12:00, 15:00-18:00"
    usual = days.hours()
    assert [usual.closing(day).hour for day in (date(2026, 6, 30), date(2026, 7, 1))] == [17, 18]
    assert days.hours("政务服务大厅").closing(date(2026, 7, 1)).minute == 30
    assert days.hours("别处") == usual
    assert signed_in(Role.DEPARTMENT_OFFICER).get(page).status_code == 403
    OfficeHours.objects.all().delete()
    assert days.hours().closing(date(2026, 7, 1)).hour == 17  # nothing entered: as seeded
