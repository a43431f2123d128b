"""The main job, once and whole: from the roster workbook to the published 成绩单, through what people see."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from office.roles import Role
from tests.journeys.round_steps import compute_and_sign_off, serve_and_end_appeals
from tests.journeys.voters import Finger, PaperSlip, form_of, slips_on, vote
from tests.kit import officials
from tests.kit.browser import fits, follow
from tests.kit.officials import MARKS, act, choose, press, sign_in, upload
from tests.kit.people import person
from tests.kit.worker import Worker, eventually, jobs_are_done

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

PASSPHRASE = "计票口令只用于测试二〇二六"
TITLE = "示例季度营商环境评价"
RATED = ("科长", "科员一", "科员二")
PATTERN = ("满意", "满意", "比较满意", "基本满意")  # of 100, 100, 80 and 60 points: 85 on average
PRIVATE, SOLE_TRADERS = 12, 12  # voters beside the one on the page; each sees every fourth word equally often

# What the voter on the page adds to 24 ballots of 85.00 for everybody.
BY_HAND = {
    "县甲局": ("84.40", "良好"),  # (2040+100)/25, (2040+80)/25, (2040+30)/25; the mean of three
    "县乙局": ("84.87", "良好"),  # (2040+60)/25, 85, (2040+100)/25
    "县丙局": ("85.00", "良好"),
}


def test_from_the_roster_workbook_to_the_published_score(
    prepared_site: str, desk: Page, phone: Page, start_worker: Callable[..., Worker]
) -> None:
    """YC-R1, YC-R2, YC-R3, YC-R4, YC-R5, YC-R6, YC-R7, YC-R8, YC-R9, YC-R10, YC-R11: one round, all of it."""
    for role in (Role.CENTRE_OPERATOR, Role.CENTRE_REVIEWER, Role.LEADING_GROUP):
        person(role)

    sign_in(desk, "centre_operator")
    import_workbooks(desk)
    read_who_is_who(phone)
    prepare_round(desk)
    printed = print_slips(desk)
    act(desk, "开始评价", "已开始评价", 计票口令=PASSPHRASE)

    one_votes_on_the_page(phone, printed["民营企业"][0])
    others_vote(phone.request, printed)

    worker = start_worker()
    close_and_count(desk)
    compute_and_sign_off(desk, TITLE, BY_HAND)
    serve_and_end_appeals(desk, TITLE)
    publish(desk, worker)

    read_the_result(phone)
    read_the_result(desk)
    take_away_files(desk)
    unfold_every_number(desk)


def import_workbooks(page: Page) -> None:
    """Annex 1 and 2 and the sample library: looked at first, then brought in."""
    choose(page, "导入人员名册")
    page.get_by_label("工作簿中有单位名单以外的单位时，一并新增").check()
    upload(page, "名册.xlsx", officials.roster())
    expect(page.get_by_role("row", name="人员 45")).to_be_visible()
    press(page, "按预览导入", then="名册已导入：人员新增 45")
    choose(page, "我的工作", "公示身份和职责")
    press(page, "公布身份和职责", then="已公布身份和职责")
    choose(page, "我的工作", "导入市场主体样本库")
    upload(page, "样本库.xlsx", officials.sample_library(12))
    press(page, "按预览导入", then="样本库已导入：新增 12")


def read_who_is_who(page: Page) -> None:
    """亮身份, 亮职责: on a phone, as anybody."""
    page.goto("/departments/")
    choose(page, "县甲局")
    expect(page.get_by_text("甲科员一")).to_be_visible()
    follow(page.get_by_role("region", name="审批科").get_by_role("link").first)
    expect(page.get_by_text("示例许可")).to_be_visible()
    expect(page.get_by_text("5个工作日")).to_be_visible()


def prepare_round(page: Page) -> None:
    """Scheme, departments, persons, slips, and what they will be able to show."""
    choose(page, "我的工作", "新建轮次")
    page.get_by_label("轮次名称").fill(TITLE)
    page.get_by_label("公布依据（文号）").fill("示政办〔2026〕1号")
    press(page, "创建轮次", then="已创建轮次")
    choose(page, "查看参评单位")
    for mark in MARKS:
        expect(page.get_by_label(f"县{mark}局")).to_be_checked()
    press(page, "保存参评单位", then="已选定 9 个参评单位")
    choose(page, "锁定参评名单")
    press(page, "锁定参评名单", then="已锁定参评名单")
    expect(page.get_by_text("9 个单位，参评 45 人")).to_be_visible()

    choose(page, TITLE, "安排票数")
    page.get_by_label("票数合计（张）").fill("100")
    press(page, "按比例填写下表", then="已按占比和各镇（街）市场主体数填写")
    expect(page.get_by_role("row", name="合计 50 40 10 100")).to_be_visible()
    press(page, "保存票数安排", then="已保存票数安排")
    expect(page.get_by_text("要使八成人员能够计分")).to_be_visible()
    choose(page, "制票")
    page.get_by_label("截止时间").fill(officials.closing_time())
    page.get_by_label("密钥存于服务器（演示或小型单位）").check()
    page.get_by_label("计票口令", exact=True).fill(PASSPHRASE)
    page.get_by_label("再次输入计票口令").fill(PASSPHRASE)
    press(page, "制票", then="已制票")


def print_slips(page: Page) -> dict[str, list[PaperSlip]]:
    """One batch for private companies, one for sole traders; the codes are on paper and nowhere else."""
    choose(page, "印制凭条")
    found = {}
    for kind in ("民营企业", "个体工商户"):
        row = page.get_by_role("row").filter(has_text=kind).first
        with page.expect_download() as waiting:
            row.get_by_role("button", name="印制并下载").click()
        slips = slips_on(waiting.value.path().read_bytes())
        size = int(row.get_by_role("cell").nth(3).inner_text())
        assert len(slips) == len({slip.code for slip in slips}) == size
        found[kind] = slips
    page.reload()
    expect(page.get_by_role("cell", name="已印制")).to_have_count(2)
    choose(page, "我的工作", "办理评价轮次", TITLE)
    return found


def one_votes_on_the_page(page: Page, slip: PaperSlip) -> None:
    """YC-R6, YC-R8: six persons of two departments in at most 20 taps, from the code to the receipt."""
    page.goto(f"/v/{slip.fragment}")
    finger = Finger(page)
    finger.button("开始评价")
    finger.department("县甲局")
    finger.department("县乙局")
    finger.button("下一步")
    expect(page.get_by_role("heading", name="县甲局")).to_be_visible()
    expect(page.get_by_text("审批服务").first).to_be_visible()
    for name, word in (("甲科长", "满意"), ("甲科员一", "比较满意"), ("甲科员二", "不满意")):
        finger.answer(name, word)
    expect(page.get_by_label("具体事项")).to_be_visible()
    finger.button("下一部门")
    for name, word in (("乙科长", "基本满意"), ("乙科员一", "不了解情况"), ("乙科员二", "满意")):
        finger.answer(name, word)
    finger.button("核对评价")
    finger.button("提交评价")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()
    assert finger.taps <= 20
    assert fits(page)


def others_vote(request: APIRequestContext, printed: dict[str, list[PaperSlip]]) -> None:
    """Twenty-four more, each about everybody."""
    voters = printed["民营企业"][1 : 1 + PRIVATE] + printed["个体工商户"][:SOLE_TRADERS]
    forms = {slip.key: form_of(request, slip.key) for slip in voters}
    for number, slip in enumerate(voters):
        form = forms[slip.key]
        people = [
            section["persons"]
            for unit in form["public"]["form"]["departments"]
            for section in unit["sections"]
        ]
        answers = {
            who["id"]: {"overall": PATTERN[(number + place) % 4]}
            for section in people
            for place, who in enumerate(section)
        }
        vote(request, form, slip, answers)


def close_and_count(page: Page) -> None:
    """The box is closed, emptied by the worker, counted with the passphrase."""
    page.reload()
    act(page, "截止评价", "已截止评价", 提前截止的原因="各镇（街）均已办结")
    eventually(jobs_are_done)
    act(page, "计票", "已计票", 计票口令=PASSPHRASE)


def publish(page: Page, worker: Worker) -> None:
    """A worker in a process of its own renders pages and sheets."""
    act(page, "公布结果", "已提交公布")
    eventually(jobs_are_done)
    assert worker.process.poll() is None
    choose(page, "我的工作", "查看后台任务")
    expect(page.get_by_role("row").filter(has_text="生成公示页面和成绩单")).to_contain_text("已完成")


def read_the_result(page: Page) -> None:
    """YC-R3, YC-R10: anybody finds department, score, grade, clause; on a phone and at a desk."""
    page.goto("/")
    follow(page.get_by_role("navigation").get_by_role("link", name="亮评价结果"))
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    assert fits(page)
    for name, (score, grade) in BY_HAND.items():
        row = page.get_by_role("row").filter(has_text=name)
        expect(row).to_contain_text(score)
        expect(row).to_contain_text(grade)
    choose(page, "县丙局")
    expect(page.get_by_role("heading", name="县丙局")).to_be_visible()
    expect(page.get_by_text("85.00分").first).to_be_visible()
    page.get_by_text("展开推导与条款").click()
    expect(page.get_by_text("条款 六").first).to_be_visible()
    assert fits(page)


def take_away_files(page: Page) -> None:
    """YC-R3: the sheet as PDF for everybody, the whole ranking as a workbook for the centre."""
    address = page.get_by_role("link", name="下载成绩单（PDF）").evaluate("link => link.href")
    sheets = pypdf.PdfReader(io.BytesIO(page.request.get(address).body())).pages
    assert "县丙局成绩单" in "".join("".join(sheet.extract_text().split()) for sheet in sheets)
    page.goto("/office/")
    choose(page, "办理评价轮次", TITLE, "查看评价结果")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载排名表", exact=True).click()
    cells = [str(cell) for row in officials.rows_of(waiting.value.path().read_bytes()) for cell in row]
    assert {"县甲局", "县乙局", "县丙局"} <= set(cells)


def unfold_every_number(page: Page) -> None:
    """YC-R10, YC-R11: inside, every number unfolds to the clause it comes from."""
    choose(page, "县甲局")
    expect(page.get_by_text("84.40 分")).to_be_visible()
    bare = page.evaluate(
        """() => [...document.querySelectorAll(".derivation .value")]
          .map((number) => number.closest("details > summary")?.parentElement || number.closest(".leaf"))
          .filter((unfolded) => !/条款 \\S/.test(unfolded?.textContent || ""))
          .map((unfolded) => unfolded?.textContent)"""
    )
    assert bare == []
    assert page.locator(".derivation .value").count() > 10
    page.get_by_text("甲科长", exact=True).first.click()
    expect(page.get_by_text("满意 13×100").first).to_be_visible()
