"""What the leading group decides and what the inspectorate sees (WY-R5): late units, refusals, openings."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.matters import acceptance, lateness
from casework.models import Matter
from departments.models import Membership
from office.models import User
from tests.casework.desk import Desk, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made, moment = Desk(), at("2026-03-20T10:00")
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return made


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode()))


def refer(desk: Desk, title: str = "不动产登记超期") -> Matter:
    one = desk.assigned("2026-03-02T09:00", "yellow", title=title)
    return lateness.refer(
        matter=one.matter, reason="承办单位逾期十日", now=at("2026-03-17T09:00"), acting_user=desk.operator
    )


def test_the_leading_group_decides_what_came_up_to_it(desk: Desk) -> None:
    matter = refer(desk)
    leader = as_user(desk.leader)
    assert "1 件事项提交领导小组，待批示" in words(leader.get(reverse("admin:index")))
    assert "承办单位逾期十日" in words(leader.get(reverse("casework:matters-referred")))
    address = reverse("casework:matter-decide", args=[matter.pk])
    assert "按原程序继续办理" in words(leader.get(address))
    sent = {"decision": "return", "text": "三日内办结并报告。"}
    assert as_user(desk.inspector).post(address, sent).status_code == 403
    page = words(leader.post(address, sent, follow=True))
    assert "已批示" in page
    assert "三日内办结并报告" in page
    assert leader.get(address).status_code == 404
    assert Matter.objects.get(pk=matter.pk).referred_at is None


def test_nobody_decides_about_their_own_unit(desk: Desk) -> None:
    matter = refer(desk)
    Membership.objects.create(user=desk.leader, department=desk.unit)
    address = reverse("casework:matter-decide", args=[matter.pk])
    sent = {"decision": "close", "text": "同意办结。"}
    assert "应当回避" in words(as_user(desk.leader).post(address, sent))
    assert Matter.objects.get(pk=matter.pk).referred_at


def test_the_inspectorate_sees_late_units_refusals_and_openings(desk: Desk) -> None:
    """The page asks the same whatever the number, and names nobody who reported."""
    inspector, address = as_user(desk.inspector), reverse("casework:matters-watched")
    refuse(desk)
    desk.assigned("2026-03-02T09:00", "yellow")
    inspector.get(address)
    with CaptureQueriesContext(connection) as few:
        page = words(inspector.get(address))
    assert "县甲局 1 件" in page
    assert "2026年3月不予受理：1 件" in page
    assert "材料由申请人补齐即可" in page
    assert "逐次查看理由" in page
    assert "密某某" not in page
    for number in range(4):
        refuse(desk)
        desk.assigned("2026-03-02T09:00", "yellow", title=f"第{number}件")
    with CaptureQueriesContext(connection) as many:
        page = words(inspector.get(address))
    assert "县甲局 5 件" in page
    assert len(many) == len(few)
    assert "2026年2月不予受理：0 件" in words(inspector.get(address, {"month": "2026-02"}))
    assert as_user(desk.officer).get(address).status_code == 403


def refuse(desk: Desk) -> Matter:
    matter = desk.register("2026-03-02T09:00", name="密某某", phone="139 1234 5678").matter
    return acceptance.propose_refusal(
        matter=matter,
        refusal="papers_missing",
        reason="材料由申请人补齐即可",
        now=at("2026-03-02T09:30"),
        acting_user=desk.operator,
    )
