"""亮身份 and 亮职责 on a phone and at a desk: everything fits, everything can be touched."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from departments.models import Department, Section
from departments.roster.services import import_roster
from tests.kit.browser import follow
from tests.kit.files import ROSTER
from tests.kit.publishing import show_all

pytestmark = pytest.mark.journey

TOO_SMALL = """() => [...document.querySelectorAll('main a, nav a, header a, button, input')]
  .filter(e => e.offsetParent && !e.closest('p, .trail'))
  .map(e => [e.textContent.trim() || e.name, Math.round(e.getBoundingClientRect().height)])
  .filter(([, height]) => height < 44)"""


@pytest.fixture
def county(site: str) -> None:
    import_roster(content=ROSTER.read_bytes(), file_name="名册.xlsx", acting_user=None)
    show_all()


def look(page: Page, path: str) -> None:
    """Open a page: nothing runs over the side, every target is large enough, one heading leads."""
    page.goto(path)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0, path
    assert page.evaluate(TOO_SMALL) == [], path
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("device", ["phone", "desk"])
def test_every_public_page_fits_the_screen(county: None, device: str, request: pytest.FixtureRequest) -> None:
    """YC-R1."""
    page: Page = request.getfixturevalue(device)
    unit = Department.objects.get(name="国家税务总局郓城县税务局")
    section = Section.objects.filter(department=unit, is_leadership=False).first()
    assert section is not None
    for path in (
        "/",
        "/departments/",
        f"/departments/{unit.pk}/",
        "/duties/",
        f"/sections/{section.pk}/",
        "/search/?q=zs",
        "/search/?q=科",
    ):
        look(page, path)


def test_a_visitor_on_a_phone_finds_a_person_and_a_duty_sheet(county: None, phone: Page) -> None:
    """YC-R2."""
    phone.goto("/")
    phone.get_by_label("搜索单位、人员、事项").fill("zlr")
    phone.get_by_role("button", name="搜索").click()
    follow(phone.get_by_role("link", name="曾莉仁"))
    assert phone.locator("h1").inner_text() == "县工业和信息化局"
    assert phone.locator(".person:target .who").inner_text() == "曾莉仁"
    follow(phone.get_by_role("region", name="项目服务科").get_by_role("link"))
    assert phone.locator("h1").inner_text() == "项目服务科"
    assert phone.get_by_text("分管负责人：何鹏").is_visible()
    assert phone.get_by_role("rowheader", name="施工许可").is_visible()
    assert phone.get_by_text("即办").is_visible()
