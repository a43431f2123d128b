"""A new reviewer's first day, by keyboard alone: own password, phone bound, recovery codes, sessions."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from office.models import User
from office.roles import Role
from tests.browser import fits
from tests.office.people import PASSWORD, code_of, person

pytestmark = [pytest.mark.journey, pytest.mark.on_postgresql, pytest.mark.django_db(transaction=True)]
NEW_PASSWORD = "Quite-Other-9"


def comfortable(page: Page) -> bool:
    """Whether nothing sticks out at the side and every button can be hit with a thumb."""
    wide = not fits(page)
    low = page.eval_on_selector_all(
        "#content button, #content a.button",
        "found => found.filter(one => one.getBoundingClientRect().height < 44).length",
    )
    return low == 0 and not wide


@pytest.fixture
def newcomer(settings: Settings) -> User:
    settings.REQUIRE_TOTP = True
    user = person(Role.CENTRE_REVIEWER, "newcomer")
    user.must_change_password = True
    user.save()
    return user


@pytest.mark.parametrize("device", ["phone", "desk"])
def test_the_first_day(device: str, request: pytest.FixtureRequest, newcomer: User) -> None:
    page: Page = request.getfixturevalue(device)
    keys = page.keyboard
    page.goto("/office/")
    expect(page.get_by_label("用户名")).to_be_focused()
    for text in ("newcomer", PASSWORD):
        keys.type(text)
        keys.press("Tab")
    keys.press("Enter")

    expect(page.get_by_label("一次性密码")).to_be_focused()
    assert comfortable(page)
    for text in (PASSWORD, NEW_PASSWORD, NEW_PASSWORD):
        keys.type(text)
        keys.press("Tab")
    keys.press("Enter")

    page.get_by_label("输入手机上显示的 6 位数字").focus()
    assert comfortable(page)
    keys.type(code_of(newcomer, confirmed=False))
    keys.press("Enter")

    expect(page.get_by_role("heading", name="请保存恢复码")).to_be_visible()
    assert comfortable(page)
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="已保存").press("Enter")
    expect(page.get_by_role("heading", name="我的工作")).to_be_visible()

    page.goto("/office/account/")
    expect(page.get_by_text("剩余恢复码 10 个")).to_be_visible()
    assert comfortable(page)
    page.get_by_role("button", name="退出").press("Enter")

    expect(page.get_by_label("用户名")).to_be_focused()
    for text in ("newcomer", NEW_PASSWORD):
        keys.type(text)
        keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_label("动态口令或恢复码")).to_be_focused()
    assert comfortable(page)
    keys.type(codes[0])
    keys.press("Enter")
    expect(page.get_by_role("heading", name="我的工作")).to_be_visible()
