"""Comments without a mouse: one person words them, another settles them, the department reads (YC-R8)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from evaluations import services
from evaluations.rounds.state import survey_of
from tests.evaluations.county import PASSPHRASE, fresh
from tests.journeys.conftest import CountyAt
from tests.kit.browser import follow
from tests.kit.look import Look
from tests.kit.officials import sign_in, sign_out
from tests.kit.survey_office import an_inspector, signed_again

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
WRITTEN = ("等候时间长", "材料反复补", "电话没人接", "9月3日白跑一趟", "张科长不耐烦")
WORDS = ("排队久", "材料要求不清", "咨询无人答复", "没有一次办成", "答复不耐心")


def test_comments_are_worded_settled_and_read_without_a_mouse(at: CountyAt, desk: Page, phone: Page) -> None:
    """YC-R8: topic by arrow key, words, Ctrl+Enter; then Enter alone."""
    county = at("counted")
    round_ = county.round
    unit = county.departments[0].pk
    comments = {f"d{unit}": [{"kind": "matter", "text": text} for text in WRITTEN]}
    content = signed_again(survey_of(round_), PASSPHRASE, comments=comments)
    services.import_counts(
        round=round_, content=content, reason="保管人重新计票，补上意见。", acting_user=an_inspector()
    )
    base, look = f"/office/rounds/{round_.pk}/", Look(desk)

    sign_in(desk, "centre_operator")
    look.at(base, f"{base}comments/", f"{base}comments/{unit}/")
    desk.goto(f"{base}comments/")
    follow(desk.get_by_role("link", name="逐条概括"))
    look.here(desk, "a comment to put in other words")
    for words in WORDS:
        before = desk.url
        expect(desk.get_by_role("radio").first).to_be_focused()
        desk.keyboard.press("ArrowDown")
        desk.keyboard.press("Tab")
        desk.keyboard.type(words)
        desk.keyboard.press("Control+Enter")
        expect(desk).not_to_have_url(before)
    expect(desk.get_by_text("请复核人员复核已提交的概括")).to_be_visible()
    sign_out(desk)

    sign_in(desk, "centre_reviewer")
    desk.goto(f"{base}comments/")
    follow(desk.get_by_role("link", name="逐条复核"))
    look.here(desk, "a proposal to settle")
    for _ in WORDS:
        before = desk.url
        expect(desk.get_by_role("button", name="同意")).to_be_focused()
        desk.keyboard.press("Enter")
        expect(desk).not_to_have_url(before)
    expect(desk.get_by_text("全部意见已办理完毕")).to_be_visible()
    sign_out(desk)

    county.serve(county.sign_off(county.compute(fresh(round_))))
    sign_in(phone, "department_officer")
    phone.goto(f"{base}result/{unit}/")
    for words in WORDS:
        expect(phone.get_by_text(words)).to_be_visible()
    expect(phone.get_by_text("张科长")).to_have_count(0)
    look.here(phone, "the department's page")
    assert not look.faults, "\n".join(look.faults)
