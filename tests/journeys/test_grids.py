"""A grid of the office in the browser: typed, pasted and shared by two people."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from evaluations.models import Entry
from office.models import User
from office.roles import Role
from tests.evaluations.channels import Office, typed
from tests.journeys.test_mark_sheets import paste
from tests.kit.browser import PHONE, held, open_page
from tests.kit.look import Look
from tests.kit.officials import press, sign_in
from tests.kit.people import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

UNITS = ("县甲局", "县乙局", "县丙局")
NEED = "marks.innovation"


def test_two_people_fill_in_one_grid(chromium: Browser, site: str, desk: Page) -> None:
    """FC-R4: nothing typed is lost, nothing of somebody else is overwritten, nothing wrong gets in."""
    office = Office("fangcheng-2022", dict.fromkeys(UNITS, "责任单位"))
    second = User.objects.create_user("经办二", role=Role.CENTRE_OPERATOR)
    for user in (office.operator, second):
        user.set_password(PASSWORD)
        user.save()
    address = f"/office/rounds/entries/{office.channel(NEED).pk}/"
    sign_in(desk, "经办")
    script = held(desk, "**/gathering/grid.js")
    desk.goto(address, wait_until="commit")
    desk.get_by_label("县乙局 创新亮点").fill("六")
    script.pop().continue_()
    expect(desk.get_by_text("还有 1 处需要改正")).to_be_visible()
    desk.get_by_label("县乙局 创新亮点").fill("4")
    paste(desk, "县甲局 创新亮点", "3\t2\t1\t1\n3\t2\t1\t1\n")
    expect(desk.get_by_text("从这一格起只有 3 行 3 列，没有粘贴")).to_be_visible()
    paste(desk, "县甲局 创新亮点", "3\t2\n3\n")
    expect(desk.get_by_text("各行列数不同，没有粘贴")).to_be_visible()
    paste(desk, "县甲局 创新亮点", "3\t9\n4\t2\n")
    expect(desk.get_by_text("有 1 处需要改正，已标红")).to_be_visible()
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator("#said")).to_contain_text("9 超出范围")
    desk.get_by_label("县甲局 取得成效").fill("2")
    office.operator = second
    office.enter(NEED, {"县甲局": typed(highlight="5"), "县丙局": typed(highlight="1")})
    press(desk, "保存", then="有 1 格他人已经改过")
    expect(desk.get_by_label("县甲局 创新亮点")).to_have_value("5")
    expect(desk.get_by_label("县丙局 创新亮点")).to_have_value("1")
    expect(desk.get_by_label("县乙局 取得成效")).to_have_value("2")
    look = Look(desk)
    look.here(desk, "clash")
    with open_page(chromium, site, PHONE) as phone:
        phone.context.add_cookies(desk.context.cookies())
        phone.goto(address)
        expect(phone.get_by_label("县丙局 创新亮点")).to_have_value("1")
        look.here(phone, "grid")
    desk.get_by_label("县甲局 创新亮点").fill("3")
    press(desk, "保存", then="已保存，待另一人确认")
    found = Entry.objects.order_by("subject__order", "-item").values_list("subject__name", "item", "value")
    assert list(found) == [
        ("县甲局", "highlight", 3),
        ("县甲局", "effect", 2),
        ("县乙局", "highlight", 4),
        ("县乙局", "effect", 2),
        ("县丙局", "highlight", 1),
    ]
    assert look.faults == []
