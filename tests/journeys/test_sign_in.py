"""The first door: the office's sign-in page, on a phone and at a desk."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_an_official_signs_in(phone: Page) -> None:
    get_user_model().objects.create_superuser("admin", password="correct-horse-battery")
    phone.goto("/office/")
    phone.get_by_label("用户名").fill("admin")
    phone.get_by_label("密码").fill("correct-horse-battery")
    phone.get_by_role("button", name="登录").click()
    expect(phone.get_by_role("button", name="退出")).to_be_visible()


def test_the_cookies_of_officials_stay_away_from_voters(desk: Page) -> None:
    """YC-R6: an official's session never travels to the paths on which ballots are cast."""
    get_user_model().objects.create_superuser("admin", password="correct-horse-battery")
    desk.goto("/office/")
    desk.get_by_label("用户名").fill("admin")
    desk.get_by_label("密码").fill("correct-horse-battery")
    desk.get_by_role("button", name="登录").click()
    desk.wait_for_url("**/office/")
    cookies = desk.context.cookies()
    assert {cookie["name"] for cookie in cookies} >= {"sessionid", "csrftoken"}
    assert {cookie["path"] for cookie in cookies} == {"/office/"}
