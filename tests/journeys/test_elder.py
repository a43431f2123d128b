"""长者版: chosen once, on every page that the public opens, and readable there."""

from __future__ import annotations

from itertools import product

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from playwright.sync_api import Page, expect

from departments.models import Department
from disclosure.models import Publication
from office.models import User
from tests.disclosure.states import published
from tests.journeys.conftest import CountyAt
from tests.kit.browser import fits
from tests.kit.publishing import show_all
from tests.ratings.hall import RatedHall

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

BIG = "parseFloat(getComputedStyle(document.documentElement).fontSize) >= 22"
NAMES_OVER_SCORES = r"""() => [...document.querySelectorAll('.ranking tbody tr')].filter(row => {
  const boxes = [...row.children].map(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return range.getBoundingClientRect();
  }).filter(box => box.width && box.height);
  return boxes.some((a, i) => boxes.some((b, j) => i < j &&
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4));
}).map(row => row.textContent.trim().replace(/\s+/g, ' '))"""

BESIDE = """() => [...document.querySelectorAll('.archive tbody tr')].every(row => {
  const boxes = [...row.children].map(cell => cell.getBoundingClientRect());
  return boxes.every((box, at) => !at || box.left >= boxes[at - 1].right - 1
    || box.top >= boxes[at - 1].bottom - 1);
})"""


@pytest.fixture
def addresses(at: CountyAt) -> list[str]:
    at(lambda: published("all"))
    show_all()
    one = Publication.objects.get()
    result = f"/results/{one.pk}/"
    unit = next(name for name in one.manifest if name.startswith("d") and name.endswith(".html"))
    User.objects.update(username=Concat("username", Value("-of-the-round")))
    Department.objects.update(name=Concat("name", Value("（参评）")))
    code = RatedHall().code.code
    return [
        *("/", "/departments/", "/duties/", "/results/all/", f"{result}index.html", f"{result}{unit}"),
        *(f"{result}method.html", "/search/?q=ju", "/benefits/", "/benefits/firm/", "/report/"),
        *("/ratings/", "/promises/", "/cases/", "/check/", f"/r/{code}/"),
    ]


def test_the_choice_reaches_every_public_page_and_back(addresses: list[str], phone: Page) -> None:
    phone.goto("/")
    phone.get_by_role("button", name="长者版").tap()
    for path in addresses:
        phone.goto(path)
        assert phone.evaluate(BIG), path
        assert fits(phone), path
        expect(phone.locator("#elder")).to_contain_text("标准版")
        assert phone.evaluate(NAMES_OVER_SCORES) == [], path
    county = phone.locator(".county").first
    phone.goto("/")
    high, line = county.evaluate(
        "one => [one.getBoundingClientRect().height, parseFloat(getComputedStyle(one).lineHeight)]"
    )
    assert high < 1.5 * line, "the county's name stands in one line"
    phone.goto("/v/")
    expect(phone.get_by_role("button", name="长者版", pressed=True)).to_be_visible()
    assert phone.evaluate(BIG)
    phone.get_by_role("button", name="长者版").tap()
    for path in addresses:
        phone.goto(path)
        assert not phone.evaluate(BIG), path
        expect(phone.locator("#elder")).to_contain_text("长者版")


def test_chosen_on_the_rating_page_it_is_kept_for_the_site(addresses: list[str], phone: Page) -> None:
    """GY-R4: without leaving the page, so that nothing typed is lost."""
    phone.goto(addresses[-1])
    phone.get_by_text("不满意", exact=True).first.tap()
    phone.get_by_role("link", name="长者版").tap()
    assert phone.evaluate(BIG)
    assert phone.locator(".levels :checked").count() == 1
    phone.goto("/")
    assert phone.evaluate(BIG)
    phone.get_by_role("button", name="标准版").tap()
    phone.go_back()
    assert not phone.evaluate(BIG)


def test_the_archive_breaks_no_day_and_no_period(addresses: list[str], desk: Page) -> None:
    for big, width in product((0, 1), (375, 768, 1024, 1440)):
        desk.set_viewport_size({"width": width, "height": 900})
        desk.goto("/")
        desk.evaluate(f"localStorage.setItem('elder', '{big}')")
        desk.goto("/results/all/")
        assert fits(desk), (big, width)
        whole = desk.locator(".archive .whole")
        assert whole.count() == 2
        for one in whole.all():
            assert one.evaluate("one => one.getClientRects().length") == 1
        assert desk.evaluate(BESIDE), (big, width)


def test_a_ranking_in_big_type_stays_on_every_screen(addresses: list[str], desk: Page) -> None:
    desk.goto("/")
    desk.evaluate("localStorage.setItem('elder', '1')")
    desk.goto(addresses[4])
    for width in (320, 375, 480, 640, 768, 1023, 1024, 1200, 1280, 1366, 1440, 1600, 1920):
        desk.set_viewport_size({"width": width, "height": 900})
        assert desk.evaluate(BIG)
        assert fits(desk), width
        expect(desk.locator(".ranking .where svg").first).to_be_visible()
        expect(desk.locator(".ranking .bar svg").first).to_be_visible()
