"""What officials do on the pages of the office: sign in, follow links, press buttons, upload workbooks."""

from __future__ import annotations

import io
from datetime import timedelta
from itertools import cycle

from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import FilePayload, Page, expect
from stdnum.cn import uscc

from tests.kit.browser import follow
from tests.kit.files import saved, small
from tests.kit.people import PASSWORD

MARKS = "甲乙丙丁戊己庚辛壬"
TOWNS = ("东门街道", "西河镇")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sign_in(page: Page, username: str) -> None:
    """Come in through the entrance."""
    page.goto("/office/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    page.wait_for_load_state()


def sign_out(page: Page) -> None:
    """Leave the desk to a colleague."""
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def choose(page: Page, *names: str) -> None:
    """Follow links one after the other; one in a folded group of the menu is unfolded first."""
    for name in names:
        unfold(page, name)
        follow(page.get_by_role("link", name=name, exact=True).first)


def unfold(page: Page, name: str) -> None:
    """Open the folded group of the start page's menu that holds a link, as an official does."""
    folded = page.locator(".start .menu details:not([open])")
    holding = folded.filter(has=page.get_by_role("link", name=name, exact=True, include_hidden=True))
    if page.get_by_role("link", name=name, exact=True).count() == 0 and holding.count():
        holding.first.locator("summary").click()


def press(page: Page, button: str, *, then: str) -> None:
    """Press a button and read what was done, or why not."""
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".messagelist li").filter(has_text=then)).to_be_visible()
    page.wait_for_load_state()


def closing_time() -> str:
    """What is typed as the end of a vote that is still far away."""
    return f"{timezone.localtime() + timedelta(days=10):%Y-%m-%dT18:00}"


def act(page: Page, step: str, done: str, **fields: str) -> None:
    """Do the step that is due: its link, its question, its button."""
    choose(page, step)
    for label, text in fields.items():
        page.get_by_label(label).fill(text)
    press(page, step, then=done)


def upload(page: Page, name: str, content: bytes) -> None:
    """Hand over a workbook and ask for its preview."""
    file = FilePayload(name=name, mimeType=XLSX, buffer=content)
    page.get_by_label("工作簿（.xlsx，不超过 20 MB）").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("heading", name=f"预览：{name}")).to_be_visible()
    page.wait_for_load_state()


def roster() -> bytes:
    """Return annexes 1 and 2: nine departments, each with two leaders, a head and two clerks."""
    people: list[list[object]] = []
    duties: list[list[object]] = []
    for mark in MARKS:
        unit = f"县{mark}局"
        people += [
            [unit, "局领导", f"{mark}局长", "局长", "主要负责人", None, "", ""],
            [unit, "局领导", f"{mark}副局长", "副局长", "分管负责人", "审批科", "", ""],
            [unit, "审批科", f"{mark}科长", "科长", "科室负责人", None, "", ""],
            [unit, "审批科", f"{mark}科员一", "科员", "工作人员", None, "", ""],
            [unit, "审批科", f"{mark}科员二", "科员", "工作人员", None, "", ""],
        ]
        duties.append(
            [unit, "审批科", "1.受理申请；", "首问负责制", "示例许可", "受理→决定", "5个工作日", "您好"]
        )
    return small(people, duties)


def sample_library(count: int) -> bytes:
    """Return market entities of every kind in both towns, with well-formed codes."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["市场主体名称", "统一社会信用代码", "主体类型", "所属镇（街）"])
    for number, kind in zip(range(count), cycle(("民营企业", "个体工商户", "非民营企业"))):
        body = f"9137172500000{number:04d}"
        code = body + uscc.calc_check_digit(body)
        sheet.append([f"示例商行{number}", code, kind, TOWNS[number % 2]])
    return saved(book)


def rows_of(content: bytes) -> list[list[object]]:
    """Return every row of every sheet of a workbook."""
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(io.BytesIO(content), read_only=True)
    return [list(row) for sheet in book for row in sheet.iter_rows(values_only=True)]
