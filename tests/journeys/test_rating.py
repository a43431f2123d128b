"""GY-R4: somebody scans, chooses, submits: on any phone, with or without scripts, network and good eyes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from ratings.intake import limits
from ratings.models import Rating
from ratings.rules import rules_of
from tests.kit.browser import PHONE, fits, open_page
from tests.kit.look import AXE, FAULTS
from tests.ratings.hall import RULES, RatedHall

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
WECHAT = (
    "Mozilla/5.0 (Linux; Android 5.1; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/39.0.2171.95 Mobile MQQBrowser/6.2 TBS/036215 Safari/537.36 MicroMessenger/6.3.16"
)
SMALL = """() => [...document.querySelectorAll("main a, button, summary, select, textarea, label:has(input)")]
    .filter(each => each.offsetHeight && each.offsetHeight < 44 && !each.closest(".trap"))
    .map(each => each.outerHTML)"""
# What old web views have not: the page and its script do without it.
OLD = "for (var name of ['BigInt', 'fetch', 'FormData', 'URLSearchParams']) delete window[name];"


@pytest.fixture
def hall(site: str, monkeypatch: pytest.MonkeyPatch) -> RatedHall:
    """Between two looks at its clock lie ten minutes, so that no rating is one of a burst."""
    monkeypatch.setattr(limits, "seen", limits.Seen(clock=count(0.0, 600.0).__next__))
    return RatedHall()


@pytest.fixture
def wechat(chromium: Browser, site: str) -> Iterator[Page]:
    with open_page(chromium, site, {**PHONE, "user_agent": WECHAT}) as page:
        page.add_init_script(OLD)
        yield page


def nothing_left(page: Page) -> bool:
    """Nothing but the size of type that was chosen."""
    stored = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return page.context.cookies() == [] and set(stored) <= {"elder"}


def test_in_wechat_every_level_takes_two_taps_with_the_phones_clock_a_year_off(
    hall: RatedHall, wechat: Page
) -> None:
    """GY-R4: from the wall three; each level alike, the complaint as large, nothing left."""
    wechat.clock.set_fixed_time("2025-01-01T10:00:00")
    wechat.goto(f"/r/{hall.wall.code}/")
    assert fits(wechat)
    wechat.get_by_role("link", name="1号窗口").tap()
    submit, complain = (
        wechat.get_by_role("button", name="提交评价"),
        wechat.get_by_role("link", name="我要投诉"),
    )
    sizes = [one.bounding_box() for one in (submit, complain)]
    assert all(sizes)
    assert len({(one["width"], one["height"]) for one in sizes if one}) == 1
    heights = {one.evaluate("one => one.offsetHeight") for one in wechat.locator(".levels label").all()}
    assert len(heights) == 1
    assert min(heights) >= 44
    assert fits(wechat)
    for level in rules_of(RULES).words:
        wechat.goto(f"/r/{hall.code.code}/")
        assert wechat.locator(":checked").count() == len(rules_of(RULES).aspect_ids), (
            "the empty choices alone"
        )
        wechat.get_by_text(level, exact=True).first.tap()
        submit.tap()
        expect(wechat.get_by_role("heading", name="已经收到")).to_be_visible()
    assert fits(wechat)
    assert nothing_left(wechat)
    assert sorted(Rating.objects.values_list("level", flat=True)) == sorted(rules_of(RULES).words)
    assert all(day.year >= 2026 for day in Rating.objects.values_list("day", flat=True))
    wechat.get_by_role("link", name="下一位评价").tap()
    expect(submit).to_be_visible()
    assert wechat.locator(".levels :checked").count() == 0, "a shared device shows a clean page"


def test_what_the_network_lost_goes_out_later_and_counts_once(hall: RatedHall, phone: Page) -> None:
    """GY-R4: offline at the tap; the answer lost on the way back; a network's login page between."""
    lost: list[int] = []

    def stored_but_unanswered(route: Route) -> None:
        """The server took the rating, and its answer never came."""
        if route.request.method != "POST" or len(lost) >= 2:
            route.continue_()
            return
        answer = route.fetch()
        lost.append(answer.status)
        route.abort() if len(lost) == 1 else route.fulfill(status=200, body="<html>请登录无线网络</html>")

    phone.clock.install()
    phone.goto(f"/r/{hall.code.code}/?t={hall.ticket()}")
    phone.get_by_text("不满意", exact=True).first.tap()
    phone.locator("summary").tap()
    phone.get_by_label("意见建议").fill("等了两个小时")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="提交评价").tap()
    expect(phone.get_by_role("status")).to_contain_text("评价还没有发出")
    expect(phone.get_by_role("button", name="提交评价")).to_be_hidden()
    assert fits(phone)
    assert not Rating.objects.exists()
    phone.route(f"**/r/{hall.code.code}/**", stored_but_unanswered)
    with phone.expect_event("requestfailed"):
        phone.context.set_offline(False)  # the page notices by itself
    again = phone.get_by_role("button", name="立即重新发送")
    expect(again).to_be_enabled()
    again.tap()
    expect(again).to_be_enabled()
    phone.clock.run_for(60_000)  # and after a while
    expect(phone.get_by_role("heading", name="已经收到")).to_be_visible()
    expect(phone.get_by_text("没有重复计入")).to_be_visible()
    assert lost == [200, 200]
    rating = Rating.objects.get()
    assert (rating.level, rating.text, rating.has_ticket) == ("不满意", "等了两个小时", True)
    assert nothing_left(phone)


def test_big_type_is_kept_through_a_refusal_and_back_finds_a_clean_page(hall: RatedHall, phone: Page) -> None:
    """GY-R4: 长者版 without a cookie; what was wrong is said, what was typed is there."""
    phone.goto(f"/r/{hall.code.code}/")
    small = phone.get_by_role("heading").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    phone.get_by_role("link", name="长者版").tap()
    big = phone.get_by_role("heading").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert big > small * 1.3
    assert fits(phone)
    phone.get_by_text("非常不满意", exact=True).first.tap()
    phone.locator("summary").tap()
    phone.get_by_label("服务态度").select_option("非常不满意")
    phone.get_by_label("联系电话").fill("不留")
    phone.get_by_role("button", name="提交评价").tap()
    expect(phone.get_by_role("alert")).to_contain_text("联系电话有误")
    assert phone.get_by_label("服务态度").input_value() == "非常不满意"
    assert fits(phone)
    phone.get_by_label("联系电话").fill("")
    phone.get_by_role("button", name="提交评价").tap()
    expect(phone.get_by_role("heading", name="已经收到")).to_be_visible()
    assert phone.locator("html.elder").count() == 1
    phone.go_back()
    phone.go_forward()
    assert phone.locator(".levels :checked").count() == 0
    assert Rating.objects.get().aspects == "attitude=非常不满意"
    assert nothing_left(phone)


@pytest.mark.parametrize(
    "device",
    [{"java_script_enabled": False}, {"user_agent": WECHAT, "torn": True}],
    ids=["without scripts", "a script it cannot read"],
)
def test_where_no_script_runs_the_browser_sends_the_form(
    hall: RatedHall, site: str, chromium: Browser, device: dict[str, Any]
) -> None:
    """GY-R4: every level, and the same form again."""
    torn = device.get("torn", False)
    told = {name: value for name, value in device.items() if name != "torn"}
    with open_page(chromium, site, {**PHONE, **told}) as old:
        if torn:
            old.route("**/rate*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
        levels = rules_of(RULES).words[-1:] if torn else rules_of(RULES).words
        for level in levels:
            old.goto(f"/r/{hall.code.code}/")
            old.get_by_text(level, exact=True).first.tap()
            old.get_by_role("button", name="提交评价").tap()
            expect(old.get_by_role("heading", name="已经收到")).to_be_visible()
        old.reload()
        expect(old.get_by_text("没有重复计入")).to_be_visible()
        old.go_back()
        assert old.locator(".levels :checked").count() == 0, "a shared device shows a clean page"
    assert sorted(Rating.objects.values_list("level", flat=True)) == sorted(levels)


def test_the_pages_fit_every_screen_and_can_be_read_and_hit_by_everybody(hall: RatedHall, desk: Page) -> None:
    """GY-R4: 375, 768 and 1440 pixels; no violation that axe knows; nothing to tap is below 44 pixels."""
    for code in (hall.wall.code, hall.code.code, "ABCDEFGHJK"):
        for big in ("", "?big=1"):
            desk.goto(f"/r/{code}/{big}")
            assert desk.locator("h1").count() == 1
            if desk.locator("summary").count():
                desk.locator("summary").click()
            for width in (375, 768, 1440):
                desk.set_viewport_size({"width": width, "height": 812})
                assert fits(desk), (width, code, big)
            desk.evaluate(AXE.read_text())
            assert desk.evaluate(FAULTS) == []
            assert desk.evaluate(SMALL) == []
