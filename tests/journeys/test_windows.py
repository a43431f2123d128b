"""舞阳 2022, 三(三)2: service windows from a workbook to the published list of the best and the worst."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from evaluations import services
from evaluations.models import Round
from tests.evaluations.county import County
from tests.journeys.conftest import CountyAt
from tests.journeys.unit_steps import (
    by_hand,
    confirm_and_settle,
    publish,
    sign_off_and_serve,
    take_over_counts,
)
from tests.kit.browser import fits
from tests.kit.files import table
from tests.kit.officials import act, choose, press, sign_in, sign_out, upload
from tests.kit.worker import Worker

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

TITLE = "9月服务窗口评议"
HALL = "县政务服务大厅"
NAMES = ("综合受理", "企业开办", "不动产登记", "税费缴纳")
WORDS = ("满意", "比较满意", "基本满意", "不满意", "不了解情况")
COUNTS = {
    f"{HALL}{number}号窗口（{name}）": (40 - 4 * number, 3 * number, number, 0, 2)
    for number, name in enumerate(NAMES, start=1)
}
SCORES = ("97.50", "95.00", "92.50", "90.00")


def office() -> County:
    county = County()
    services.load_schemes()
    return county


def test_windows_from_a_workbook_to_the_published_result(
    at: CountyAt, desk: Page, phone: Page, start_worker: Callable[..., Worker]
) -> None:
    """WY-R4, WY-R9: imported, listed, counted on the spot, signed by another person, served, published."""
    at(office)
    start_worker()
    sign_in(desk, "centre_operator")
    import_windows(desk)
    make_round(desk)
    take_over_counts(desk, COUNTS)
    confirm_and_settle(desk, TITLE, "满意度得分")
    sign_in(desk, "centre_operator")
    choose(desk, "办理评价轮次", TITLE)
    act(desk, "结束收集", "已结束收集")
    act(desk, "计算结果", "已计算")
    sign_out(desk)
    sign_off_and_serve(desk, TITLE)
    the_department_reads_its_windows(desk)
    sign_in(desk, "centre_operator")
    choose(desk, "办理评价轮次", TITLE)
    publish(desk)
    the_public_reads(phone)
    facts = {
        name: {
            "group": "服务窗口",
            "answers": {"ballot": {"overall": dict(zip(WORDS, row, strict=True))}},
        }
        for name, row in COUNTS.items()
    }
    assert by_hand(Round.objects.get(), facts) == []


def import_windows(page: Page) -> None:
    rows = [
        [HALL, number, name, "县甲局" if number % 2 else "县乙局", f"{name}咨询"]
        for number, name in enumerate(NAMES, start=1)
    ]
    book = table(["办事大厅", "窗口号", "窗口名称", "进驻单位", "办理事项"], *rows)
    choose(page, "导入服务窗口")
    upload(page, "窗口.xlsx", book)
    press(page, "按预览导入", then="新增 4")


def make_round(page: Page) -> None:
    choose(page, "我的工作", "办理评价轮次", "新建轮次")
    page.get_by_text("改用其他评价方案").click()
    page.get_by_role("link", name="舞阳县营商环境服务窗口评议").click()
    page.get_by_label("轮次名称").fill(TITLE)
    page.get_by_label("年份").fill("2026")
    page.get_by_label("期别").select_option(label="9月")
    page.get_by_label("满意度得分的取数渠道").select_option(label="采用其他部门的汇总")
    press(page, "创建轮次", then="已创建轮次")
    act(page, "锁定参评名单", "已锁定参评名单")
    assert fits(page)
    choose(page, TITLE)
    act(page, "开始收集", "已开始收集")
    choose(page, "查看和办理取数渠道")


def the_department_reads_its_windows(page: Page) -> None:
    """县甲局 staffs two of the four."""
    sign_out(page)
    sign_in(page, "department_officer")
    choose(page, "查看本单位评价结果")
    expect(page.get_by_role("row").filter(has_text="综合受理")).to_be_visible()
    expect(page.get_by_text("企业开办")).to_have_count(0)
    page.get_by_role("row").filter(has_text="综合受理").get_by_role("link", name=TITLE).click()
    expect(page.get_by_text("97.50", exact=False).first).to_be_visible()
    expect(page.get_by_text("四挂钩").first).to_be_visible()
    sign_out(page)


def the_public_reads(page: Page) -> None:
    page.goto("/results/")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    for name, score in zip(COUNTS, SCORES, strict=True):
        row = page.get_by_role("row").filter(has_text=name)
        expect(row).to_contain_text(score.partition(".")[0])
    assert fits(page)
