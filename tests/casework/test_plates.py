"""Plates of places: one code a place, dead in one click, a sum only where nobody is told from it (WY-R3)."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

import pytest
from django.test import Client

from casework.models import Matter, Plate
from casework.plates import placing
from office.errors import Refused
from tests.casework.desk import UNRESOLVED, Desk

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
PLACE = "城东工业园北门"


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def plate_at(desk: Desk, *places: str) -> Plate:
    return placing.make_plates(
        places=places or (PLACE,), kind="enterprise", valid_from=TODAY, acting_user=desk.operator
    )[0]


def scan(client: Client, plate: Plate, **changed: Any) -> Any:
    told = {"title": "检查不出示证件", "text": f"来检查{secrets.token_hex(4)}", "who": "anonymous"}
    address = f"/p/{plate.code}/{UNRESOLVED}/"
    return client.post(address, {**told, "key": secrets.token_hex(16), **changed})


def test_a_place_has_one_live_plate(desk: Desk) -> None:
    plate = plate_at(desk)
    for places in ([PLACE], ["南门", "南门"], ["", " "], ["长" * 81], ["某门"] * 201):
        with pytest.raises(Refused):
            plate_at(desk, *places) if any(p.strip() for p in places) else plate_at(desk, " ")
    with pytest.raises(Refused):
        placing.make_plates(places=["南门"], kind="enterprise", valid_from=TODAY, acting_user=desk.officer)
    assert list(Plate.objects.all()) == [plate]


def test_a_plate_leads_to_reporting_and_the_place_stays_with_the_server(desk: Desk, client: Client) -> None:
    """WY-R3: neither page nor receipt nor the unit says where the plate hangs."""
    plate = plate_at(desk)
    page = client.get(f"/p/{plate.code.lower()}/", follow=True).content.decode()
    assert UNRESOLVED in page
    receipt = scan(client, plate)
    matter = Matter.objects.get()
    assert (matter.plate, matter.source) == (plate, "plate")
    for html in (
        page,
        client.get(f"/p/{plate.code}/{UNRESOLVED}/").content.decode(),
        receipt.content.decode(),
    ):
        assert PLACE not in html
    assert not client.cookies
    matter = desk.judge(desk.accept(matter, "2026-11-30T10:00"), "yellow", "2026-11-30T10:00")
    desk.assign(matter, "2026-11-30T10:00")
    assert not any(PLACE in event.text or plate.code in event.text for event in matter.events.all())


def test_a_dead_plate_says_what_to_do(desk: Desk, client: Client) -> None:
    plate = plate_at(desk)
    centre = Client()
    centre.force_login(desk.operator)
    address = f"/office/matters/plates/{plate.pk}/end/"
    assert "停用原因" in centre.get(address).content.decode()
    assert centre.post(address, {"reason": "牌面损坏", "replace": "on"}).status_code == 302
    plate.refresh_from_db()
    new = plate.replaced_by
    assert (plate.ended_reason, new.place, new.is_dead) == ("牌面损坏", PLACE, False)
    assert new.code != plate.code
    dead = client.get(f"/p/{plate.code}/")
    assert dead.status_code == 410
    assert "新牌" in dead.content.decode()
    assert scan(client, plate).status_code == 410
    assert not Matter.objects.exists()
    assert client.get("/p/2222222222/").status_code == 404
    assert client.get("/p/牌/").status_code == 404
    assert client.get(f"/p/{new.code}/", follow=True).status_code == 200
    with pytest.raises(Refused, match="已经停用"):
        placing.end_plate(plate=plate, reason="再停", replace=False, today=TODAY, acting_user=desk.operator)


def test_a_sum_of_a_place_is_shown_from_the_procedures_number_up(desk: Desk, client: Client) -> None:
    """WY-R3: with four, with none: the same words."""
    plate, other = plate_at(desk), plate_at(desk, "西门")
    for _ in range(4):
        scan(client, plate)
    assert placing.sums_of_places() == {}
    scan(client, plate)
    assert placing.sums_of_places() == {plate.pk: "办不成事 5 件"}
    centre, inspector = Client(), Client()
    centre.force_login(desk.operator)
    inspector.force_login(desk.inspector)
    page = centre.get("/office/matters/plates/").content.decode()
    assert "办不成事 5 件" in page
    assert page.count("未达到显示件数") == 1
    assert "5 件" not in inspector.get("/office/matters/plates/").content.decode()
    assert other.place in page


def test_posters_are_printed_for_the_live_ones(desk: Desk) -> None:
    plate_at(desk, PLACE, "西门")
    centre = Client()
    centre.force_login(desk.operator)
    answer = centre.get("/office/matters/plates/posters.pdf?size=a5")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert centre.get("/office/matters/plates/posters.pdf?size=a5&plate=999999").status_code == 404
    assert centre.get("/office/matters/plates/posters.pdf?size=none").status_code == 404
