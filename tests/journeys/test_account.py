"""Accounts in the browser: a newcomer's first day by keyboard, and all the administrator does for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings

from office.accounts import second_factor
from office.models import User
from office.roles import Role
from tests.kit.browser import DESK, fits, open_page
from tests.kit.look import Look
from tests.kit.officials import choose, press, sign_out
from tests.kit.people import PASSWORD, code_of, person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NEW_PASSWORD = "Quite-Other-9"


@pytest.fixture(autouse=True)
def second_factor_asked_for(settings: Settings) -> None:
    settings.REQUIRE_TOTP = True


@pytest.fixture
def own_desk(chromium: Browser, site: str) -> Iterator[Page]:
    """The desk of the new colleague; the administrator sits at another one."""
    with open_page(chromium, site, DESK) as page:
        yield page


def comfortable(page: Page) -> bool:
    """Whether nothing sticks out at the side and every button can be hit with a thumb."""
    wide = not fits(page)
    low = page.eval_on_selector_all(
        "#content button, #content a.button",
        "found => found.filter(one => one.getBoundingClientRect().height < 44).length",
    )
    return low == 0 and not wide


def type_in(page: Page, *texts: str) -> None:
    """Fill one field after the other from the one in focus, and press Enter."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def enter_password(page: Page, username: str, password: str) -> None:
    """Come to the entrance and say who one is."""
    page.goto("/office/")
    expect(page.get_by_label("用户名")).to_be_focused()
    type_in(page, username, password)


def bind_phone(page: Page, user: User, look: Look) -> list[str]:
    """Bind a phone and return the recovery codes."""
    page.get_by_label("输入手机上显示的 6 位数字").focus()
    look.here(page, "binding a phone")
    assert comfortable(page)
    page.keyboard.type(code_of(user, confirmed=False))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="请保存恢复码")).to_be_visible()
    look.here(page, "recovery codes")
    assert comfortable(page)
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="已保存").press("Enter")
    expect(page.get_by_role("heading", name="我的工作")).to_be_visible()
    return codes


def first_day(page: Page, user: User, first_password: str, look: Look) -> list[str]:
    """Sign in with what the administrator handed over, by keyboard alone; return the recovery codes."""
    enter_password(page, user.username, first_password)
    expect(page.get_by_label("一次性密码")).to_be_focused()
    type_in(page, first_password, "short", "short")
    expect(page.get_by_text("密码太短，至少需要 10 位。")).to_be_visible()
    look.here(page, "a password that is refused")
    assert comfortable(page)
    expect(page.get_by_label("一次性密码")).to_be_focused()
    type_in(page, first_password, NEW_PASSWORD, NEW_PASSWORD)
    return bind_phone(page, user, look)


def enter_code(page: Page, code: str, look: Look | None = None) -> None:
    """Say the second thing one knows."""
    expect(page.get_by_label("动态口令或恢复码")).to_be_focused()
    if look:
        look.here(page, "the second factor")
    assert comfortable(page)
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="我的工作")).to_be_visible()


def is_outside(page: Page) -> None:
    """The next click ends at the entrance."""
    choose(page, "我的账户")
    expect(page.get_by_label("用户名")).to_be_visible()


def test_the_first_day_on_a_phone(phone: Page) -> None:
    user = person(Role.CENTRE_REVIEWER, "newcomer")
    user.must_change_password = True
    user.save()
    look = Look(phone)
    codes = first_day(phone, user, PASSWORD, look)
    phone.goto("/office/account/")
    expect(phone.get_by_text("剩余恢复码 10 个")).to_be_visible()
    look.here(phone, "the account")
    assert comfortable(phone)
    phone.get_by_role("button", name="退出").press("Enter")
    expect(phone.get_by_label("用户名")).to_be_focused()
    enter_password(phone, "newcomer", NEW_PASSWORD)
    enter_code(phone, codes[0], look)
    assert not look.faults, "\n".join(look.faults)


@pytest.mark.timeout(300)
def test_the_administrator_keeps_an_account_from_the_first_day_to_the_last(
    desk: Page, own_desk: Page
) -> None:
    """Makes it, helps after a lost phone and five wrong passwords, ends a session, retires it."""
    keeper = person(Role.ADMINISTRATOR, "keeper")
    second_factor.start_enrolment(acting_user=keeper)
    second_factor.confirm_enrolment(code=code_of(keeper, confirmed=False), acting_user=keeper)
    look = Look(desk)
    enter_password(desk, "keeper", PASSWORD)
    enter_code(desk, code_of(keeper))
    first_password = make_account(desk, look)
    user = User.objects.get(username="newcomer")
    first_day(own_desk, user, first_password, look)

    open_security(desk)
    expect(desk.get_by_text("已绑定手机，剩余恢复码 10 个")).to_be_visible()
    look.here(desk, "the security of an account")
    press(desk, "重置动态口令", then="动态口令已重置")
    is_outside(own_desk)  # the phone is lost: whoever has it is out as well
    enter_password(own_desk, "newcomer", NEW_PASSWORD)
    codes = bind_phone(own_desk, user, look)
    sign_out(own_desk)

    for _ in range(5):
        enter_password(own_desk, "newcomer", "wrong")
        expect(own_desk.get_by_role("alert")).to_be_visible()
    expect(own_desk.get_by_role("heading", name="暂停登录")).to_be_visible()
    look.here(own_desk, "locked out")
    open_security(desk)
    expect(desk.get_by_text("已锁定：密码连续输错达到 5 次")).to_be_visible()
    press(desk, "解除登录锁定", then="登录锁定已解除")
    expect(desk.get_by_role("button", name="解除登录锁定")).to_have_count(0)
    enter_password(own_desk, "newcomer", NEW_PASSWORD)
    enter_code(own_desk, codes[0], look)

    open_security(desk)
    desk.get_by_role("button", name="结束会话：").click()
    expect(desk.get_by_text("所选登录会话已结束")).to_be_visible()
    is_outside(own_desk)
    enter_password(own_desk, "newcomer", NEW_PASSWORD)
    enter_code(own_desk, code_of(user))

    choose(desk, "newcomer")
    desk.get_by_label("有效").uncheck()
    press(desk, "保存", then="已保存用户")
    is_outside(own_desk)
    enter_password(own_desk, "newcomer", NEW_PASSWORD)
    expect(own_desk.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    assert not look.faults, "\n".join(look.faults)


def make_account(page: Page, look: Look) -> str:
    """Add a user and return the password that is shown once."""
    choose(page, "管理用户")
    look.here(page, "users")
    choose(page, "新增用户")
    page.get_by_label("用户名").fill("newcomer")  # and no role: nobody becomes administrator by default
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("请更正下面标出的内容")).to_be_visible()
    look.here(page, "a form with a fault")
    page.get_by_label("岗位角色").select_option("评价中心复核")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="一次性密码")).to_be_visible()
    look.here(page, "the password that is shown once")
    return page.locator(".secret code").inner_text()


def open_security(page: Page) -> None:
    """Find the colleague and open the page of the account."""
    choose(page, "我的工作", "管理用户", "newcomer", "账户安全")
    expect(page.get_by_role("heading", name="账户安全：newcomer")).to_be_visible()
