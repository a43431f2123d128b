"""The workbench: links by role, who may enter, long lists, Chinese. All pages by role: tests/walk/."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.paginator import Paginator
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext

from office.models import AuditEntry, Holiday, User
from office.roles import PERMISSIONS, Role, allowed
from office.workbench import start_page
from office.workbench.paging import FromTheNearerEnd, KeysFirst
from tests.kit.people import person

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(User.objects.filter(role=role).first() or person(Role(role)))
    return client


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_everybody_finds_only_their_own_tasks(role: str) -> None:
    page = signed_in(role).get("/office/")
    menu = page.context["menu"]
    links = {link.label for _, headings in menu for _, below in headings for link in below}
    assert len(menu) <= len(start_page.GROUPS)
    offered = {
        "管理用户": "account.manage",
        "查阅操作审计": "audit.view",
        "办理评价轮次": "round.view",
        "新建轮次": "round.edit",
        "查看本单位评价结果": "result.view_own",
    }
    for label, action in offered.items():
        assert (label in links) == (role in PERMISSIONS[action]), label


def test_a_user_without_a_role_may_not_enter() -> None:
    User.objects.create_user("nobody", password="Kong-Cheng-7")
    page = Client().post("/office/login/", {"username": "nobody", "password": "Kong-Cheng-7"})
    assert "还没有岗位角色" in page.content.decode()


def test_an_action_missing_from_the_table_is_never_a_yes() -> None:
    with pytest.raises(KeyError):
        allowed(person(Role.ADMINISTRATOR), "no.such.action")


def test_the_first_user_on_a_new_machine_is_the_administrator_and_no_more() -> None:
    first = User.objects.create_superuser("first")
    assert first.role == Role.ADMINISTRATOR
    assert not allowed(first, "round.edit")


def test_nobody_changes_their_own_role() -> None:
    keeper = person(Role.ADMINISTRATOR)
    client = signed_in("administrator")
    client.post(
        f"/office/office/user/{keeper.pk}/change/",
        {"username": keeper.username, "role": Role.CENTRE_REVIEWER},
    )
    keeper.refresh_from_db()
    assert keeper.role == Role.ADMINISTRATOR


def test_a_changed_day_is_recorded_from_what_to_what() -> None:
    day = Holiday.objects.create(day=date(2026, 10, 1), name="国庆")
    signed_in("centre_operator").post(
        f"/office/office/holiday/{day.pk}/change/", {"day": "2026-10-01", "name": "国庆节"}
    )
    entry = AuditEntry.objects.get(verb="修改", object_type="节假日")
    assert (entry.before, entry.after) == ({"名称": "国庆"}, {"名称": "国庆节"})


@pytest.mark.parametrize("count", [0, 1, 10, 27, 28])
def test_a_page_read_from_the_end_shows_the_same_rows(count: int) -> None:
    Holiday.objects.bulk_create(Holiday(day=date(2026, 1, 1 + number)) for number in range(count))
    days = Holiday.objects.order_by("is_working_day", "-day")
    plain = [list(page) for page in Paginator(days, 5)]
    for ours in (FromTheNearerEnd, KeysFirst):
        assert [list(page) for page in ours(days, 5)] == plain


def test_pages_are_chinese() -> None:
    client = signed_in("administrator")
    scripts = client.get("/office/jsi18n/").content.decode()
    assert json.dumps("已选 %(sel)s 项，本页共 %(cnt)s 项") in scripts
    assert gettext("Add another %(verbose_name)s") == "再新增一项%(verbose_name)s"
    assert "新增用户" in client.get("/office/office/user/add/").content.decode()
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"
