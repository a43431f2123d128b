"""WY-R3, WY-R5: somebody reports on a phone with a photo, and follows it by number and code."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from casework.models import Matter
from tests.casework.desk import Desk
from tests.kit.browser import fits

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def a_photo() -> bytes:
    content = BytesIO()
    Image.new("RGB", (800, 600), "#336699").save(content, "JPEG")
    return content.getvalue()


def test_a_report_with_a_photo_and_its_progress(site: str, phone: Page) -> None:
    """375 px, no cookie, no script: report, receipt, a wrong code, progress in words."""
    desk = Desk()
    phone.goto("/report/")
    assert fits(phone)
    phone.get_by_role("link", name="办不成事").click()
    assert fits(phone)
    phone.get_by_label("什么事").fill("食品经营许可变更多次退件")
    phone.get_by_label("详细情况").fill("三次到窗口，每次被告知缺少不同的材料。")
    phone.get_by_label("涉及单位").select_option("县甲局")
    photo = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    phone.get_by_label("照片").set_input_files(photo)  # type: ignore[arg-type] # its own dictionary type
    phone.get_by_label("姓名").fill("测试反映人")
    phone.get_by_label("联系电话").fill("13800000000")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("heading", name="已经收到")).to_be_visible()
    assert fits(phone)
    matter = Matter.objects.get()
    assert matter.files.count() == 1
    code = phone.locator("dd.code").inner_text()
    desk.accept(matter, "2026-11-30T10:00")
    phone.get_by_role("main").get_by_role("link", name="查询进度").click()
    assert phone.get_by_label("编号").input_value() == matter.number
    phone.get_by_label("查询码").fill("2222-2222")
    phone.get_by_role("button", name="查询").click()
    expect(phone.get_by_role("alert")).to_contain_text("编号或者查询码不正确")
    assert fits(phone)
    phone.get_by_label("查询码").fill(code.lower())
    phone.get_by_role("button", name="查询").click()
    expect(phone.get_by_text("已经受理，正在研判。")).to_be_visible()
    assert fits(phone)
    assert phone.context.cookies() == []
    assert phone.evaluate("localStorage.length + sessionStorage.length") == 0
