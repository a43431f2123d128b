"""A stored procedure is read with its sources; own intake is switched with a dated reason (WY-R3, GY-R18)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import ProcedureVersion
from casework.procedures.stored import load_procedures
from office.errors import Refused
from office.models import AuditEntry, User
from office.roles import Role
from tests.casework.desk import Desk
from tests.kit.people import person

pytestmark = pytest.mark.django_db


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode()))


def test_every_procedure_is_readable_to_those_who_look_at_it(db: None) -> None:
    load_procedures()
    client = as_user(person(Role.INSPECTORATE))
    listed = words(client.get(reverse("casework:procedures")))
    for version in ProcedureVersion.objects.all():
        assert version.title in listed
        page = words(client.get(reverse("casework:procedure", args=[version.pk])))
        said, text = page[page.index("自行受理") :].split("规程文件原文", 1)
        assert not re.search("[A-Za-z]{3,}", said), version
        assert version.sha256 in text
        assert "关闭自行受理" not in page
        assert all(clock.says in page for clock in version.procedure.clocks)
    assert as_user(person(Role.DEPARTMENT_OFFICER)).get(reverse("casework:procedures")).status_code == 403


def test_own_intake_is_switched_off_with_a_reason_and_on_again() -> None:
    desk = Desk()
    version = desk.version("guangyuan-complaints")
    address = reverse("casework:procedure", args=[version.pk])
    client = as_user(desk.operator)
    assert "这个字段是必填项" in words(client.post(address, {"reason": ""}))
    page = words(client.post(address, {"reason": "省平台统一受理的通知"}, follow=True))
    assert "不自行受理，只导入上级平台的事项，公众请到省营商环境投诉举报平台反映" in page
    assert "省平台统一受理的通知" in page
    entry = AuditEntry.objects.get(verb="关闭自行受理")
    assert entry.after["理由"] == "省平台统一受理的通知"
    fields = {"kind": "推诿拖延"}
    with pytest.raises(Refused, match="上级平台统一受理"):
        desk.register("2026-03-02T09:00", "guangyuan-complaints", fields=fields)
    taken = {"fields": fields, "higher_number": "SC2026-1"}
    assert desk.register("2026-03-02T09:00", "guangyuan-complaints", **taken).matter.higher_number
    page = words(client.post(address, {"reason": "恢复本级受理"}, follow=True))
    assert "本窗口自行受理" in page


def test_a_text_that_comes_back_is_in_use_again(tmp_path: Any) -> None:
    """A county that undoes a change goes on under the former text; own intake stays as it was."""
    desk = Desk()
    first = desk.version("wuyang-leads")
    ProcedureVersion.objects.filter(pk=first.pk).update(own_intake=False)
    file = tmp_path / "wuyang-leads" / "procedure.yaml"
    file.parent.mkdir()
    file.write_text(first.text.replace("desk: 涉企线索", "desk: 企业线索"), encoding="utf-8")
    (second,) = load_procedures(folder=tmp_path)
    assert desk.version("wuyang-leads") == second
    assert not second.own_intake
    file.write_text(first.text, encoding="utf-8")
    load_procedures(folder=tmp_path)
    assert desk.version("wuyang-leads") == first
