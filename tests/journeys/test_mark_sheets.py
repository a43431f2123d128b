"""A mark sheet in the browser: keys, a pasted block, saving as typed; on a phone one unit at a time."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from evaluations.gathering.sheets import kind, sealing
from evaluations.gathering.sheets.form import TOTAL
from evaluations.models import MarkSheet
from office.models import User
from tests.evaluations.jilin import Zone, begun, fresh
from tests.kit.browser import follow, held
from tests.kit.look import Look
from tests.kit.officials import press, sign_in
from tests.kit.people import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
PASTE = """([field, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def ready(zone: Zone) -> MarkSheet:
    """A leader with a sheet, who can sign in, as can the operator and those who open."""
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    return zone.marker("leaders", "甲某", account=zone.users["marker"])


def paste(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    page.evaluate(PASTE, [field.element_handle(), text])


def test_a_leader_fills_in_a_grid_at_the_desk(desk: Page) -> None:
    """JL-R4: five aspects, keys and a pasted block, saved as typed, submitted once."""
    zone = begun(by_aspect=True)
    sheet = ready(zone)
    sign_in(desk, "marker")
    follow(desk.get_by_role("link", name="填写“领导评议”打分表"))
    desk.get_by_label("区甲局，服务态度").fill("6")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.type("5.5")
    desk.keyboard.press("ArrowRight")
    expect(desk.get_by_label("区乙局，办事效率")).to_be_focused()
    expect(desk.get_by_text("已自动保存")).to_be_visible()
    paste(desk, "区甲局，服务态度", "6\t5\t6\n6\t5\t6\n6\t5\t6\n6\t5\t6\n")
    expect(desk.get_by_text("没有粘贴")).to_be_visible()
    expect(desk.get_by_label("区甲局，办事效率")).to_have_value("")
    paste(desk, "区甲局，服务态度", "6\t7\n5\t4\n")
    expect(desk.get_by_text(re.compile("1处不是可用的分数.*没有粘贴"))).to_be_visible()
    paste(desk, "区甲局，服务态度", "6\t5.1\t6\t6\t4\r\n0\t5\t6\t6\t4\r\n")
    expect(desk.locator("[data-sum]").first).to_have_text("27.1")
    expect(desk.get_by_text("已自动保存")).to_be_visible()
    desk.get_by_label("区丙站，服务态度").fill("七")
    expect(desk.get_by_text("不是分数")).to_be_visible()
    desk.get_by_label("区丙站，服务态度").fill("")
    desk.wait_for_function("() => document.querySelector('[name=seen]').value >= 2")
    desk.reload()
    expect(desk.get_by_label("区甲局，办事效率")).to_have_value("5.1")
    look = Look(desk)
    look.here(desk, "grid")
    assert look.faults == []
    press(desk, "提交打分表", then="有1处打了0分，还没有确认")
    desk.get_by_label(re.compile("我确认")).check()
    press(desk, "提交打分表", then="打分表已提交")
    assert fresh(sheet).state == MarkSheet.State.SUBMITTED
    follow(desk.get_by_role("link", name="查看"))
    expect(desk.locator("[data-sum]").first).to_have_text("27.1")
    assert desk.locator("table input").count() == 0


def test_what_was_typed_before_the_script_ran_is_saved_as_typed(desk: Page) -> None:
    zone = begun()
    sheet = ready(zone)
    sign_in(desk, "marker")
    script = held(desk, "**/grid.js")
    desk.goto(f"/office/rounds/sheets/mark/{sheet.pk}/", wait_until="commit")
    desk.get_by_label("区甲局").fill("31")
    desk.get_by_label("区乙局").fill("20")
    script.pop().continue_()
    expect(desk.get_by_text("已自动保存")).to_be_visible()
    expect(desk.get_by_text("超过满分30")).to_be_visible()
    assert sealing.opened(fresh(sheet).sealed, sheet_id=sheet.pk) == {zone.key("区乙局"): {TOTAL: "20"}}


def test_on_a_phone_one_unit_at_a_time_and_without_the_script_a_plain_form(phone: Page) -> None:
    zone = begun(by_aspect=True)
    sheet = ready(zone)
    sign_in(phone, "marker")
    phone.goto(f"/office/rounds/sheets/mark/{sheet.pk}/")
    expect(phone.get_by_label("区甲局，服务态度")).to_be_visible()
    expect(phone.get_by_label("区乙局，服务态度")).to_be_hidden()
    phone.get_by_role("button", name="下一单位").click()
    expect(phone.get_by_text("2／3")).to_be_visible()
    for aspect in ("服务态度", "办事效率", "政令畅通", "廉政建设", "公正执法"):
        phone.get_by_label(f"区乙局，{aspect}").fill("5")
    look = Look(phone)
    look.here(phone, "grid")
    phone.route("**/grid.js", lambda route: route.abort())
    expect(phone.get_by_text("已自动保存")).to_be_visible()
    phone.goto(f"/office/rounds/sheets/mark/{sheet.pk}/")
    expect(phone.get_by_label("区丙站，服务态度")).to_be_visible()
    phone.get_by_label("区丙站，服务态度").fill("6.5")
    press(phone, "保存，以后再填", then="6.5超过满分6")
    expect(phone.get_by_label("区丙站，服务态度")).to_have_value("6.5")
    phone.get_by_label("区丙站，服务态度").fill("")
    look.here(phone, "plain form")
    press(phone, "提交打分表", then="打分表已提交")
    assert look.faults == []
    assert fresh(sheet).state == MarkSheet.State.SUBMITTED


def test_two_officials_open_a_panel_and_the_reviewer_settles_it(desk: Page) -> None:
    """JL-R8: the office names the markers, two persons open, one settles."""
    zone = begun()
    sheet = ready(zone)
    channel = zone.panel().channel
    page = f"/office/rounds/sheets/{channel.pk}/"
    look = Look(desk)
    sign_in(desk, "centre_operator")
    desk.goto(f"/office/rounds/{zone.round.pk}/channels/")
    follow(desk.get_by_role("row", name=re.compile("领导评议")).get_by_role("link", name="填报"))
    desk.get_by_label("姓名").fill("乙某")
    press(desk, "新增评议人", then="已新增评议人")
    look.here(desk, "panel of the operator")
    zone.submit(sheet, {"区甲局": "28", "区乙局": "20"})
    for name, shows in (("centre_reviewer", "收表中，密封"), ("inspectorate", "两人开启")):
        desk.context.clear_cookies()
        sign_in(desk, name)
        desk.goto(page)
        expect(desk.get_by_text(shows).first).to_be_visible()
        press(desk, "签署开启", then="已签署开启")
    expect(desk.get_by_role("row", name=re.compile("区甲局"))).to_contain_text("28")
    look.here(desk, "opened panel")
    assert look.faults == []
    assert len(kind.readable(zone.panel())) == 1
