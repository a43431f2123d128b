"""WY-R5: from the window by keyboard, over the centre and a unit on a phone, to the call and the progress."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, expect

from casework.models import Matter
from office.models import User
from tests.casework.desk import UNRESOLVED, Desk
from tests.kit.browser import PHONE, fits, open_page
from tests.kit.officials import press, sign_in, sign_out
from tests.kit.people import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
TITLE = "食品经营许可变更多次退件"
PUBLIC = ("/report/", f"/report/{UNRESOLVED}/", "/report/progress/", "/p/none/", "/visits/")
READ = ("/cases/", "/lists/", "/promises/")


def reach(page: Page, name: str) -> None:
    """Go on by the tabulator alone until a field has the focus."""
    for _ in range(60):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {name}")


def register_by_keyboard(page: Page) -> tuple[str, str]:
    """Fill in, register and read the receipt without touching the mouse."""
    page.goto(f"/office/matters/new/{UNRESOLVED}/")
    page.wait_for_load_state()
    told = {"title": TITLE, "text": "三次到窗口被退。", "name": "测试反映人", "phone": "13800000000"}
    for name, text in told.items():
        reach(page, name)
        page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("查询码只显示这一次")).to_be_visible()
    number, code = page.locator("dd.code").all_inner_texts()
    page.wait_for_load_state()  # the script has put the focus on the button that prints
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=number)).to_be_visible()
    return number, code


def assign(page: Page) -> None:
    press(page, "受理", then="已受理")
    page.get_by_label("黄牌").check()
    page.get_by_label("研判意见").fill("材料要求不一致。")
    press(page, "研判", then="已研判")
    page.get_by_label("主办单位").fill("县甲局")
    press(page, "交办", then="已交办")


def handle(phone: Page) -> None:
    sign_in(phone, "department_officer")
    phone.goto("/office/matters/own/")
    assert fits(phone)
    phone.get_by_role("link", name=TITLE).click()
    press(phone, "签收", then="已签收")
    assert fits(phone)
    phone.get_by_label("办理情况").fill("已一次性告知并受理。")
    phone.get_by_label("已解决").check()
    press(phone, "回复", then="已回复")
    phone.get_by_label("后续办理情况").fill("证照已送达。")
    press(phone, "登记办成", then="已登记办成")
    assert fits(phone)
    sign_out(phone)


def close(page: Page) -> None:
    page.reload()
    page.get_by_role("group", name="是否接通").get_by_label("接通", exact=True).check()
    page.get_by_role("group", name="事情是否办成").get_by_label("办成", exact=True).check()
    page.get_by_role("group", name="对办理结果是否满意").get_by_label("满意", exact=True).check()
    press(page, "登记回访", then="已登记回访")
    page.get_by_label("已解决").first.check()
    press(page, "办结", then="已办结")


def test_a_matter_from_the_window_to_the_call(site: str, desk: Page, phone: Page) -> None:
    """WY-R5."""
    Desk()
    User.objects.update(password=make_password(PASSWORD))
    sign_in(desk, "window_clerk")
    number, code = register_by_keyboard(desk)
    address = desk.url
    sign_out(desk)
    sign_in(desk, "centre_operator")
    desk.goto(address)
    assign(desk)
    handle(phone)
    close(desk)
    assert Matter.objects.get().state == Matter.State.CLOSED
    phone.goto("/report/progress/")
    phone.get_by_label("编号").fill(number)
    phone.get_by_label("查询码").fill(code)
    phone.get_by_role("button", name="查询").click()
    expect(phone.get_by_text(re.compile("办结"))).not_to_have_count(0)
    assert fits(phone)


def test_public_pages_need_no_script_and_fit_every_screen(site: str, chromium: Browser) -> None:
    """WY-R3, WY-R5: an old web view without scripts, on a phone, a tablet and a desk."""
    Desk()
    with open_page(chromium, site, {**PHONE, "java_script_enabled": False}) as old:
        for width in (375, 768, 1440):
            old.set_viewport_size({"width": width, "height": 812})
            for address in (*PUBLIC, *READ):
                old.goto(address)
                assert fits(old), (address, width)
                assert old.locator("h1").count() == 1, address
                assert all("BigInt" not in (one or "") for one in old.locator("script").all_inner_texts())
