"""A hall's screen that runs for days: network gone, news, midnight, hung across or upright (YC-R1)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from playwright.sync_api import Browser, Page, Response, expect

from departments.models import Department, StaffMember
from disclosure.screens.views import ASKS_AFTER
from tests.disclosure.states import published
from tests.evaluations.county import County
from tests.journeys.conftest import CountyAt
from tests.kit.browser import open_page
from tests.kit.publishing import publish, ready, show_all

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ACROSS = {"viewport": {"width": 1920, "height": 1080}}
UPRIGHT = {"viewport": {"width": 1080, "height": 1920}}
SUNDAY_NIGHT = datetime(2026, 11, 29, 15, 50, tzinfo=UTC)  # ten to midnight in the county
LONG = "国家税务总局郓城县税务局第一分局"

TOO_MUCH = """() => {
  const faults = [], frames = [...document.querySelectorAll('.frame')], before = frames.map(f => f.hidden);
  for (const frame of frames) {
    frames.forEach(one => { one.hidden = one !== frame; });
    const box = frame.getBoundingClientRect();
    const parts = frame.querySelectorAll('.people li, .side, .people, .windows, .promises, table, .text');
    for (const part of [frame, ...parts]) {
      if (part.matches('.promises .text')) continue;
      const is = part.getBoundingClientRect();
      if (part.scrollHeight > part.clientHeight + 1 || is.bottom > box.bottom + 1 || is.right > box.right + 1)
        faults.push([frame.dataset.key, part.className || part.tagName, is.bottom - box.bottom]);
    }
  }
  frames.forEach((one, at) => { one.hidden = before[at]; });
  return faults;
}"""
TOO_SMALL = """() => [...document.body.querySelectorAll('*')]
  .filter(e => !e.closest('svg') && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
  .filter(e => parseFloat(getComputedStyle(e).fontSize) < 39.9)
  .map(e => [e.className, e.textContent, getComputedStyle(e).fontSize])"""
# Resolved in the page: what waits for a function takes a promise, whatever comes of it, for a yes.
KEPT = """async needed => {
  while (true) {
    const keys = (await (await caches.open('screens-1')).keys()).map(one => new URL(one.url).pathname);
    if (needed.every(form => keys.some(key => new RegExp(form).test(key)))) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}"""
NO_PHOTO_KEPT = """async () => {
  while (true) {
    const keys = await (await caches.open('screens-1')).keys();
    if (!keys.some(one => one.url.includes('/photos/'))) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}"""
NODES = "document.getElementsByTagName('*').length"


@pytest.fixture
def county(at: CountyAt) -> County:
    """A county with a result, long names, sixty in a section, long duties, and a photo."""
    county = at(lambda: published("all"))
    unit = Department.objects.create(name=LONG, order=90)
    section = unit.sections.create(
        name="行政审批综合服务科", order=1, responsibilities="受理申请，一次告知，按时办结并答复。" * 60
    )
    for at_ in range(60):
        StaffMember.objects.create(
            department=unit,
            section=section,
            name=f"喆堃玥璟{at_:02}",
            kind="staff",
            post="综合窗口首席事务代表",
        )
    for number in range(13):
        name = f"建设工程竣工联合验收第{number}项（含人防、消防）"
        section.items.create(name=name, procedure="受理→办结", time_limit="法定20个工作日，承诺7个工作日")
    drawn = io.BytesIO()
    Image.new("RGB", (48, 64), "#336699").save(drawn, "JPEG")
    person = StaffMember.objects.get(name="甲局长")
    person.photo = SimpleUploadedFile("p.jpg", drawn.getvalue(), "image/jpeg")
    person.photo_basis = "本人书面同意"
    person.save()
    show_all()
    return county


def opened(page: Page, place: str = "county") -> Page:
    page.goto(f"/screen/{place}/")
    expect(page.locator("[data-key]:visible")).to_have_count(1)
    return page


@pytest.fixture
def screen(chromium: Browser, site: str, county: County) -> Iterator[Page]:
    with open_page(chromium, site, ACROSS) as page:
        page.clock.install(time=SUNDAY_NIGHT)
        yield opened(page)


def everything(page: Page) -> str:
    return page.locator("#frames").evaluate("main => main.textContent") or ""


def wait_for_next_answer(page: Page) -> None:
    """The clock goes on until an answer has come: the page may not yet be done with the one before."""
    answers: list[str] = []

    def note(response: Response) -> None:
        if response.url.endswith("/frames.json"):
            answers.append(response.url)

    page.on("response", note)
    while not answers:
        page.clock.run_for(ASKS_AFTER * 1000 + 1000)
    page.remove_listener("response", note)


@pytest.mark.parametrize("device", [ACROSS, UPRIGHT], ids=["across", "upright"])
def test_every_frame_fits_and_is_read_from_five_meters(
    chromium: Browser, site: str, county: County, device: dict[str, Any]
) -> None:
    with open_page(chromium, site, dict(device)) as page:
        opened(page)
        assert page.evaluate(TOO_SMALL) == []
        assert page.evaluate(TOO_MUCH) == []
        size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        assert page.evaluate(size) == list(device["viewport"].values())


def test_it_runs_on_without_network_and_takes_up_what_is_new(screen: Page, county: County) -> None:
    """YC-R1, YC-R3: a screen without network says so; with it, whoever was taken down is gone."""
    assert "甲局长" in everything(screen)
    screen.context.set_offline(True)
    StaffMember.objects.filter(name="甲局长").update(is_shown=False)
    place = screen.locator("#place").text_content()
    screen.clock.run_for(30 * 1000)
    assert screen.locator("#place").text_content() != place, "frames go on taking turns"
    screen.clock.run_for(3 * 3600 * 1000)
    expect(screen.locator("#made")).to_contain_text("网络中断，数据截至")
    expect(screen.locator("[data-key]:visible")).to_have_count(1)
    assert "甲局长" in everything(screen)
    screen.context.set_offline(False)
    wait_for_next_answer(screen)
    expect(screen.locator("#made")).not_to_contain_text("网络中断")
    expect(screen.locator("#frames")).not_to_contain_text("甲局长")
    assert county.round.title in everything(screen)


def shown_over(page: Page, hours: int) -> set[str]:
    """Kinds of frames that come by within so many hours; names beside duties count, too."""
    kinds: set[str] = set()
    for _ in range(hours * 100):
        page.clock.run_for(36 * 1000)
        kinds |= set(
            page.evaluate(
                """() => [...document.querySelectorAll('.frame:not([hidden]), .named')]
                .filter(e => e.getClientRects().length).map(e => e.className.replace('frame ', ''))"""
            )
        )
    return kinds


@pytest.fixture
def punctual(chromium: Browser, site: str, county: County) -> Iterator[Page]:
    """A screen whose clock is the server's."""
    with open_page(chromium, site, ACROSS) as page:
        page.clock.install(time=datetime.now(UTC))
        yield opened(page)


def test_without_network_for_a_day_it_shows_nobody(punctual: Page, county: County) -> None:
    """YC-R1: somebody taken down must not stay up for days; the rest goes on, and with network all of it."""
    screen = punctual
    wait_for_next_answer(screen)
    screen.context.set_offline(True)
    StaffMember.objects.filter(name="甲局长").update(is_shown=False)
    screen.clock.run_for((24 * 60 - 90) * 60 * 1000)
    assert "identity" in shown_over(screen, 1), "up to a day it goes on with what it has"
    expect(screen.locator("#made")).not_to_contain_text("不再显示人员")
    screen.clock.run_for(40 * 60 * 1000)
    expect(screen.locator("#made")).to_contain_text("不再显示人员")
    assert shown_over(screen, 3) >= {"duties", "results"}
    screen.clock.run_for(3 * 24 * 3600 * 1000)
    assert not {"identity", "named"} & shown_over(screen, 3)
    screen.context.set_offline(False)
    wait_for_next_answer(screen)
    expect(screen.locator("#made")).not_to_contain_text("不再显示人员")
    expect(screen.locator("#frames")).not_to_contain_text("甲局长")
    assert "identity" in shown_over(screen, 1)


@pytest.mark.parametrize("days", [2, -2], ids=["later", "with a clock that is behind"])
def test_started_again_after_days_without_network_it_shows_nobody(
    chromium: Browser, site: str, county: County, days: int
) -> None:
    """YC-R1: neither the kept page nor the kept frames show persons that old."""
    with open_page(chromium, site, ACROSS) as page:
        opened(page)
        page.evaluate(KEPT, ["/photos/", "/frames.json", "/screen/county/$", "[.]js$", "[.]css$"])
        page.wait_for_function("() => (navigator.serviceWorker.controller || {}).state === 'activated'")
        page.context.set_offline(True)
        page.clock.install(time=datetime.now(UTC) + timedelta(days=days))
        page.reload()
        expect(page.locator("[data-key]:visible")).to_have_count(1)
        expect(page.locator("#made")).to_contain_text("不再显示人员")
        assert not {"identity", "named"} & shown_over(page, 1)


def test_an_answer_that_is_none_changes_nothing(screen: Page) -> None:
    """A hotel's sign-in page or a fault of the server stands for a network that is gone."""
    before = everything(screen)
    for status, body in ((200, "<html>请登录</html>"), (500, ""), (404, ""), (200, "{}")):
        screen.route("**/frames.json", lambda route, s=status, b=body: route.fulfill(status=s, body=b))
        wait_for_next_answer(screen)
        screen.unroute("**/frames.json")
        assert everything(screen) == before
        assert screen.url.endswith("/screen/county/")


def test_a_new_publication_is_shown_by_itself(chromium: Browser, site: str, at: CountyAt) -> None:
    """YC-R3: without anybody touching the screen."""
    county = at("founded")
    show_all()
    with open_page(chromium, site, ACROSS) as page:
        page.clock.install(time=SUNDAY_NIGHT)
        opened(page)
        assert page.locator(".results").count() == 0
        publish(ready(county), county)
        wait_for_next_answer(page)
        expect(page.locator(".results").first).to_be_attached()


def test_the_clock_goes_past_midnight(screen: Page) -> None:
    expect(screen.locator("#clock")).to_have_text("2026年11月29日　星期日　23:50")
    screen.clock.run_for(10 * 60 * 1000)
    expect(screen.locator("#clock")).to_contain_text("2026年11月30日　星期一　00:00")


def test_days_of_showing_add_nothing(screen: Page, county: County) -> None:
    """Fifty times around, with answers and changes on the way: as many nodes and no more requests."""
    turns = int((screen.locator("#place").text_content() or "").partition("共")[2].removesuffix("屏"))
    assert turns > 15
    wait_for_next_answer(screen)
    before = screen.evaluate(NODES)
    asked: list[str] = []
    screen.on("request", lambda request: asked.append(request.url))
    screen.route("**/frames.json", lambda route: route.abort())
    screen.clock.run_for(50 * turns * 25 * 1000)
    assert screen.evaluate(NODES) == before
    assert all(url.endswith("/frames.json") for url in asked), "frames and photos stay where they are"
    assert len(asked) <= 50 * turns * 25 / 60 + 2
    screen.unroute("**/frames.json")
    for shown in (False, True) * 3:
        StaffMember.objects.filter(name="乙局长").update(is_shown=shown)
        wait_for_next_answer(screen)
        expect(screen.locator("[data-key]:visible")).to_have_count(1)
    assert screen.evaluate(NODES) == before


def test_it_starts_again_without_network(chromium: Browser, site: str, county: County) -> None:
    """The worker keeps the page, its frames and photos; whoever was taken down is not kept."""
    with open_page(chromium, site, ACROSS) as page:
        opened(page)
        page.evaluate(KEPT, ["/photos/", "/frames.json", "/screen/county/$", "[.]js$", "[.]css$"])
        page.wait_for_function("() => (navigator.serviceWorker.controller || {}).state === 'activated'")
        page.context.set_offline(True)
        page.reload()
        expect(page.locator("[data-key]:visible")).to_have_count(1)
        assert "甲局长" in everything(page)
        photo = page.locator(".identity img[src*='/photos/']").first
        assert photo.evaluate("photo => photo.complete && photo.naturalWidth") == 48
        page.context.set_offline(False)
        StaffMember.objects.filter(name="甲局长").update(is_shown=False)
        page.reload()
        expect(page.locator("[data-key]:visible")).to_have_count(1)
        page.evaluate(NO_PHOTO_KEPT)
        assert "甲局长" not in everything(page)
