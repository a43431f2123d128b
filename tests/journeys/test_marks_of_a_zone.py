"""A year of 吉林 in a browser: sheets, secret slips, a ledger; from the new round to the published result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from departments.models import Membership
from evaluations.gathering.sheets import marking, panels
from evaluations.gathering.sheets.form import TOTAL
from evaluations.models import Channel, Result, Round
from evaluations.scoring import load_scheme, score_facts
from office.models import Holiday, User
from office.roles import Role
from tests.evaluations.county import NOW
from tests.evaluations.units import JILIN, UnitsCounty
from tests.journeys.conftest import CountyAt
from tests.journeys.voters import Finger, PaperSlip, form_of, slips_on, vote
from tests.kit import officials
from tests.kit.browser import DESK, fits, open_page
from tests.kit.officials import act, choose, press, sign_in
from tests.kit.worker import Worker, eventually, jobs_are_done

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PASSPHRASE = "计票口令只用于测试二〇二六"
TITLE = "开发区年度考核评价"
UNITS = ("区甲局", "区乙局", "区丙站")
LEADERS = {"marker": ("28", "25.5", "20"), "另一领导": ("27", "24", "21")}
BY_UNITS = {"区甲局": {"区乙局": "9", "区丙站": "8"}, "区乙局": {"区甲局": "9.5", "区丙站": "7.5"}}
ON_THE_PAGE = {"区甲局": "9.5", "区乙局": "7"}
SLIPS = {
    "企业": [{"区甲局": "9", "区乙局": "8.5", "区丙站": "6"}, {"区甲局": "10", "区丙站": "7.5"}] * 3,
    "营商环境监督员": [{"区甲局": "8", "区乙局": "9", "区丙站": "0.5"}, {"区甲局": "8.5", "区乙局": "7"}] * 2,
}
"""What voters beside the one on the page give; who leaves a unit out gives it nothing."""
Desks = Callable[[str], Page]


@pytest.fixture
def desks(chromium: Browser, site: str) -> Iterator[Desks]:
    """Everybody at a desk of their own, signed in when they first come."""
    with ExitStack() as stack:
        open_ones: dict[str, Page] = {}

        def desk_of(name: str) -> Page:
            if name not in open_ones:
                open_ones[name] = stack.enter_context(open_page(chromium, site, DESK))
                sign_in(open_ones[name], name)
            return open_ones[name]

        yield desk_of


def zone() -> UnitsCounty:
    county = UnitsCounty("jilin-jkq-2021", JILIN)
    units = {row.name: row for row in county.departments}
    Membership.objects.create(user=county.users["department_reviewer"], department=units["区甲局"])
    year = timezone.localdate().year
    for each in (year, year + 1):
        Holiday.objects.create(day=date(each, 10, 1), name="国庆节")
    return county


def test_from_the_new_round_to_the_published_result(
    at: CountyAt, desks: Desks, phone: Page, start_worker: Callable[..., Worker]
) -> None:
    """JL-R1, JL-R2, JL-R4, JL-R5, JL-R7, JL-R8, JL-R9: the outcome of the facts below."""
    county: Any = at(zone)  # type: ignore[arg-type] # another kind of county
    office = desks("centre_operator")
    make_the_round(office)
    slips = print_slips(office)
    act(office, "开始评价", "已开始评价", 计票口令=PASSPHRASE)
    one_marks_on_a_phone(phone, slips["企业"].pop())
    others_mark(phone, county, slips)
    fill_in_sheets(county, desks)
    enter_into_the_ledger(desks)
    start_worker()
    office.goto(f"/office/rounds/{Round.objects.get().pk}/")
    act(office, "截止评价", "已截止评价", 提前截止的原因="各方均已评完")
    eventually(jobs_are_done)
    act(office, "计票", "已计票", 计票口令=PASSPHRASE)
    settle_channels(desks)
    office.reload()
    act(office, "计算结果", "已计算")
    result = Result.objects.get()
    golden = score_facts(load_scheme("jilin-jkq-2021"), by_hand(county))
    assert result.outcome["subjects"] == golden["subjects"]
    for name, step, done in (
        ("centre_reviewer", "审定结果", "已审定"),
        ("leading_group", "批准结果", "已批准"),
        ("centre_operator", "送达结果", "已送达，申诉期开始"),
    ):
        desks(name).goto(f"/office/rounds/{result.round_id}/")
        act(desks(name), step, done)
    act(office, "结束申诉期", "现在不能结束")
    office.get_by_label("提前公布的批准文号").fill("开管发〔2026〕9号")
    press(office, "结束申诉期", then="申诉期已结束")
    act(office, "公布结果", "已提交公布")
    eventually(jobs_are_done)
    phone.goto("/results/")
    expect(phone.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(phone.get_by_text("不足50份的，得分取整数公布")).to_be_visible()
    row = phone.get_by_role("row").filter(has_text="区甲局")
    expect(row).to_contain_text(golden["subjects"][county.keys["区甲局"]]["grade"])
    assert fits(phone)


def make_the_round(page: Page) -> None:
    """Slips for enterprises and supervisors, sheets for the rest."""
    choose(page, "新建轮次")
    page.get_by_text("改用其他评价方案").click()
    page.get_by_role("link", name="改用吉林经开区").click()
    page.get_by_label("轮次名称").fill(TITLE)
    for label in ("企业评议的取数渠道", "监督员评议的取数渠道"):
        page.get_by_label(label).select_option(label="无记名评价")
    press(page, "创建轮次", then="已创建轮次")
    choose(page, "锁定参评名单")
    press(page, "锁定参评名单", then="已锁定参评名单")
    choose(page, TITLE, "安排票数")
    expect(page.get_by_text("企业评议，0—10分，以0.5分为单位")).to_be_visible()
    for kind in SLIPS:
        page.get_by_label(f"东门街道{kind}票数").fill("20")
    press(page, "保存票数安排", then="已保存票数安排")
    assert fits(page)
    choose(page, "制票")
    page.get_by_label("截止时间").fill(officials.closing_time())
    page.get_by_label("密钥存于服务器（演示或小型单位）").check()
    page.get_by_label("计票口令", exact=True).fill(PASSPHRASE)
    page.get_by_label("再次输入计票口令").fill(PASSPHRASE)
    press(page, "制票", then="已制票")


def print_slips(page: Page) -> dict[str, list[PaperSlip]]:
    choose(page, "印制凭条")
    found = {}
    for kind in SLIPS:
        row = page.get_by_role("row").filter(has_text=kind)
        with page.expect_download() as waiting:
            row.get_by_role("button", name="印制并下载").click()
        found[kind] = slips_on(waiting.value.path().read_bytes())
    choose(page, "我的工作", "办理评价轮次", TITLE)
    return found


def one_marks_on_a_phone(page: Page, slip: PaperSlip) -> None:
    page.goto(f"/v/{slip.fragment}")
    finger = Finger(page)
    expect(page.get_by_text("请您给3个单位打分（企业评议，0—10分，以0.5分为单位）")).to_be_visible()
    finger.button("开始评价")
    page.get_by_role("button", name="区甲局").tap()
    finger.answer("企业评议", "9")
    finger.button("加0.5")
    finger.button("下一个")
    finger.answer("企业评议", "7")
    finger.button("返回名单")
    assert fits(page)
    finger.button("其余1个不评，去核对")
    finger.button("提交评价")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()


def others_mark(page: Page, county: UnitsCounty, slips: dict[str, list[PaperSlip]]) -> None:
    for kind, ballots in SLIPS.items():
        form = form_of(page.request, slips[kind][0].key)
        for said in ballots:
            answers = {county.keys[name]: {"mark": mark} for name, mark in said.items()}
            vote(page.request, form, slips[kind].pop(), answers)


def fill_in_sheets(county: UnitsCounty, desks: Desks) -> None:
    """One leader and one unit on the page, the other two by the service that the page calls."""
    office = desks("centre_operator")
    for label in ("领导评议", "部门评议"):
        open_channel(office, label)
        office.get_by_label("打总分").check()
        press(office, "选定打分方式", then="已选定打分方式")
    office.get_by_label("姓名").fill("区甲局评议人")
    office.get_by_label("账户").select_option(str(county.users["department_reviewer"].pk))
    press(office, "新增评议人", then="已新增评议人")
    open_channel(office, "领导评议")
    office.get_by_label("姓名").fill("示例领导")
    office.get_by_label("账户").select_option(str(county.users["marker"].pk))
    press(office, "新增评议人", then="已新增评议人")
    marks_on_a_sheet(desks("marker"), "领导评议", dict(zip(UNITS, LEADERS["marker"], strict=True)))
    marks_on_a_sheet(desks("department_reviewer"), "部门评议", BY_UNITS["区甲局"])
    others = {
        "leaders": dict(zip(UNITS, LEADERS["另一领导"], strict=True)),
        "departments": BY_UNITS["区乙局"],
    }
    units = {row.name: row for row in county.departments}
    for panel, marks in others.items():
        account = User.objects.create_user(f"other-{panel}", role=Role.MARKER)
        unit = units["区乙局"] if panel == "departments" else None
        made = panels.add_marker(
            panel=panels.panel_of(Channel.objects.get(need=f"marks.{panel}")),
            name="另一评议人",
            unit=unit,
            account=account,
            acting_user=county.operator,
        )
        typed = {(county.keys[name], TOTAL): mark for name, mark in marks.items()}
        marking.submit_sheet(
            sheet=made.sheets.get(), typed=typed, seen=0, zeros_confirmed=False, now=NOW, acting_user=account
        )


def open_channel(page: Page, label: str) -> None:
    page.goto(f"/office/rounds/{Round.objects.get().pk}/channels/")
    page.get_by_role("row").filter(has_text=label).get_by_role("link", name="填报").click()


def marks_on_a_sheet(page: Page, label: str, marks: dict[str, str]) -> None:
    page.get_by_role("link", name=f"填写“{label}”打分表").click()
    for name, mark in marks.items():
        page.get_by_label(name, exact=True).fill(mark)
    expect(page.get_by_text("已自动保存")).to_be_visible()
    press(page, "提交打分表", then="打分表已提交")


def enter_into_the_ledger(desks: Desks) -> None:
    """One deduction and one bonus, entered by the office and confirmed by the reviewer."""
    office, reviewer = desks("centre_operator"), desks("centre_reviewer")
    for unit, item in (("区乙局", "item:admonished"), ("区甲局", "item:commended_zone")):
        office.goto("/office/rounds/ledgers/of/jilin-jkq-2021/new/")
        office.get_by_label("单位").select_option(label=unit)
        office.get_by_label("项目").select_option(item)
        office.get_by_label("发生日期").fill(timezone.localdate().isoformat())
        press(office, "登记", then="已登记，待另一人确认后计分")
    reviewer.goto("/office/rounds/ledgers/of/jilin-jkq-2021/")
    for box in reviewer.get_by_role("checkbox").all():
        box.check()
    press(reviewer, "确认所选记录", then="已确认所选记录")


def settle_channels(desks: Desks) -> None:
    """Two persons open each panel; the reviewer settles what is complete."""
    reviewer = desks("centre_reviewer")
    channels = f"/office/rounds/{Round.objects.get().pk}/channels/"
    for label in ("领导评议", "部门评议"):
        for page in (reviewer, desks("inspectorate")):
            page.goto(channels)
            page.get_by_role("row").filter(has_text=label).get_by_role("link", name="查看").click()
            press(page, "签署开启", then="已签署开启")
    for label in ("领导评议", "部门评议", "工作台账"):
        reviewer.goto(channels)
        reviewer.get_by_role("row").filter(has_text=label).get_by_role("link", name="办结").click()
        press(reviewer, "办结", then=f"“{label}”已办结")
    row = reviewer.get_by_role("row").filter(has_text="企业评议")
    expect(row).to_contain_text("收到7张，发出凭条没有清点")


def by_hand(county: UnitsCounty) -> dict[str, Any]:
    """The facts of this story, not read from the database."""
    day = timezone.localdate()
    subjects: dict[str, Any] = {}
    for place, name in enumerate(UNITS):
        given = {
            "leaders": [column[place] for column in LEADERS.values()],
            "departments": [marks[name] for marks in BY_UNITS.values() if name in marks],
            "enterprises": [one[name] for one in [ON_THE_PAGE, *SLIPS["企业"]] if name in one],
            "supervisors": [one[name] for one in SLIPS["营商环境监督员"] if name in one],
        }
        subjects[county.keys[name]] = {
            "name": name,
            "group": next(group for group, names in JILIN.items() if name in names),
            "marks": {panel: {f"x{at}": mark for at, mark in enumerate(m)} for panel, m in given.items()},
            "asked": {"leaders": 2, "departments": 2 if name == "区丙站" else 1},
        }
    event = {"date": day.isoformat(), "count": 1}
    subjects[county.keys["区乙局"]]["occurrences"] = {"admonished": [event]}
    subjects[county.keys["区甲局"]]["occurrences"] = {"commended_zone": [event]}
    return {"scheme": "jilin-jkq-2021", "period": str(day.year), "subjects": subjects}
