"""Nobody needs a mouse or a finger: signing in and voting with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.evaluations.county import County
from tests.office.people import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.on_postgresql, pytest.mark.timeout(600)]

FOCUSED = """() => {
  const at = document.activeElement;
  const label = at.labels && at.labels.length ? at.labels[0].innerText : "";
  return (label || at.innerText || at.value || at.title || "").replace(/\\s+/g, "");
}"""
SEEN = """() => {
  const at = document.activeElement, face = at.matches(".v-choice input") ? at.nextElementSibling : at;
  const look = getComputedStyle(face);
  return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0 || look.boxShadow !== "none"
    || getComputedStyle(face.parentElement).outlineStyle !== "none";
}"""


def tab_to(page: Page, name: str, *, at_most: int = 40) -> None:
    """Press Tab until the control of that name has the focus; one can see where one is."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            assert page.evaluate(SEEN), f"{name} does not show that it has the focus"
            return
    raise AssertionError(f"no way to {name} with the Tab key; at last: {page.evaluate(FOCUSED)}")


def test_an_official_signs_in_and_finds_the_rounds(county: County, desk: Page) -> None:
    desk.goto("/office/login/")
    if desk.evaluate(FOCUSED) != "用户名":
        tab_to(desk, "用户名")
    desk.keyboard.type("centre_operator")
    tab_to(desk, "密码")
    desk.keyboard.type(PASSWORD)
    tab_to(desk, "登录")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="退出")).to_be_visible()
    tab_to(desk, "办理评价轮次")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="评价轮次", level=1)).to_be_visible()


def test_a_voter_votes(county: County, desk: Page) -> None:
    """YC-R6, YC-R8."""
    county.opened()
    desk.goto(county.urls["private"].pop())
    desk.get_by_label("县甲局").wait_for()
    tab_to(desk, "县甲局")
    desk.keyboard.press("Space")
    expect(desk.get_by_text("已选1个部门")).to_be_visible()
    tab_to(desk, "下一步")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="县甲局")).to_be_visible()
    tab_to(desk, "满意")
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowRight")
    expect(desk.get_by_role("radio", name="基本满意").first).to_be_checked()
    tab_to(desk, "具体事项（可不填）")
    desk.keyboard.type("等候时间较长")
    tab_to(desk, "核对评价")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("另有1条文字意见一并提交")).to_be_visible()
    tab_to(desk, "提交评价")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="评价已提交")).to_be_visible()
