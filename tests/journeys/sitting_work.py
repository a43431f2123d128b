"""What a town does for its sitting, on a telephone."""

from __future__ import annotations

import pypdf
from django.utils import timezone
from playwright.sync_api import Locator, Page

from tests.kit.browser import follow
from tests.kit.look import Look
from tests.kit.officials import press


def plan(page: Page, look: Look | None = None) -> None:
    """Today, in the town's own hall."""
    follow(page.get_by_role("link", name="安排现场评价"))
    page.get_by_label("日期").fill(timezone.localdate().isoformat())
    page.get_by_label("开始时间").fill("09:30")
    page.get_by_label("地点").fill("东门街道便民服务中心")
    if look:
        look.here(page, "time and place")
    press(page, "安排现场评价", then="已安排")


def pages_of_notices(page: Page) -> int:
    """Download the notices; two of them stand on a page."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载通知（PDF）").click()
    return len(pypdf.PdfReader(waiting.value.path()).pages)


def name_witnesses(page: Page) -> None:
    """Two of them, and nobody of a judged department in the hall."""
    page.get_by_label("监票人一").fill("甲某")
    page.get_by_label("监票人二").fill("乙某")
    page.get_by_label("已确认会场内没有参评单位的工作人员").check()
    press(page, "登记监票人", then="已登记监票人")


def go_back(page: Page, sitting: str = "东门街道第1场") -> None:
    """From the attendance to the sitting."""
    trail = page.get_by_role("navigation").or_(page.locator(".breadcrumbs"))
    follow(trail.get_by_role("link", name=sitting).first)


def count(group: Locator, handed_out: str, returned: str, spoiled: str) -> None:
    """What the witnesses counted of one batch."""
    for label, number in (("发出", handed_out), ("结余退回", returned), ("损毁", spoiled)):
        group.get_by_label(label).fill(number)


def minutes(page: Page) -> str:
    """End the sitting and read its minutes."""
    page.get_by_label("协助不便使用手机的评价人（人）").fill("1")
    press(page, "办结本场", then="本场已办结")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载纪要（PDF）").click()
    return "".join(pypdf.PdfReader(waiting.value.path()).pages[0].extract_text().split())
