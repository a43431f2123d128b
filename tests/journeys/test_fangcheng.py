"""A quarter of 方城 from the calendar of rounds to the published result, through the pages of the office.

Of every kind of channel at least one row is typed on its page; the others come in through the services.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from departments.models import Department
from evaluations import services
from evaluations.gathering.entries.grid import TypedRow
from evaluations.gathering.interviews import services as interviews
from evaluations.gathering.interviews.services import Call
from evaluations.gathering.ledger import services as ledger
from evaluations.models import Channel, Interview, Occurrence, Round, SchemeVersion
from evaluations.results.recompute import judge
from evaluations.rounds import periods
from office.roles import Role
from surveys.models import HandedInSample
from surveys.respondents.pools.member_import import import_members
from surveys.respondents.pools.structure_import import import_structure
from tests.evaluations.channels import typed
from tests.kit import pools
from tests.kit.browser import DESK, open_page
from tests.kit.files import table
from tests.kit.halls import code
from tests.kit.look import Look
from tests.kit.officials import act, choose, press, sign_in
from tests.kit.people import person
from tests.kit.publishing import run_waiting_jobs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

SCHEME = "fangcheng-2022"
UNITS = ("县甲局", "县乙局", "县丙局")
SOURCE = "县纪委监委通报第3期"
POINTS_BY_HAND = {"县甲局": "99.00", "县乙局": "73.00", "县丙局": "66.00"}
"""40 + 9 + 20 + 28 + 2; 29 + 5 + 19 + 30 - 10; 19 + 2 + 18 + 27."""


def facts_by_hand(day: str) -> dict[str, dict[str, Any]]:
    """What the channels are to give, as somebody would have written it into a file."""
    return {
        "县甲局": {
            "conditions": {"full_revisit": {"holds": True}, "problems_solved": {"holds": True}},
            "marks": {
                "rectification": {"points": 8},
                "innovation": {"highlight": 5, "effect": 3},
                "assigned_tasks": {"points": 8},
            },
            "placements": {"supervisors": {"tier": 1, "points": 8}, "publicity": {"tier": 1, "points": 9}},
            "measures": {"articles": 12},
            "external": {"indicators": {"纳税": 90}},
            "answers": {
                "enterprises": {"overall": {"满意": 1}},
                "masses": {"overall": {"满意": 40, "基本满意": 0, "不满意": 2}},
            },
            "occurrences": {"endorsed_city": [{"date": day, "count": 1, "practice": "一窗通办"}]},
        },
        "县乙局": {
            "conditions": {
                "full_revisit": {"holds": True},
                "problems_solved": {"holds": False},
                "no_problems": {"holds": False},
            },
            "marks": {
                "rectification": {"points": 6},
                "innovation": {"highlight": 3, "effect": 2},
                "assigned_tasks": {"points": 8},
            },
            "placements": {"supervisors": {"tier": 2, "points": 5}, "publicity": {"tier": 2, "points": 5}},
            "measures": {"articles": 5},
            "external": {"indicators": {"纳税": 80}},
            "answers": {
                "enterprises": {"overall": {"基本满意": 1}},
                "masses": {"overall": {"满意": 50, "基本满意": 3, "不满意": 0}},
            },
            "occurrences": {"broken_promise": [{"date": day, "count": 1}]},
        },
        "县丙局": {
            "conditions": {"full_revisit": {"holds": False}, "no_problems": {"holds": True}},
            "marks": {
                "rectification": {"points": 7},
                "innovation": {"highlight": 0, "effect": 1},
                "assigned_tasks": {"points": 6},
            },
            "placements": {"supervisors": {"tier": 3, "points": 2}, "publicity": {"tier": 3, "points": 2}},
            "measures": {"articles": 2},
            "external": {"indicators": {"纳税": None}},
            "answers": {
                "enterprises": {"overall": {"不满意": 1}},
                "masses": {"overall": {"满意": 30, "基本满意": 0, "不满意": 3}},
            },
        },
    }


COUNTED = tuple(f"overall/{word}" for word in ("满意", "基本满意", "不满意"))


def each(item: str, *values: str) -> dict[str, TypedRow]:
    return {name: typed(**{item: value}) for name, value in zip(UNITS, values, strict=True)}


# What is typed into each grid, unit by unit; the first unit's row is typed on the page of its kind.
ENTERED: dict[str, dict[str, TypedRow]] = {
    "conditions": {
        "县甲局": typed(full_revisit="是", problems_solved="是"),
        "县乙局": typed(full_revisit="是", problems_solved="否", no_problems="否"),
        "县丙局": typed(full_revisit="否", no_problems="是"),
    },
    "marks.rectification": each("total", "8", "6", "7"),
    "marks.innovation": {
        "县甲局": typed(highlight="5", effect="3"),
        "县乙局": typed(highlight="3", effect="2"),
        "县丙局": typed(highlight="0", effect="1"),
    },
    "marks.assigned_tasks": each("total", "8", "8", "6"),
    "placements.supervisors": each("points", "8", "5", "2"),
    "external.indicators": each("纳税", "90", "80", ""),
    "measures.articles": each("total", "12", "5", "2"),
    "placements.publicity": each("points", "9", "5", "2"),
    "answers.masses": {
        name: typed(**dict(zip(COUNTED, given, strict=True)))
        for name, given in zip(UNITS, (("40", "0", "2"), ("50", "3", "0"), ("30", "0", "3")), strict=True)
    },
}
ENTERED_ELSEWHERE = ("marks.innovation", "marks.assigned_tasks", "placements.supervisors")
"""Grids of kinds that another need brings to a page already."""


class Quarter:
    """People, units, a pool of enterprises that the units handed in, and the round of the last quarter."""

    def __init__(self) -> None:
        call_command("seed_calendar", verbosity=0)
        services.load_schemes()
        self.operator = person(Role.CENTRE_OPERATOR)
        self.reviewer = person(Role.CENTRE_REVIEWER)
        self.today = timezone.localdate()
        self.version = SchemeVersion.objects.get(scheme_id=SCHEME, is_active=True)
        self.period = periods.containing(self.today, 4)
        first, _ = periods.days_of(self.period, 4)
        self.before = periods.containing(first - timedelta(days=1), 4)
        for order, name in enumerate(UNITS):
            Department.objects.create(name=name, order=order, peer_group="责任单位")
        last = services.create_round(
            title=f"{periods.in_words(self.before)}效能监测",
            period=self.before,
            scheme_version=self.version,
            base_date=first - timedelta(days=1),
            persons_public="none",
            persons_public_decision="",
            acting_user=self.operator,
        )
        last.channels.filter(need="answers.enterprises").update(sample_size=1)
        last.channels.filter(need="external.indicators").update(named_items=["纳税"])
        self._make_pool()

    def _make_pool(self) -> None:
        """Two enterprises for each unit: one is drawn, the other is its reserve."""
        structure = [["企业库", "企业", name, 2, pools.LIST, 12] for name in UNITS]
        content = table(pools.STRUCTURE_HEADINGS, *structure)
        import_structure(content=content, file_name="结构.xlsx", acting_user=self.operator)
        rows = []
        for at, unit in enumerate(Department.objects.order_by("order")):
            for number in (1, 2):
                firm = code(10 * at + number)
                name = f"{unit.name[1]}{number}公司"
                rows.append(["企业", unit.name, firm, name, "", ""])
                HandedInSample.objects.create(
                    department=unit,
                    period="2026-Q1",
                    code=firm,
                    name=name,
                    matter="办理许可",
                    phone="0377-1234567",
                    handed_in_on=self.today,
                )
        content = table(pools.MEMBER_HEADINGS, *rows)
        import_members(content=content, file_name="名单.xlsx", acting_user=self.operator)

    @property
    def round(self) -> Round:
        return Round.objects.get(scheme_version=self.version, period=self.period)

    @property
    def title(self) -> str:
        return f"{periods.in_words(self.period)}效能监测"

    def channel(self, need: str) -> Channel:
        rows = Channel.objects.select_related("round__scheme_version", "round__survey")
        return rows.get(round=self.round, need=need)

    def row(self, name: str) -> int:
        return self.round.departments.get(name=name).pk

    def enter(self, need: str, rows: Mapping[str, TypedRow]) -> None:
        services.enter_in_grid(
            channel=self.channel(need),
            typed={self.row(name): row for name, row in rows.items()},
            default=TypedRow(source=SOURCE, source_on=self.today.isoformat()),
            now=timezone.now(),
            acting_user=self.operator,
        )

    def answered(self, one: Interview, word: str) -> None:
        call = Call(outcome="done", day=self.today, half="morning", answers={"overall": word})
        interviews.record_call(
            interview=one, call=call, today=self.today, now=timezone.now(), acting_user=self.operator
        )


@pytest.fixture
def quarter(site: str) -> Quarter:
    return Quarter()


@pytest.fixture
def checker(chromium: Browser, site: str) -> Iterator[Page]:
    """The reviewer's desk beside the operator's."""
    with open_page(chromium, site, DESK) as page:
        yield page


def test_a_quarter_from_the_calendar_to_the_published_result(
    quarter: Quarter, desk: Page, checker: Page
) -> None:
    """FC-R1, FC-R2, FC-R3, FC-R4, FC-R5, FC-R6, FC-R7, FC-R8, FC-R9, FC-R10, FC-R11, FC-R12, FC-R13"""
    sign_in(desk, Role.CENTRE_OPERATOR)
    sign_in(checker, Role.CENTRE_REVIEWER)
    look = Look(desk)
    begin_from_the_calendar(desk, look, quarter)
    draw_and_call(desk, look, quarter)
    fill_the_grids(desk, quarter)
    keep_the_ledger(desk, checker, quarter)
    confirm_and_settle(checker, quarter)
    choose(desk, "我的工作", "办理评价轮次", quarter.title)
    act(desk, "结束收集", "已结束收集")
    act(desk, "计算结果", "已计算")
    result = quarter.round.results.get()
    by_hand = {
        f"d{Department.objects.get(name=name).pk}": {"name": name, "group": "责任单位", **facts}
        for name, facts in facts_by_hand(quarter.today.isoformat()).items()
    }
    told = {"scheme": SCHEME, "period": quarter.period, "options": {}, "subjects": by_hand}
    assert result.outcome == judge(quarter.version, told)
    scores = {one["name"]: one["score"] for one in result.outcome["subjects"].values()}
    assert scores == POINTS_BY_HAND
    choose(checker, "我的工作", "办理评价轮次", quarter.title)
    act(checker, "审定结果", "已审定")
    best = Department.objects.get(name="县甲局")
    checker.goto(f"/office/rounds/{quarter.round.pk}/result/{best.pk}/sheet/")
    for words in ("得分情况", "备注"):
        expect(checker.get_by_role("columnheader", name=words)).to_be_visible()
    expect(checker.get_by_role("row").filter(has_text="宣传报道")).to_be_visible()
    desk.reload()
    act(desk, "送达结果", "已送达，申诉期开始")
    choose(desk, "结束申诉期")
    desk.get_by_label("提前公布的批准文号").fill("方优化营商办〔2026〕9号")
    press(desk, "结束申诉期", then="申诉期已结束")
    act(desk, "公布结果", "已提交公布")
    run_waiting_jobs()
    desk.goto("/results/")
    expect(desk.get_by_role("heading", level=1)).to_have_text(quarter.title)
    expect(desk.get_by_role("link", name="县甲局")).to_be_visible()
    assert quarter.round.state == Round.State.PUBLISHED
    assert look.faults == []


def begin_from_the_calendar(page: Page, look: Look, quarter: Quarter) -> None:
    """One click on the calendar shows what the last quarter hands on; one more makes the draft."""
    choose(page, "查看轮次日历")
    page.goto(f"{page.url}?year={quarter.period[:4]}")
    look.here(page, "calendar")
    words = periods.in_words(quarter.period)
    page.get_by_role("row", name=words).get_by_role("link", name="按上一轮新建").click()
    expect(page.get_by_text("方案、单位、渠道和评议人都没有变化")).to_be_visible()
    expect(page.get_by_label("轮次名称")).to_have_value(quarter.title)
    look.here(page, "what is taken over")
    press(page, "创建轮次", then="已按上一轮创建轮次")
    act(page, "锁定参评名单", "已锁定")
    choose(page, quarter.title)
    act(page, "开始收集", "已开始收集")


def draw_and_call(page: Page, look: Look, quarter: Quarter) -> None:
    """The draw of the round is the call list; who has no such number gives way to the reserve."""
    choose(page, "抽样")
    choose(page, "从“企业库”抽取")
    expect(page.get_by_label("用途")).to_have_value(quarter.title)
    said = {"在场人": "甲某", "在场人（二）": "乙某", "在场人所报数字": "17", "在场人（二）所报数字": "4"}
    for label, text in said.items():
        page.get_by_label(label, exact=True).fill(text)
    press(page, "抽取 3 个样本", then="已抽取")
    look.here(page, "draws of the round")
    choose(page, "列入调查名单")
    look.here(page, "call list from the draw")
    press(page, "列入调查名单", then="已按抽样列入调查名单")
    choose(page, "县丙局")
    page.get_by_role("link", name="公司").click()
    page.get_by_label("空号").check()
    page.get_by_label("上午").check()
    press(page, "登记", then="已登记")
    page.get_by_role("link", name="公司").click()
    choose(page, "由候补递补")
    look.here(page, "the reserve steps in")
    press(page, "递补", then="已由同一细分的下一名候补递补")
    page.get_by_role("row", name="待访问").get_by_role("link").click()
    page.get_by_label("成功").check()
    page.get_by_label("下午").check()
    page.get_by_label("每家企业最差的一项评价").select_option("不满意")
    page.get_by_label("办理用时（工作日）").fill("3")
    press(page, "登记", then="已登记")
    for name, word in (("县甲局", "满意"), ("县乙局", "基本满意")):
        quarter.answered(Interview.objects.get(subject__name=name), word)


def fill_the_grids(page: Page, quarter: Quarter) -> None:
    first, *others = UNITS
    for need, rows in ENTERED.items():
        if need == "placements.publicity":  # its tiers are suggested by the articles
            services.confirm_entries(
                channel=quarter.channel("measures.articles"), now=timezone.now(), acting_user=quarter.reviewer
            )
        if need in ENTERED_ELSEWHERE:
            quarter.enter(need, rows)
            continue
        quarter.enter(need, {name: rows[name] for name in others})
        page.goto(f"/office/rounds/entries/{quarter.channel(need).pk}/")
        if need in ("answers.masses", "external.indicators"):
            page.locator("#source").fill(SOURCE)
            page.locator("#source_on").fill(quarter.today.isoformat())
        subject = quarter.row(first)
        for at, column in enumerate(page.locator(f'input[name^="v-{subject}-"]').all()):
            column.fill(list(in_order(need, rows[first]))[at])
        press(page, "保存", then="已保存")


def in_order(need: str, row: TypedRow) -> Iterator[str]:
    """The values of a row in the order of the grid's columns."""
    if need.startswith("placements"):
        yield ""  # the points say the tier
    yield from row.values.values()
    yield from ("",) * 3


def keep_the_ledger(page: Page, checker: Page, quarter: Quarter) -> None:
    """One entry on the page, one through the service; the reviewer confirms both on the page."""
    page.goto(f"/office/rounds/ledgers/of/{SCHEME}/new/")
    page.get_by_label("单位").select_option(label="县甲局")
    page.get_by_label("项目").select_option("item:endorsed_city")
    page.get_by_label("发生日期").fill(quarter.today.isoformat())
    page.get_by_label("做法（事项）").fill("一窗通办")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".messagelist li")).to_be_visible()
    draft = ledger.Draft(
        department=Department.objects.get(name="县乙局"), value="item:broken_promise", day=quarter.today
    )
    ledger.enter_occurrence(
        scheme_id=SCHEME,
        draft=draft,
        today=quarter.today,
        now=timezone.now(),
        acting_user=quarter.operator,
    )
    checker.goto(f"/office/rounds/ledgers/of/{SCHEME}/")
    for box in checker.get_by_role("checkbox").all():
        box.check()
    press(checker, "确认所选记录", then="已确认所选记录")
    assert Occurrence.objects.filter(confirmed_by=quarter.reviewer).count() == 2


def confirm_and_settle(page: Page, quarter: Quarter) -> None:
    """One grid, the recheck and one settling on pages; the rest through the services."""
    page.goto(f"/office/rounds/entries/{quarter.channel('conditions').pk}/")
    page.get_by_role("button", name="确认全部").click()
    expect(page.locator(".messagelist li").filter(has_text="确认")).to_be_visible()
    page.goto(f"/office/rounds/interviews/{quarter.channel('answers.enterprises').pk}/")
    page.locator(".panel").get_by_role("link", name="公司").click()
    page.get_by_label("与记录一致", exact=True).check()
    press(page, "登记", then="已登记")
    now = timezone.now()
    for need in ENTERED:
        if need not in ("conditions", "measures.articles"):
            services.confirm_entries(channel=quarter.channel(need), now=now, acting_user=quarter.reviewer)
    page.goto(f"/office/rounds/{quarter.round.pk}/channels/")
    page.get_by_role("row", name="企业满意度").get_by_role("link", name="办结").click()
    press(page, "办结", then="已办结")
    for channel in quarter.round.channels.filter(state=Channel.State.OPEN):
        services.settle_channel(channel=quarter.channel(channel.need), now=now, acting_user=quarter.reviewer)
