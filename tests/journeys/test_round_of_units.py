"""A round about units as wholes, from the slips to the published result (GY-R3, GY-R5, GY-R6, GY-R7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from evaluations import services
from surveys import queries
from tests.evaluations.county import fresh
from tests.evaluations.units import GUANGYUAN, UnitsCounty
from tests.journeys.conftest import CountyAt
from tests.journeys.unit_steps import (
    by_hand,
    confirm_and_settle,
    publish,
    sign_off_and_serve,
    take_over_counts,
)
from tests.journeys.voters import Finger, PaperSlip, form_of, look_up, slips_on, vote
from tests.kit import officials
from tests.kit.browser import fits
from tests.kit.look import Look
from tests.kit.officials import act, choose, press, sign_in, sign_out
from tests.kit.worker import Worker, eventually, jobs_are_done

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PASSPHRASE = "计票口令只用于测试二〇二六"
TITLE = "2026年第三季度评议"
OTHERS = 11
WORDS = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
REALTIME = {
    "甲县": (20, 10, 5, 0, 0),
    "乙县": (25, 10, 0, 0, 0),
    "甲局": (30, 5, 0, 0, 0),
    "乙局": (10, 20, 5, 0, 0),
    "丙局": (10, 10, 10, 4, 1),
}
SAID = (
    {"policy": "满意", "service": "基本满意", "solving": "满意"},
    {"policy": "非常满意", "service": "满意", "solving": "基本满意"},
)
MOST = {
    "policy": {"满意": 6, "非常满意": 5},
    "service": {"基本满意": 6, "满意": 5},
    "solving": {"满意": 6, "基本满意": 5},
}
SCHEDULED: dict[str, dict[str, dict[str, int]]] = {
    "甲县": {
        "policy": {"满意": 6, "非常满意": 5, "非常不满意": 1},
        "service": {"基本满意": 6, "满意": 6},
        "solving": {"满意": 6, "基本满意": 5},
    },
    "乙县": MOST,
    "甲局": MOST,
}
"""What twelve voters said; the rest is 不了解."""
ASKED = ("efficiency", "style", "attitude", "duty", "lawful", "openness")
FACTS = {
    name: {
        "group": "县区" if name.endswith("县") else "市级部门",
        "answers": {
            "scheduled": {
                question: {**said, "不了解": OTHERS + 1 - sum(said.values())}
                for question in MOST
                for said in (SCHEDULED.get(name, {}).get(question, {}),)
            },
            "realtime": {key: dict(zip(WORDS, row, strict=True)) for key in ASKED},
        },
    }
    for name, row in REALTIME.items()
}
SCORES = {"甲县": "78", "乙县": "80", "甲局": "81"}


def frozen() -> UnitsCounty:
    call_command("seed_calendar", stdout=StringIO())
    county = UnitsCounty("guangyuan-2022", GUANGYUAN)
    made = county.create(channels={"answers.realtime": "counts"})
    county.round = services.freeze_subjects(round=made, acting_user=county.operator)
    return county


def test_a_round_about_units_from_slips_to_the_published_result(
    at: CountyAt, desk: Page, phone: Page, start_worker: Callable[..., Worker]
) -> None:
    county = at(frozen)  # type: ignore[arg-type] # another kind of county
    sign_in(desk, "centre_operator")
    choose(desk, "办理评价轮次", TITLE)
    choose(desk, "查看参评名单")
    expect(desk.get_by_text("本方案只评单位，不评个人")).to_be_visible()
    plan_and_make_slips(desk)
    slips = print_slips(desk)
    act(desk, "开始评价", "已开始评价", 计票口令=PASSPHRASE)
    receipt = one_rates_two_units(phone, slips[0])
    form = form_of(phone.request, slips[1].key)
    units = [unit["id"] for unit in form["public"]["form"]["departments"]]
    for number, slip in enumerate(slips[1 : 1 + OTHERS]):
        vote(phone.request, form, slip, dict.fromkeys(units[:3], SAID[number % 2]))
    start_worker()
    desk.reload()
    says_nothing_of_persons(desk)
    act(desk, "截止评价", "已截止评价", 提前截止的原因="评价人均已评完")
    eventually(jobs_are_done)
    act(desk, "计票", "已计票", 计票口令=PASSPHRASE)
    row = desk.get_by_role("row", name=f"评价人 {OTHERS + 1}")
    expect(row).to_be_visible()
    expect(desk.get_by_text("应占")).to_have_count(0)
    says_nothing_of_persons(desk)
    choose(desk, "查看和办理意见建议")
    expect(desk.get_by_role("row").filter(has_text="甲县")).to_be_visible()
    survey = fresh(county.round).survey
    assert survey is not None
    (counts,) = queries.counts(survey).values()
    assert counts[units[0]]["policy"]["非常不满意"] == 1
    assert counts[units[0]]["policy"]["满意"] == OTHERS // 2 + 1
    assert counts[units[4]]["solving"]["不了解"] == OTHERS + 1
    look_up(phone, survey.public_id, receipt, ballots=OTHERS + 1)
    to_the_published_result(desk)
    phone.goto("/results/")
    expect(phone.get_by_role("heading", level=1)).to_have_text(TITLE)
    for name, score in SCORES.items():
        expect(phone.get_by_role("row").filter(has_text=name)).to_contain_text(score)
    assert fits(phone)
    look = Look(phone)
    look.at(phone.url, phone.url.replace("index", "method"), phone.url.replace("index", f"{units[0]}"))
    assert not look.faults, "\n".join(look.faults)
    assert by_hand(fresh(county.round), FACTS) == []


def to_the_published_result(page: Page) -> None:
    """The counts of real-time ratings beside the ballot, then each step by whose turn it is."""
    choose(page, "我的工作", "办理评价轮次", TITLE, "查看和办理取数渠道")
    take_over_counts(page, {name: [*row, 0] * 6 for name, row in REALTIME.items()})
    confirm_and_settle(page, TITLE, "实时评价")
    sign_in(page, "centre_operator")
    choose(page, "办理评价轮次", TITLE)
    act(page, "计算结果", "已计算")
    sign_out(page)
    sign_off_and_serve(page, TITLE)
    publish(page)


def plan_and_make_slips(page: Page) -> None:
    """Voters of one kind: no shares to fill in, one column of numbers."""
    choose(page, TITLE, "安排票数")
    expect(page.get_by_text("本方案不要求评价主体占比")).to_be_visible()
    expect(page.get_by_role("heading", name="每个单位要多少票")).to_be_visible()
    page.get_by_label("票数合计（张）").fill("30")
    press(page, "按比例填写下表", then="已按各镇（街）市场主体数填写")
    expect(page.get_by_role("row", name="合计 30")).to_be_visible()
    press(page, "保存票数安排", then="已保存票数安排")
    says_nothing_of_persons(page)
    assert fits(page)
    choose(page, "制票")
    page.get_by_label("截止时间").fill(officials.closing_time())
    page.get_by_label("密钥存于服务器（演示或小型单位）").check()
    page.get_by_label("计票口令", exact=True).fill(PASSPHRASE)
    page.get_by_label("再次输入计票口令").fill(PASSPHRASE)
    press(page, "制票", then="已制票")


def print_slips(page: Page) -> list[PaperSlip]:
    choose(page, "印制凭条")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="印制并下载").first.click()
    slips = slips_on(waiting.value.path().read_bytes())
    choose(page, "我的工作", "办理评价轮次", TITLE)
    return slips


def one_rates_two_units(page: Page, slip: PaperSlip) -> str:
    """Two of five on a phone, a word about one, the rest with one tap; returns the receipt."""
    page.goto(f"/v/{slip.fragment}")
    finger = Finger(page)
    finger.button("开始评价")
    page.get_by_role("button", name="甲县").tap()
    finger.answer("政策落实", "非常不满意")
    page.get_by_label("具体事项").fill("承诺的奖补没有兑现")
    finger.answer("服务质效", "满意")
    finger.button("下一个")
    expect(page.get_by_role("heading", name="乙县")).to_be_visible()
    finger.answer("解决问题", "不了解")
    finger.button("返回名单")
    expect(page.get_by_text("已评2个，共5个单位")).to_be_visible()
    finger.button("其余3个不了解，去核对")
    finger.button("提交评价")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()
    assert fits(page)
    return re.sub(r"\s", "", page.locator(".v-code").inner_text())


def says_nothing_of_persons(page: Page) -> None:
    """People who do the work are named; persons who would be judged are not."""
    shown = page.inner_text("main").replace("人员办理", "")
    assert not re.search("各人员|参评人员|个人结果|多少人|人员结果", shown), shown
