"""The pages of the window and the centre: a matter from intake to its end, and who may do what (WY-R5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import Matter
from office.models import User
from tests.casework.desk import UNRESOLVED, Desk

pytestmark = pytest.mark.django_db

PHONE = "13800000000"


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def fill_in(client: Client, **told: str) -> Any:
    filled = {
        "source": "window",
        "title": "食品经营许可变更多次退件",
        "text": "三次到窗口，每次被告知缺少不同的材料。",
        "about": "县甲",
        "asked_visits": "3",
        "name": "测试反映人",
        "phone": PHONE,
        "once": "a",
        **told,
    }
    return client.post(reverse("casework:intake", args=[UNRESOLVED]), filled)


def act(client: Client, matter: Matter, name: str, **told: str) -> str:
    address = reverse("casework:matter", args=[matter.pk])
    sent = {f"{name}-{key}": value for key, value in told.items()}
    return text_of(client.post(address, {"act": name, **sent}, follow=True))


def test_a_matter_goes_its_whole_way_through_the_pages(desk: Desk) -> None:
    clerk, centre = as_user(desk.clerk), as_user(desk.operator)
    page = text_of(fill_in(clerk))
    matter = Matter.objects.get()
    assert matter.number in page
    assert "只显示这一次" in page
    assert matter.about == desk.unit
    address = reverse("casework:matter", args=[matter.pk])
    page = text_of(clerk.get(address))
    assert "测试反映人" not in page
    assert PHONE not in page
    assert "已受理" in act(clerk, matter, "accept")
    assert "已研判" in act(centre, matter, "judge", category="yellow", opinion="情况属实")
    page = act(centre, matter, "assign", lead="县甲局", helping_1="县乙局", demands="三日内回复")
    assert "已交办" in page
    assert "3 个工作日" in page
