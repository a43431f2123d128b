"""A hall's page: what waits, whole weeks by window from five up, and no praise out of silence (GY-R4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ratings.models import RatingCode, Served
from ratings.shown.centre_asked import Asked
from ratings.shown.centre_figures import figures_of
from ratings.shown.hall import Week, sheets_of, waiting, week_of
from tests.ratings.hall import RULES, RatedHall

pytestmark = pytest.mark.django_db
MONDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 25)
WEEK = Week(MONDAY)


@pytest.fixture
def hall(db: None) -> RatedHall:
    return RatedHall()


def served(hall: RatedHall, number: int, day: date = WEDNESDAY) -> None:
    Served.objects.create(window=hall.window, day=day, number=number, entered_by=hall.clerk)


def test_silence_is_not_praise(hall: RatedHall) -> None:
    """RATE-04: 31 of 200 rated are 31 ratings and 15.50 %; where nothing was served there is no rate."""
    hall.stored(31, has_ticket=True)
    hall.stored(5, level="不满意")
    (sheet,) = sheets_of(hall.hall, WEEK)
    assert [row.rated for row in sheet.rows] == ["—", "—"]
    served(hall, 200)
    (sheet,) = sheets_of(hall.hall, WEEK)
    row, other = sheet.rows
    assert (row.number, row.with_ticket, row.rated) == (36, 31, "15.50%（31/200）")
    assert (row.levels["满意"], row.levels["非常满意"]) == (31, 0)
    assert (other.number, other.rated) == (None, "—")
    hall.stored(1, has_ticket=True, day=MONDAY)
    (sheet,) = sheets_of(hall.hall, WEEK)
    assert sheet.rows[0].rated == "15.50%（31/200）"  # of Monday nobody knows how many were served


def test_a_window_shows_nothing_below_five_and_no_sum_gives_it_away(hall: RatedHall) -> None:
    hall.stored(5)
    hall.stored(4, level="不满意", code=hall.other_code)
    hall.stored(1, state="held", held_because="办公时间以外", code=hall.other_code)
    (sheet,) = sheets_of(hall.hall, WEEK)
    assert [(row.number, row.held) for row in sheet.rows] == [(5, 0), (None, None)]
    assert sheet.total is not None
    assert (sheet.total.number, sheet.total.levels["不满意"]) == (5, 0)
    hall.stored(1, code=hall.other_code)
    (sheet,) = sheets_of(hall.hall, WEEK)
    assert [row.number for row in sheet.rows] == [5, 5]


def test_a_window_given_to_another_unit_counts_once_for_each(hall: RatedHall) -> None:
    """GY-R4: a day's number is of the code that lived there that day, at the hall as in the figures."""
    hall.stored(6, has_ticket=True, day=MONDAY)
    RatingCode.objects.filter(pk=hall.code.pk).update(ended_on=WEDNESDAY)
    hall.window.department = hall.other_unit
    hall.window.save()
    told = {"window": hall.window, "unit": hall.other_unit, "hall": hall.hall}
    code = hall._code("window", **told)
    RatingCode.objects.filter(pk=code.pk).update(valid_from=WEDNESDAY)
    hall.stored(5, has_ticket=True, code=code)
    served(hall, 40, MONDAY)
    served(hall, 10)
    Served.objects.create(window=hall.other_window, day=MONDAY, number=50, entered_by=hall.clerk)
    (sheet,) = sheets_of(hall.hall, WEEK)
    assert [(row.unit, row.rated) for row in sheet.rows] == [
        ("县甲局", "15.00%（6/40）"),
        ("县乙局", "50.00%（5/10）"),
        ("县乙局", "—"),
    ]
    asked = Asked.read({"rules": RULES, "first": "2026-11-23", "last": "2026-11-29"}, date(2026, 11, 30))
    figures = figures_of(asked)
    units = {line.name: str(line.answered) for line in figures.units}
    assert units == {"县甲局": "15.00%（6/40）", "县乙局": "8.33%（5/60）"}
    assert str(figures.total.answered) == "11.00%（11/100）"
    assert sum(line.answered.served for line in figures.places) == 100


def test_a_week_is_shown_when_it_is_over(hall: RatedHall) -> None:
    """What grew during a week would say on which day somebody rated."""
    last = Week(MONDAY - timedelta(days=7))
    assert [week_of(asked, WEDNESDAY) for asked in (None, MONDAY, date(2027, 5, 1))] == [last] * 3
    assert last.after(WEDNESDAY + timedelta(days=4)) is None
    assert last.after(WEDNESDAY + timedelta(days=5)) == MONDAY
    assert week_of(WEDNESDAY, WEDNESDAY + timedelta(days=30)) == WEEK


def test_the_page_tells_what_waits_and_why_to_the_end_of_yesterday(hall: RatedHall) -> None:
    clerk, officer = Client(), Client()
    clerk.force_login(hall.clerk)
    officer.force_login(hall.officer)
    today = timezone.localdate()
    past = today - timedelta(days=1)
    hall.stored(2, state="held", held_because="办公时间以外", text="不可外传的意见", day=past)
    hall.stored(1, state="held", held_because="短时间内集中评价", day=past, code=hall.other_code)
    hall.stored(1, state="held", held_because="同一手机当日再次评价", day=today)
    assert waiting(hall.hall, today) == {"办公时间以外": 2, "短时间内集中评价": 1}
    address = f"/office/ratings/halls/{hall.hall.pk}/"
    html = clerk.get(address).content.decode()
    assert "办公时间以外" in html
    assert "不可外传" not in html
    for odd in ("no", "0001-01-01", "9999-12-31"):
        assert clerk.get(f"{address}?week={odd}").status_code == 200
    assert officer.get(address).status_code == 403
    assert "测试大厅" in clerk.get("/office/ratings/halls/").content.decode()

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            clerk.get(f"{address}?week=2026-11-25")
        return len(asked)

    few = count()
    for number in range(3, 23):
        window = hall._window(str(number), hall.unit)
        code = hall._code("window", window=window, unit=hall.unit, hall=hall.hall)
        hall.stored(6, code=code)
    assert count() <= few <= 24
