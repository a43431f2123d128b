"""The page of a ballot about many units: 48 with three questions each, 112 with one (GY-R5, WY-R8)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ballots.test_page import AXE, inspect
from tests.kit import ballot_form
from tests.kit.ballot_box_server import Box, serving
from tests.kit.browser import PHONE, open_page
from tests.kit.voting_page import Finger

pytestmark = pytest.mark.journey
Opened = Callable[..., tuple[Page, Box]]
"""The form that is asked, and the key of the slip where there are several."""
MANY = (8, 40)
MOST_BYTES = 100_000


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Opened]:
    """A phone on which the slip of a box was scanned."""
    with ExitStack() as stack:

        def at(form: dict[str, Any], key: str = "K7M2") -> tuple[Page, Box]:
            box = Box(form)
            page = stack.enter_context(open_page(chromium, stack.enter_context(serving(box)), PHONE))
            page.goto(box.link(key=key))
            return page, box

        yield at


def unit(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_a_few_of_48_units_are_rated_and_all_the_rest_are_unknown_with_one_tap(opened: Opened) -> None:
    page, box = opened(ballot_form.of_units(*MANY, questions=3))
    expect(page.get_by_text("请您评价48个单位")).to_be_visible()
    finger = Finger(page)
    finger.begin()
    unit(page, "示范单位乙2")
    for place, word in enumerate(("非常满意", "满意", "基本满意")):
        finger.answer(place, word)
    finger.button("下一个")
    expect(page.get_by_role("heading", name="示范单位乙3")).to_be_visible()
    finger.answer(1, "非常不满意")
    page.get_by_label("具体事项").fill("材料反复退回")
    finger.button("返回名单")
    expect(page.get_by_text("已评2个，共48个单位")).to_be_visible()
    expect(page.get_by_role("button", name="示范单位乙2")).to_contain_text("非常满意、满意、基本满意")
    expect(page.get_by_role("button", name="示范单位乙3")).to_contain_text("已评1项，共3项")
    expect(page.get_by_text("没有评价的46个单位都记为“不了解”，不影响其得分")).to_be_visible()
    finger.button("其余46个不了解，去核对")
    expect(page.get_by_text("其余46个单位都记为“不了解”")).to_be_visible()
    expect(page.get_by_text("单位没有选到的评价内容也记为“不了解”")).to_be_visible()
    finger.button("提交评价")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()
    cells = bytearray(48 * 3)
    cells[3:6], cells[7] = bytes([1, 2, 3]), 5
    assert box.opened() == [(bytes(cells), [(7, "材料反复退回", "")])]


def test_a_unit_is_found_by_its_name_and_by_its_group(opened: Opened) -> None:
    page, _ = opened(ballot_form.of_units(*MANY, questions=3))
    Finger(page).begin()
    page.get_by_label("查找单位").fill("丙37")
    expect(page.get_by_role("button", name="示范单位")).to_have_count(1)
    expect(page.get_by_role("heading", name="第1组")).to_be_hidden()
    page.get_by_label("查找单位").fill("没有的")
    expect(page.get_by_text("没有找到这个单位")).to_be_visible()
    page.get_by_label("查找单位").fill("")
    page.get_by_role("button", name="第2组 0／40").click()
    expect(page.get_by_role("heading", name="第2组")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="第1组")).not_to_be_in_viewport()


def test_from_a_unit_one_returns_to_its_place_in_the_list(opened: Opened) -> None:
    page, _ = opened(ballot_form.of_units(*MANY, questions=3))
    Finger(page).begin()
    unit(page, "示范单位丙30")
    page.get_by_role("button", name="返回名单").click()
    expect(page.get_by_role("button", name="示范单位丙30")).to_be_in_viewport()
    unit(page, "示范单位丙20")
    page.go_back()
    expect(page.get_by_role("button", name="示范单位丙20")).to_be_in_viewport()


def test_112_units_with_one_question_take_one_tap_each_in_the_list(opened: Opened) -> None:
    page, box = opened(ballot_form.of_units(56, 56))
    finger = Finger(page)
    finger.begin()
    for place in (0, 1, 60, 111):
        finger.answer(place, "满意")
    expect(page.get_by_text("已评4个，共112个单位")).to_be_visible()
    finger.button("其余108个不了解，去核对")
    finger.button("提交评价")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()
    assert finger.taps == 7
    cells = bytearray(112)
    for place in (0, 1, 60, 111):
        cells[place] = 2
    assert box.opened() == [(bytes(cells), [])]


def test_a_change_of_mind_about_units_keeps_what_the_voter_wanted_kept(opened: Opened) -> None:
    page, box = opened(ballot_form.of_units(2, 2))
    finger = Finger(page)
    finger.begin(own=True)
    finger.answer(0, "满意")
    finger.button("其余3个不了解，去核对")
    page.get_by_label("在本机保留填写的内容").check()
    finger.button("提交评价")
    finger.button("修改评价")
    expect(page.get_by_text("已评1个，共4个单位")).to_be_visible()
    finger.answer(0, "不了解")
    for place in (1, 2, 3):
        finger.answer(place, "非常满意")
    finger.button("核对评价")
    finger.button("提交评价")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()
    assert box.opened() == [(bytes([6, 1, 1, 1]), [])]


def test_who_knows_no_unit_hands_in_a_ballot_that_says_so(opened: Opened) -> None:
    page, box = opened(ballot_form.of_units(2, 2))
    finger = Finger(page)
    finger.begin()
    finger.button("4个不了解，去核对")
    expect(page.get_by_text("您还没有评价任何单位")).to_be_visible()
    finger.button("提交评价")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()
    assert box.opened() == [(bytes(4), [])]


@pytest.mark.parametrize(("groups", "questions"), [((8, 40), 3), ((56, 56), 1)])
def test_everything_that_is_fetched_stays_below_100_kb(
    opened: Opened, groups: tuple[int, ...], questions: int
) -> None:
    page, _ = opened(ballot_form.of_units(*groups, questions=questions))
    expect(page.get_by_role("button", name="开始评价")).to_be_visible()
    sizes = page.evaluate("performance.getEntries().map(each => each.transferSize || 0)")
    assert 0 < sum(sizes) <= MOST_BYTES


def test_no_screen_about_units_speaks_of_persons(opened: Opened) -> None:
    page, _ = opened(ballot_form.of_units(*MANY, questions=3))
    finger = Finger(page)
    page.get_by_role("button", name="开始评价").wait_for()
    page.evaluate(AXE.read_text())
    screens = [page.inner_text("main")]
    inspect(page)
    finger.begin()
    inspect(page)
    screens.append(page.inner_text("main"))
    page.locator("summary").click()
    screens.append(page.inner_text("main"))
    unit(page, "示范单位丙40")
    finger.answer(0, "非常不满意")
    inspect(page)
    screens.append(page.inner_text("main"))
    finger.button("长者版")
    inspect(page)
    finger.button("返回名单")
    inspect(page)
    finger.button("其余47个不了解，去核对")
    inspect(page)
    screens.append(page.inner_text("main"))
    told = [text.replace("现场工作人员", "") for text in screens]  # who helps in the hall
    assert [text for text in told if "人员" in text or "部门" in text] == []
