"""What can go wrong with a slip, on the page: the message, nothing changed, the draft as promised (YC-R6)."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from evaluations import services
from evaluations.models import Round
from surveys import queries
from surveys.ballots import slips
from tests.evaluations.county import PASSPHRASE, County, fresh
from tests.journeys.conftest import CountyAt
from tests.journeys.voters import Finger

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


@pytest.fixture
def county(at: CountyAt) -> County:
    return at("opened")


@pytest.fixture
def open_round(county: County) -> Round:
    return county.round


def slip_of(county: County, kind: str = "private") -> str:
    """Take the address on a fresh slip."""
    return county.urls[kind].pop()


def parts(url: str) -> tuple[str, str]:
    """Return key and code of a slip."""
    _, key, code, _ = url.partition("#")[2].split(".")
    return key, code


def type_in(page: Page, key: str, code: str) -> None:
    """Type what stands on a slip, as somebody does who cannot scan."""
    page.goto("/v/")
    page.get_by_label("票种").fill(key)
    page.get_by_label("投票码").fill(slips.in_fours(code).lower())
    page.get_by_role("button", name="打开评价表").tap()


def compare(page: Page) -> None:
    """Say that the page shows the same mark as the slip."""
    page.get_by_role("button", name="一致，继续").tap()


def refused(page: Page, words: str) -> None:
    """Read why, and find the fields for another slip below."""
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_label("投票码")).to_be_visible()


def fill_in(page: Page) -> Finger:
    """Rate one person, up to the last button."""
    finger = Finger(page)
    finger.button("开始评价")
    finger.department("县甲局")
    finger.button("下一步")
    finger.answer("甲科长", "满意")
    finger.button("核对评价")
    return finger


def close(round_: Round, county: County) -> None:
    """The centre ends the voting."""
    services.close_round(round=round_, today=date(2026, 9, 28), acting_user=county.operator)


def in_the_box(round_: Round, county: County) -> int:
    """Close and count: how many ballots there are in the end."""
    if fresh(round_).state == Round.State.OPEN:
        close(round_, county)
    services.tally_round(round=fresh(round_), passphrase=PASSPHRASE, acting_user=county.operator)
    assert round_.survey is not None
    return sum(queries.valid_ballots(round_.survey).values())


def test_a_mistyped_code_is_noticed_on_the_phone_and_can_be_corrected(
    county: County, open_round: Round, phone: Page
) -> None:
    key, code = parts(slip_of(county))
    wrong = code[:-1] + next(symbol for symbol in "23" if symbol != code[-1])
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    type_in(phone, key, wrong)
    refused(phone, "请对照凭条逐位核对")
    assert not [url for url in asked if "/v/form" in url or "/v/redeem" in url]
    type_in(phone, key, code)
    compare(phone)
    fill_in(phone).button("提交评价")
    expect(phone.get_by_role("heading", name="评价已提交")).to_be_visible()
    assert in_the_box(open_round, county) == 1


def test_a_code_that_was_never_printed_is_refused(county: County, open_round: Round, phone: Page) -> None:
    key, _ = parts(slip_of(county))
    type_in(phone, key, slips.new_code())
    compare(phone)
    phone.get_by_role("button", name="开始评价").tap()
    refused(phone, "票种或投票码不正确，投票码未被使用")
    assert in_the_box(open_round, county) == 0


def test_a_used_code_is_refused_truthfully_and_the_first_ballot_stays(
    county: County, open_round: Round, phone: Page
) -> None:
    url = slip_of(county)
    county.urls["private"].append(url)
    county.vote({"甲科长": "比较满意"})
    phone.goto(url)
    phone.get_by_role("button", name="开始评价").tap()
    refused(phone, "这张凭条已在另一个浏览器或应用中打开，或者已经提交过评价")
    assert in_the_box(open_round, county) == 1
    assert open_round.survey is not None
    counted = queries.counts(open_round.survey)
    words = [person["overall"] for people in counted.values() for person in people.values()]
    assert sum(word["比较满意"] for word in words) == 1
    assert sum(word["满意"] for word in words) == 0


def test_a_code_of_another_round_is_refused_and_stays_good_for_its_own(
    county: County, open_round: Round, phone: Page
) -> None:
    key, _ = parts(slip_of(county))
    county.opened(title="另一轮评价", period="2026-Q4")
    other = slip_of(county)
    type_in(phone, key, parts(other)[1])
    compare(phone)
    phone.get_by_role("button", name="开始评价").tap()
    refused(phone, "这个投票码属于另一轮评价，未被使用")
    phone.goto(other)
    fill_in(phone).button("提交评价")
    expect(phone.get_by_role("heading", name="评价已提交")).to_be_visible()
    assert in_the_box(open_round, county) == 0


def test_a_round_that_closes_while_somebody_fills_in_takes_nothing_and_the_draft_stays(
    county: County, open_round: Round, phone: Page
) -> None:
    phone.goto(slip_of(county))
    with phone.expect_response("**/v/redeem"):
        finger = fill_in(phone)
    close(open_round, county)
    finger.button("提交评价")
    expect(phone.get_by_text("本轮评价已经截止，本次提交未被登记")).to_be_visible()
    expect(phone.get_by_role("button", name="重试")).to_be_visible()
    phone.go_back()
    expect(phone.get_by_role("heading", name="县甲局")).to_be_visible()
    expect(phone.get_by_role("radio", name="✓ 满意", exact=True)).to_be_checked()
    assert in_the_box(open_round, county) == 0


def test_a_slip_of_a_closed_round_opens_no_form(county: County, open_round: Round, phone: Page) -> None:
    url = slip_of(county)
    close(open_round, county)
    phone.goto(url)
    expect(phone.get_by_text("已经截止").or_(phone.get_by_text("已截止")).first).to_be_visible()
    expect(phone.get_by_role("button", name="下一步")).to_have_count(0)
