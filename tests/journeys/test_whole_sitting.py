"""One sitting, once and whole: from the draw to the published result, by phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from departments.models import Membership
from evaluations import services
from office.models import Holiday
from office.roles import Role
from surveys.models import EntityKind, MarketEntity, Survey
from tests.evaluations.county import PASSPHRASE, County
from tests.journeys import sitting_work as sittings
from tests.journeys.paper_work import codes_on, key_by_hand, key_by_post, numbers_on
from tests.journeys.round_steps import appeal, compute_and_sign_off, end_appeals, serve
from tests.journeys.voters import PaperSlip, form_of, look_up, one_votes, printed, vote
from tests.kit import officials
from tests.kit.browser import DESK, PHONE, follow, open_page
from tests.kit.halls import code
from tests.kit.officials import act, choose, press, sign_in, sign_out
from tests.kit.people import person
from tests.kit.worker import Worker, eventually, jobs_are_done

pytestmark = [pytest.mark.journey, pytest.mark.on_postgresql, pytest.mark.timeout(600)]

TITLE = "2026年第三季度评价"
SLIPS, ON_PHONES, ON_PAPER = 20, 5, 12  # one more slip is spoiled, two go back
VOTERS = ON_PHONES + ON_PAPER
LIKE_MOST = {"甲科长": "满意", "甲科员一": "满意", "甲科员二": "比较满意"}
ON_THE_PAGE = {"甲科长": "满意", "甲科员一": "比较满意", "甲科员二": "不满意"}
BY_HAND, MISREAD, READ, SPOILED = "112", "112", "142", "*"  # 1 满意 100, 2 比较满意 80, 4 不满意 30
THE_REST = ("112", "211", "121") * 3

# Sixteen valid answers for each: five phones and eleven sheets; the twelfth sheet is spoiled.
# 甲科长 (13×100 + 3×80)/16 = 96.25; 甲科员一 (11×100 + 4×80 + 30)/16 = 90.625;
# 甲科员二 (6×100 + 9×80 + 30)/16 = 84.375; their mean is 90.4166…
# Nobody judged 县乙局, so it gets no number, and a reason.
COMPUTED = {"县甲局": ("90.42", "优秀"), "县乙局": ("样本不足",)}
PUBLISHED = {"县甲局": ("90", "优秀"), "县乙局": ("样本不足",)}  # fewer than 50 answers: a whole number


@pytest.fixture
def voter(chromium: Browser, site: str) -> Iterator[Page]:
    """The telephone of a voter."""
    with open_page(chromium, site, PHONE) as page:
        yield page


@pytest.fixture
def town_desk(chromium: Browser, site: str) -> Iterator[Page]:
    """The organizer's screen in the hall; tests/journeys/test_sitting.py does the same by telephone."""
    with open_page(chromium, site, DESK) as page:
        yield page


@pytest.fixture
def planned(county: County) -> County:
    """A round with its persons and twenty slips for one town, whose entities can be invited."""
    today = timezone.localdate()
    for year in (today.year, today.year + 1):  # the days of appeal are counted after a calendar
        Holiday.objects.get_or_create(day=date(year, 10, 1), defaults={"name": "国庆节"})
    MarketEntity.objects.bulk_create(
        MarketEntity(
            code=code(number), name=f"示例商行{number}", kind=EntityKind.PRIVATE, town=county.towns[0]
        )
        for number in range(SLIPS + 10)
    )
    Membership.objects.create(user=county.users["town_organizer"], town=county.towns[0])
    person(Role.PAPER_CLERK, "second_clerk")
    round_ = county.frozen(persons_public="all", options={})  # the thresholds of the scheme itself
    plan = {county.towns[0].pk: {"private": SLIPS}}
    services.plan_slips(round=round_, plan=plan, acting_user=county.operator)
    return county


def test_a_sitting_from_the_draw_to_the_published_result(
    planned: County, worker: Worker, desk: Page, town_desk: Page, voter: Page
) -> None:
    """YC-R5, YC-R6, YC-R8: invited, handed out, voted by phone and on paper, keyed, counted, published."""
    slips, sheet_code = prepare(desk)
    sign_in(town_desk, "town_organizer")
    invite_and_welcome(town_desk)

    on_phones, on_paper = slips[:ON_PHONES], slips[ON_PHONES:VOTERS]
    tracker = one_votes(voter, on_phones[0], "县甲局", ON_THE_PAGE)
    others_vote(voter, on_phones[1:])
    exchange(town_desk, on_paper, used=on_phones[0])
    count_slips_and_sign(town_desk)

    desk.goto("/office/")
    choose(desk, "办理评价轮次", TITLE)
    act(desk, "截止评价", "已截止评价", 提前截止的原因="各镇（街）均已办结")
    choose(desk, "核对纸质票")
    numbers = print_labels(desk)
    key(desk, numbers, sheet_code)
    reconcile(desk)
    check_controls(desk)

    act(desk, "计票", "已计票", 计票口令=PASSPHRASE)
    compute_and_sign_off(desk, TITLE, COMPUTED)
    serve(desk, TITLE)
    appeal(desk, TITLE)
    end_appeals(desk)
    act(desk, "公布结果", "已提交公布")
    eventually(jobs_are_done)

    read_the_result(voter)
    public_id = Survey.objects.get().public_id
    look_up(voter, public_id, tracker, ballots=ON_PHONES)
    expect(voter.get_by_text(f"{ON_PHONES} 张；另有纸质票 {ON_PAPER} 份")).to_be_visible()


def prepare(page: Page) -> tuple[list[PaperSlip], str]:
    """Slips and packets are printed, the box is opened; returns the slips and the code of 县甲局's sheet."""
    sign_in(page, "centre_operator")
    choose(page, "办理评价轮次", TITLE, "制票")
    page.get_by_label("截止时间").fill(officials.closing_time())
    page.get_by_label("密钥存于服务器（演示或小型单位）").check()
    page.get_by_label("计票口令", exact=True).fill(PASSPHRASE)
    page.get_by_label("再次输入计票口令").fill(PASSPHRASE)
    press(page, "制票", then="已制票")
    slips = printed(page)
    assert len({slip.code for slip in slips}) == SLIPS
    page.goto("/office/")
    choose(page, "办理评价轮次", TITLE)
    act(page, "开始评价", "已开始评价", 计票口令=PASSPHRASE)
    page.goto(f"/office/surveys/{Survey.objects.get().pk}/paper/")
    with page.expect_download() as waiting:
        page.get_by_role("row", name="民营企业").get_by_role("link").click()
    codes = codes_on(waiting.value.path().read_bytes())
    assert len(codes) == 2  # a sheet for each department
    return slips, codes[0]


def invite_and_welcome(page: Page) -> None:
    """Seventeen are drawn, all of them come; two witnesses watch."""
    choose(page, "办理现场评价")
    sittings.plan(page)
    page.get_by_label("民营企业邀请数").fill(str(VOTERS))
    press(page, "抽取名单", then="已抽取邀请名单")
    assert sittings.pages_of_notices(page) == -(-VOTERS // 2)
    sittings.name_witnesses(page)
    choose(page, "登记到场")
    boxes = page.get_by_role("group", name="民营企业　正选").get_by_role("checkbox")
    for place in range(VOTERS):
        boxes.nth(place).check()
    press(page, "保存到场登记", then="已登记到场")


def others_vote(page: Page, slips: list[PaperSlip]) -> None:
    """Alike, about everybody of 县甲局."""
    form = form_of(page.request, slips[0].key)
    ids = {
        who["name"]: who["id"]
        for unit in form["public"]["form"]["departments"]
        for section in unit["sections"]
        for who in section["persons"]
    }
    answers = {ids[name]: {"overall": word} for name, word in LIKE_MOST.items()}
    for slip in slips:
        vote(page.request, form, slip, answers)


def exchange(page: Page, slips: list[PaperSlip], used: PaperSlip) -> None:
    """A slip buys phone or paper, once: three on the page, the others as the page sends them."""
    address = f"/office/surveys/{Survey.objects.get().pk}/paper/exchange/"
    page.goto(address)
    for slip in slips[:3]:
        page.get_by_label("凭条二维码或投票码").fill(slip.code)
        press(page, "换领纸质票", then="已换领，凭条不能再用于手机投票")
    for slip, why in ((slips[0], "已经换领过纸质票"), (used, "已在手机上开始评价")):
        page.get_by_label("凭条二维码或投票码").fill(slip.code)
        press(page, "换领纸质票", then=why)
    token = page.locator("#scan [name=csrfmiddlewaretoken]").input_value()
    for slip in slips[3:]:
        answer = page.request.post(address, form={"csrfmiddlewaretoken": token, "text": slip.fragment})
        assert "已换领，凭条不能再用于手机投票" in answer.text()


def count_slips_and_sign(page: Page) -> None:
    """Seventeen handed out, two left, one spoiled; the minutes say so."""
    page.goto("/office/sittings/")
    follow(page.get_by_role("link", name="第1场"))
    sittings.count(page.get_by_role("group", name="民营企业"), str(VOTERS), "2", "1")
    press(page, "登记清点数", then="已登记凭条清点")
    text = sittings.minutes(page)
    assert "现场评价纪要" in text
    assert "甲某" in text


def print_labels(page: Page) -> list[str]:
    """Numbers to stick on the sheets; 县乙局's are all blank and get none."""
    page.get_by_label("标签个数").fill(str(ON_PAPER))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="印制编号标签").click()
    numbers = numbers_on(waiting.value.path().read_bytes())
    assert len(set(numbers)) == ON_PAPER
    return numbers


def key(page: Page, numbers: list[str], sheet_code: str) -> None:
    """Two clerks key each sheet, three of them with the keyboard; on the second they differ."""
    address = f"/office/surveys/{Survey.objects.get().pk}/paper/keying/"
    sign_out(page)
    for clerk, reads in (("paper_clerk", MISREAD), ("second_clerk", READ)):
        sign_in(page, clerk)
        page.goto(address)
        for number, marks in zip(numbers[:3], (BY_HAND, reads, SPOILED), strict=True):
            key_by_hand(page, number, sheet_code, marks)
        for number, marks in zip(numbers[3:], THE_REST, strict=True):
            key_by_post(page, number, sheet_code, marks)
        page.reload()
        expect(page.get_by_text(f"我已录入 {ON_PAPER} 张")).to_be_visible()
        sign_out(page)
    sign_in(page, "centre_operator")
    page.goto(address.replace("keying/", ""))
    expect(page.get_by_role("heading", name="待第三人录入")).to_be_visible()
    expect(page.locator(".numbers")).to_have_text(numbers[1])
    press(page, "结束录入", then="还有1张测评表没有核定")
    page.goto(address)
    key_by_hand(page, numbers[1], sheet_code, READ)


def reconcile(page: Page) -> None:
    """Twelve packets, twelve sheets of 县甲局, nothing open; the keying ends."""
    page.goto(f"/office/surveys/{Survey.objects.get().pk}/paper/")
    expect(page.get_by_role("columnheader", name=f"民营企业（共{ON_PAPER}份）")).to_be_visible()
    expect(page.get_by_role("row", name="县甲局")).to_have_text(f"县甲局{ON_PAPER}")
    expect(page.get_by_role("row", name="县乙局")).to_have_text("县乙局0")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".numbers")).to_have_count(0)
    press(page, "结束录入", then="纸质票录入已结束")
    eventually(jobs_are_done)


def check_controls(page: Page) -> None:
    """The inspectorate sees every number hold, per kind and per batch; then the centre counts."""
    sign_out(page)
    sign_in(page, "inspectorate")
    page.goto(f"/office/surveys/{Survey.objects.get().pk}/controls/")
    expect(page.get_by_text("全部相符")).to_be_visible()
    for group in ("票箱", "各批次：印制、发放与使用", "纸质票", "现场评价"):
        expect(page.locator("summary").filter(has_text=group).first).to_be_visible()
    packets = page.get_by_role("row", name=f"民营企业：纸质票{ON_PAPER}份")
    expect(packets).to_contain_text("相符")
    sign_out(page)
    sign_in(page, "centre_operator")
    choose(page, "办理评价轮次", TITLE)


def read_the_result(page: Page) -> None:
    """YC-R3: on the telephone, a number where enough judged and a reason where not."""
    page.goto("/results/")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    for name, words in PUBLISHED.items():
        row = page.get_by_role("row").filter(has_text=name)
        for word in words:
            expect(row).to_contain_text(word)
