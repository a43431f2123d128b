"""Codes at windows, on walls and in lobbies: one live code an object, dead in one click (GY-R4, WY-R9)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from departments.models import Department, Hall
from departments.windows.services import keep
from office.errors import Refused
from office.models import User
from ratings.codes import making
from ratings.codes.making import Wanted
from ratings.models import RatingCode
from tests.ratings.hall import RULES, RatedHall

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
CODES = "/office/ratings/codes/"


@pytest.fixture
def hall(db: None) -> RatedHall:
    return RatedHall()


def make(county: RatedHall, **wanted: Any) -> list[RatingCode]:
    return making.make_codes(
        wanted=Wanted(**wanted), rules_id=RULES, valid_from=TODAY, acting_user=county.operator
    )


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_codes_are_made_for_what_has_none(hall: RatedHall) -> None:
    """GY-R4, WY-R9: all windows of a hall at once, its wall, several units; nothing gets a second code."""
    third = hall._window("3", hall.unit)
    other = Hall.objects.create(name="另一大厅")
    made = make(hall, hall=hall.hall, windows=True, wall=True, units=(hall.unit, hall.other_unit))
    assert {(code.kind, code.window or code.unit) for code in made} == {
        ("window", third),
        ("plate", hall.other_unit),
    }
    with pytest.raises(Refused, match="都已有评价码"):
        make(hall, hall=hall.hall, windows=True, wall=True)
    with pytest.raises(Refused, match="没有选择"):
        make(hall, hall=hall.hall)
    assert [code.kind for code in make(hall, hall=other, windows=True, wall=True)] == ["wall"]
    with pytest.raises(Refused):
        making.make_codes(
            wanted=Wanted(hall=other, wall=True), rules_id=RULES, valid_from=TODAY, acting_user=hall.officer
        )


@pytest.mark.both_databases  # ending locks a row that is read with others
def test_a_dead_code_tells_what_to_do_and_its_window_may_have_a_new_one(
    hall: RatedHall, client: Client
) -> None:
    """GY-R4: in one click; what changed hands or was given up is dead by itself."""
    centre = browser(hall.operator)
    address = f"{CODES}{hall.code.pk}/end/"
    assert "停用原因" in centre.get(address).content.decode()
    assert centre.post(address, {"reason": "码牌损坏", "replace": "on"}).status_code == 302
    hall.code.refresh_from_db()
    new = hall.code.replaced_by
    assert (hall.code.ended_reason, new.window, new.unit) == ("码牌损坏", hall.window, hall.unit)
    led = client.get(f"/r/{hall.code.code}/?t=K7&big=1&x=y")
    assert (led.status_code, led["Location"]) == (307, f"/r/{new.code}/?t=K7&big=1")
    assert client.get(f"/r/{new.code}/").status_code == 200
    hall.window.department = hall.other_unit
    keep(hall.window)
    assert client.get(f"/r/{new.code}/").status_code == 410
    assert "窗口已换单位" in centre.get(CODES).content.decode()
    told = {"reason": "换了单位", "today": TODAY, "acting_user": hall.operator}
    newest = making.end_code(code=new, replace=True, **told)
    assert newest is not None
    assert newest.unit == hall.other_unit
    Department.objects.update(is_active=False)
    assert client.get(f"/r/{hall.plate.code}/").status_code == 410
    assert centre.get(CODES).content.decode().count("单位已不在评价范围内") == 3
    with pytest.raises(Refused, match="不能换发"):
        making.end_code(code=newest, replace=True, **told)
    Department.objects.update(is_active=True)
    hall.window.is_active = False
    keep(hall.window)
    assert "窗口已撤销" in centre.get(CODES).content.decode()
    with pytest.raises(Refused, match="不能换发"):
        making.end_code(code=newest, replace=True, **told)
    making.end_code(code=newest, replace=False, **told)
    with pytest.raises(Refused, match="已经停用"):
        making.end_code(code=newest, replace=False, **told)


def test_the_pages_make_and_print_codes(hall: RatedHall) -> None:
    hall._window("3", hall.unit)
    centre = browser(hall.operator)
    page = centre.get(f"{CODES}new/?rules={RULES}").content.decode()
    assert "测试大厅 1 个" in page
    told = {"rules": RULES, "hall": hall.hall.pk, "of_hall": ["windows"], "valid_from": "2026-11-30"}
    assert centre.post(f"{CODES}new/", told).status_code == 302
    for size in ("wall", "a3", "a4", "a5"):
        answer = centre.get(f"{CODES}posters.pdf?size={size}&hall={hall.hall.pk}")
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")
        assert "%E8%AF%84%E4%BB%B7%E7%A0%81" in answer["Content-Disposition"]
    one = centre.get(f"{CODES}posters.pdf?size=a5&code={hall.plate.pk}")
    assert one.status_code == 200
    assert centre.get(f"{CODES}posters.pdf?size=a6").status_code == 404
    assert centre.get(f"{CODES}posters.pdf?size=a5&code=999999").status_code == 404
    assert browser(hall.officer).get(CODES).status_code == 403
    clerk = browser(hall.clerk)
    assert "制作评价码" not in clerk.get(CODES).content.decode()
    assert clerk.get(f"{CODES}new/").status_code == 403


def test_a_long_list_of_codes_asks_no_more_than_a_short_one(hall: RatedHall) -> None:
    centre = browser(hall.operator)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert centre.get(CODES).status_code == 200
        return len(asked)

    centre.get(CODES)
    few = count()
    for number in range(4, 24):
        hall._window(str(number), hall.unit)
    make(hall, hall=hall.hall, windows=True)
    assert count() <= few <= 24
