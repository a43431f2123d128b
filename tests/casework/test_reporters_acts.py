"""With number and query code a reporter asks for review in time, and rates where the procedure lets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from casework.models import CallBack, Matter, MatterEvent, ProcedureVersion, Review
from tests.casework.desk import UNRESOLVED, Desk

pytestmark = pytest.mark.django_db
LEADS = "wuyang-leads"


def follow(client: Client, number: str, code: str, **act: str) -> str:
    page = client.post("/report/progress/", {"number": number, "code": code, **act})
    return str(page.content.decode())


def test_a_review_is_asked_for_in_time_and_once(client: Client) -> None:
    desk = Desk()
    receipt = desk.register("2026-11-02T09:00", LEADS, is_anonymous=True)
    known = (receipt.matter.number, receipt.code)
    assert "申请复核" not in follow(client, *known)
    now = timezone.now()
    Matter.objects.update(state="closed", closed_at=now, told_at=now - timedelta(days=90))
    assert "申请复核" not in follow(client, *known)
    assert "情况已经变化" in follow(client, *known, act="review", reason="没有核实现场情况")
    Matter.objects.update(told_at=now)
    assert "没有写明" in follow(client, *known, act="review", reason=" ")
    assert "复核申请已经收到" in follow(client, *known, act="review", reason="没有核实现场情况")
    assert Review.objects.get().asked_by is None
    assert "正在复核" in follow(client, *known)
    assert "情况已经变化" in follow(client, *known, act="review", reason="再次申请")


def test_who_stays_anonymous_rates_only_where_the_procedure_says_so(client: Client) -> None:
    desk = Desk()
    receipt = desk.register("2026-11-02T09:00", is_anonymous=True)
    known = (receipt.matter.number, receipt.code)
    Matter.objects.update(state="calling")
    rated = {"act": "rate", "answer-satisfaction": "满意", "answer-done": "办成"}
    assert "情况已经变化" in follow(client, *known, **rated)
    version = ProcedureVersion.objects.get(procedure_id=UNRESOLVED)
    version.text = version.text.replace("\ncall_back:\n", "\ncall_back:\n  anonymous: with_code\n")
    version.save()
    assert "评价办理情况" in follow(client, *known)
    assert "没有选择是否满意" in follow(client, *known, act="rate")
    assert "评价已经登记" in follow(client, *known, **rated)
    assert CallBack.objects.get().answers == {"satisfaction": "满意", "done": "办成"}
    assert "情况已经变化" in follow(client, *known, **rated)


def test_what_is_told_reaches_the_reporter(client: Client) -> None:
    """WY-R5: extension, what is missing, what came of it: in the words meant for the reporter."""
    desk = Desk()
    receipt = desk.register("2026-11-02T09:00", is_anonymous=True)
    for act, text in (("extended", "回复延至11月20日"), ("noted", "内部备注"), ("told", "已经办成")):
        MatterEvent(matter=receipt.matter, act=act, at=timezone.now(), text=text).save()
    shown = follow(client, receipt.matter.number, receipt.code)
    assert "回复延至11月20日" in shown
    assert "已经办成" in shown
    assert "内部备注" not in shown
