"""What the centre, a unit and those who watch see of ratings: sums and days, nothing narrower (GY-R4)."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from office.models import User
from ratings.models import Judgment, Rating, RatingCode, Served
from tests.ratings.hall import OPENED, RULES, RatedHall, moment

pytestmark = pytest.mark.django_db
MONDAY, TODAY = date(2026, 11, 16), date(2026, 11, 25)
RANGE = "first=2026-11-01&last=2026-11-24"


@pytest.fixture(autouse=True)
def _wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment("2026-11-25T10:00"))


@pytest.fixture
def hall(db: None) -> RatedHall:
    return RatedHall()


def seen(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_unit_sees_whole_weeks_of_five_and_more(hall: RatedHall, client: Client) -> None:
    """GY-R4: no day, no running week, no place below five, no sum to take it from."""
    hall.stored(4, "满意", day=date(2026, 11, 17))
    hall.stored(1, "不满意", day=date(2026, 11, 20), text="叫号看不见。")
    hall.stored(4, "非常满意", code=hall.plate, day=MONDAY, text="门口没有指引。")
    hall.stored(6, "基本满意", day=date(2026, 11, 23))
    hall.stored(6, "非常不满意", code=hall.other_code, day=MONDAY)
    former = RatingCode.objects.create(
        rules_id=RULES,
        kind="window",
        code="BEFORE",
        hall=hall.hall,
        window=hall.window,
        unit=hall.other_unit,
        valid_from=OPENED,
        ended_on=MONDAY,
    )
    hall.stored(6, "非常不满意", former, day=MONDAY, text="原进驻单位的意见。")
    page = seen(client, hall.officer, "/office/ratings/own/")
    assert "2026年11月16日至2026年11月22日" in page
    assert "共 <strong>5</strong> 条，差评率 20.00%（1/5）" in page
    assert "叫号看不见。" in page
    assert "1处本周不满5条" in page
    for hidden in ("门口没有指引。", "原进驻单位的意见。", "11月17日", "11月20日", "测试大厅2号窗口"):
        assert hidden not in page
    running = seen(client, hall.officer, "/office/ratings/own/?week=2026-11-24")
    assert "2026年11月16日至" in running


def test_each_rate_has_its_fraction_and_its_list(hall: RatedHall, client: Client) -> None:
    """GY-R4: 31 with a ticket of 200 served are 15.50 %; who kept silent is not counted as content."""
    hall.stored(31, "满意", day=date(2026, 11, 18), has_ticket=True)
    hall.stored(9, "不满意", day=date(2026, 11, 18))
    hall.stored(1, "不满意", day=TODAY)
    Served.objects.create(window=hall.window, day=date(2026, 11, 18), number=200, entered_by=hall.operator)
    page = seen(client, hall.operator, f"/office/ratings/figures/?{RANGE}")
    assert "15.50%" in page
    assert "31/200" in page
    assert "22.50%" in page
    assert "9/40" in page
    unit = f"unit={hall.unit.pk}&{RANGE}"
    assert "共 9 条" in seen(client, hall.operator, f"/office/ratings/?{unit}&state=counted&level=bad")
    assert "共 31 条" in seen(client, hall.operator, f"/office/ratings/?{unit}&state=counted&ticket=yes")
    answer = client.get(f"/office/ratings/figures.xlsx?{RANGE}")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[1][:4] == ("全部", 40, 31, 9)


def test_what_raters_wrote_is_read_by_the_centre_alone_and_goes_into_no_workbook(
    hall: RatedHall, client: Client
) -> None:
    """GY-R4: those who watch see level, day and who judged; a unit opens none of it."""
    text = "我是三月来办证的那一位。"
    hall.stored(1, "不满意", day=date(2026, 11, 18), text=text)
    hall.stored(1, "不满意", day=TODAY)
    one = Rating.objects.get(day="2026-11-18")
    pages = (f"/office/ratings/?{RANGE}", f"/office/ratings/{one.pk}/")
    for page in pages:
        assert text in seen(client, hall.operator, page)
        assert text not in seen(client, hall.inspector, page)
    client.force_login(hall.operator)
    answer = client.get(f"/office/ratings/export/?{RANGE}")
    cells = [cell for row in load_workbook(io.BytesIO(answer.content)).active.values for cell in row]
    assert "不满意" in cells
    assert text not in cells
    today = Rating.objects.get(day=TODAY)
    assert client.get(f"/office/ratings/{today.pk}/").status_code == 404
    client.force_login(hall.officer)
    for page in (*pages, "/office/ratings/held/", "/office/ratings/figures/", "/office/ratings/watch/"):
        assert client.get(page).status_code == 403


def test_lists_ask_as_often_whatever_their_length(
    hall: RatedHall, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """GY-R4: at most 24 queries a page."""
    for code in (hall.code, hall.other_code, hall.plate):
        hall.stored(30, "不满意", code, day=date(2026, 11, 10), state="held", held_because="办公时间以外")
        hall.stored(30, "不满意", code, day=date(2026, 11, 18), text="意见", reasons="等候时间长")
        hall.stored(3, "不满意", code, day=date(2026, 11, 18), state="excluded")
    rows = Rating.objects.filter(state="held").order_by("pk")[:20]
    Judgment.objects.bulk_create(
        Judgment(rating=one, act="count", words="核对", proposed_by=hall.operator, proposed_on=TODAY)
        for one in rows
    )
    centre = ("", "held/", f"held/{hall.code.pk}/", "judgments/", "figures/", f"{rows[0].pk}/")
    asked = [(hall.reviewer, page) for page in centre]
    asked += [(hall.inspector, "watch/"), (hall.officer, "own/"), (hall.inspector, "")]
    for user, page in asked:
        client.force_login(user)
        with django_assert_max_num_queries(24):
            assert client.get(f"/office/ratings/{page}").status_code == 200
    page = seen(client, hall.inspector, "/office/ratings/watch/")
    assert "暂缓过久" in page
    assert "测试大厅1号窗口" in page
