"""The page of a slip whose choices are marks, on a phone of 375 px (JL-R4, JL-R8)."""

import pytest
from playwright.sync_api import expect

from tests.ballots.test_page import AXE, inspect
from tests.ballots.test_page_of_units import MOST_BYTES, Opened, opened, unit
from tests.kit import ballot_form
from tests.kit.browser import fits
from tests.kit.voting_page import Finger

pytestmark = pytest.mark.journey
__all__ = ["opened"]


def test_a_mark_is_a_tap_a_half_one_more_and_a_unit_may_be_left_out(opened: Opened) -> None:
    page, box = opened(ballot_form.of_marks(2, 12))
    expect(page.get_by_text("请您给14个单位打分（企业评议，0—10分，以0.5分为单位）")).to_be_visible()
    sizes = page.evaluate("performance.getEntries().map(each => each.transferSize || 0)")
    assert 0 < sum(sizes) <= MOST_BYTES
    page.evaluate(AXE.read_text())
    finger = Finger(page)
    finger.begin()
    unit(page, "示范单位乙1")
    expect(page.get_by_role("radio")).to_have_count(11)
    expect(page.get_by_role("button", name="加0.5")).to_be_disabled()
    finger.answer(0, "9")
    finger.button("加0.5")
    expect(page.locator("output")).to_have_text("9.5分")
    inspect(page)
    assert fits(page)
    finger.button("下一个")
    finger.answer(0, "0")
    finger.button("下一个")
    finger.answer(0, "7")
    finger.button("不评这个单位")
    expect(page.locator("output")).to_have_text("未评")
    finger.answer(0, "10")
    expect(page.get_by_role("button", name="加0.5")).to_be_disabled()
    finger.button("返回名单")
    expect(page.get_by_role("button", name="示范单位乙1")).to_contain_text("9.5分")
    expect(page.get_by_text("已评3个，共14个单位")).to_be_visible()
    finger.button("其余11个不评，去核对")
    expect(page.get_by_text("有1个单位打了0分，请核对")).to_be_visible()
    expect(page.get_by_text("其余11个单位都记为“不评”，不影响其得分")).to_be_visible()
    inspect(page)
    assert "不了解" not in page.inner_text("main")
    finger.button("提交评价")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()
    cells = bytearray(14)
    cells[0], cells[1], cells[2] = 42, 61, 41  # of 30, 29.5 … 0: 9.5, 0 and 10
    assert box.opened() == [(bytes(cells), [])]


def test_up_to_thirty_fits_a_phone_too(opened: Opened) -> None:
    page, _ = opened(ballot_form.of_marks(2, 2), "M8QW")
    finger = Finger(page)
    finger.begin()
    unit(page, "示范单位乙1")
    expect(page.get_by_role("radio")).to_have_count(31)
    finger.answer(0, "28")
    finger.button("减0.5")
    expect(page.locator("output")).to_have_text("27.5分")
    finger.button("长者版")
    page.evaluate(AXE.read_text())
    inspect(page)
    assert fits(page)
