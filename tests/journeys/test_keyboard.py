"""Nobody needs a mouse or a finger: signing in, an import, an approval and a vote with the keyboard alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from disclosure.approval.content import digest, drafts
from disclosure.approval.services import review_disclosure, submit_disclosure
from office.workbooks.writing import XLSX
from tests.evaluations.county import County
from tests.journeys.conftest import CountyAt
from tests.kit.files import small
from tests.kit.people import PASSWORD
from tests.kit.publishing import show_all

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

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

FROM_THE_TOP = """() => {
  window.stops = new Set();
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
FIRST_TIME_HERE = """() => {
  const at = document.activeElement, isNew = at !== document.body && !window.stops.has(at);
  window.stops.add(at);
  return isNew;
}"""
OUT_AGAIN = "document.activeElement === document.body || [...window.stops][0] === document.activeElement"
MISSED = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter(each => !window.stops.has(each) && !each.disabled && each.tabIndex >= 0 && each.checkVisibility()
    && each.type !== "hidden" && !(each.type === "radio" && each.name))
  .map(each => each.outerHTML.slice(0, 120))"""


def tab_to(page: Page, name: str, *, at_most: int = 80) -> None:
    """Press Tab until the control of that name has the focus; one can see where one is."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        assert page.evaluate(SEEN), f"{here} does not show that it has the focus"
        if here == name:
            return
    raise AssertionError(f"no way to {name} with the Tab key; at last: {page.evaluate(FOCUSED)}")


def walk_through(page: Page) -> None:
    """From the link over what is on every page to the end and out again: no control holds the focus."""
    page.evaluate(FROM_THE_TOP)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "跳到主要内容"
    while page.evaluate(FIRST_TIME_HERE):
        assert page.evaluate(SEEN), f"{page.evaluate(FOCUSED)} does not show that it has the focus"
        page.keyboard.press("Tab")
    assert page.evaluate(OUT_AGAIN), f"the focus does not leave {page.evaluate(FOCUSED)}"
    missed = page.evaluate(MISSED)
    assert missed == [], f"no way with the Tab key to {missed}"


def enter(page: Page, shown: Locator) -> None:
    """Press Enter and wait for the page behind: its own first focus would take ours away."""
    page.keyboard.press("Enter")
    expect(shown).to_be_visible()
    page.wait_for_load_state()


def choose(page: Page, label: str, content: bytes) -> None:
    """Open the choice of a file with the space bar."""
    tab_to(page, label)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files({"name": "名册.xlsx", "mimeType": XLSX, "buffer": content})


def handed_in(county: County) -> None:
    """What the department's two officials do before the centre has its turn."""
    unit, now = county.departments[0], timezone.now()
    version = submit_disclosure(
        department=unit,
        expected_digest=digest(drafts([unit.pk])[unit.pk]),
        acting_user=county.users["department_officer"],
        now=now,
    )
    review_disclosure(version=version, acting_user=county.users["department_reviewer"], now=now)


def test_an_official_imports_and_approves_with_the_keyboard_alone(county: County, desk: Page) -> None:
    """YC-R1"""
    show_all()
    desk.goto("/office/login/")
    walk_through(desk)
    desk.goto(desk.url.partition("#")[0])  # the address of the link would draw the focus once more
    if desk.evaluate(FOCUSED) != "用户名":
        tab_to(desk, "用户名")
    desk.keyboard.type("centre_operator")
    tab_to(desk, "密码")
    desk.keyboard.type(PASSWORD)
    tab_to(desk, "登录")
    enter(desk, desk.get_by_role("button", name="退出"))

    tab_to(desk, "单位和人员")  # a group of the menu, folded
    desk.keyboard.press("Enter")
    tab_to(desk, "导入人员名册")
    enter(desk, desk.get_by_role("heading", name="导入人员名册", level=1))
    walk_through(desk)
    desk.goto(desk.url.partition("#")[0])  # the address of the link would draw the focus once more
    choose(
        desk,
        "工作簿（.xlsx，不超过20MB）",
        small([["县甲局", "审批科", "甲新人", "", "工作人员", "", "", ""]]),
    )
    tab_to(desk, "上传并预览")
    enter(desk, desk.get_by_role("heading", name="预览：名册.xlsx"))
    walk_through(desk)
    tab_to(desk, "按预览导入")
    enter(desk, desk.get_by_text("名册已导入：人员新增 1"))

    handed_in(county)
    desk.goto("/office/disclosures/")
    tab_to(desk, "县甲局")
    enter(desk, desk.get_by_text("甲新人").first)
    walk_through(desk)
    tab_to(desk, "核准并公布")
    enter(desk, desk.get_by_text("已核准"))
    assert "甲新人" in Client().get(f"/departments/{county.departments[0].pk}/").content.decode()


def test_a_voter_votes_with_the_keyboard_alone(at: CountyAt, desk: Page) -> None:
    """YC-R6, YC-R8."""
    county = at("opened")
    desk.goto(county.urls["private"].pop())
    desk.get_by_role("button", name="开始评价").wait_for()
    tab_to(desk, "开始评价")
    desk.keyboard.press("Enter")
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
    expect(desk.get_by_text("具体事项：等候时间较长")).to_be_visible()
    tab_to(desk, "提交评价")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="评价已提交")).to_be_visible()
