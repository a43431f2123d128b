"""The built page in Chromium against a ballot box without Django: the whole vote, and what can go wrong."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from surveys.ballots import slips
from tests.ballots.hall import Box, serve
from tests.kit.browser import PHONE, open_page

pytestmark = pytest.mark.journey
AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def hall(box: Box, chromium: Browser) -> Iterator[Page]:
    server = serve(box)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open_page(chromium, f"http://127.0.0.1:{server.server_port}", PHONE) as page:
        yield page
    server.shutdown()
    server.server_close()


class Taps:
    """A voter's finger; counts what it does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.count += 1

    def department(self, name: str) -> None:
        self.page.get_by_label(name, exact=True).check()
        self.count += 1

    def answer(self, place: int, word: str) -> None:
        self.page.locator("fieldset.v-question").nth(place).get_by_text(word, exact=True).click()
        self.count += 1


def vote(page: Page, *words: str) -> Taps:
    """Six persons in two departments, from the first screen to the receipt."""
    taps = Taps(page)
    taps.department("示范部门1")
    taps.department("示范部门2")
    taps.button("下一步")
    for place, word in enumerate(words[:3]):
        taps.answer(place, word)
    taps.button("下一部门")
    for place, word in enumerate(words[3:]):
        taps.answer(place, word)
    taps.button("核对评价")
    taps.button("提交评价")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()
    return taps


SIX = ("满意", "比较满意", "不满意", "基本满意", "不了解情况", "满意")
AS_CELLS = bytes([1, 2, 4, 3, 5, 1, 0, 0, 0])


def test_six_persons_in_two_departments_take_at_most_20_taps(hall: Page, box: Box) -> None:
    hall.goto(box.link(next(iter(box.codes))))
    assert vote(hall, *SIX).count <= 20


def test_no_word_of_the_server_makes_the_phone_send_an_open_ballot(hall: Page, box: Box) -> None:
    """What lies outside the fingerprint may be forged: it must not choose how a ballot travels."""
    box.ballot = "interim"
    hall.goto(box.link(next(iter(box.codes))))
    sent: list[str] = []
    hall.on("request", lambda request: sent.append(request.post_data or ""))
    vote(hall, *SIX)
    assert box.opened() == [(AS_CELLS, [])]
    assert sent
    assert not [body for body in sent if "满意" in body or '"answers"' in body]


def test_the_sealed_ballot_holds_what_was_tapped_and_the_phone_keeps_no_answer(hall: Page, box: Box) -> None:
    code = next(iter(box.codes))
    hall.goto(box.link(code))
    vote(hall, *SIX)
    assert box.opened() == [(AS_CELLS, [])]
    stored = hall.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "满意" not in stored
    assert hall.evaluate("location.href").endswith("/v/"), "the code has left the address"


def test_a_change_of_mind_replaces_the_ballot_and_keeps_the_tracker(hall: Page, box: Box) -> None:
    hall.goto(box.link(next(iter(box.codes))))
    vote(hall, *SIX)
    tracker = hall.locator(".v-code").inner_text()
    hall.get_by_role("button", name="修改评价").click()
    vote(hall, "不满意", "不满意", "不满意", "满意", "满意", "满意")
    assert box.opened() == [(bytes([4, 4, 4, 1, 1, 1, 0, 0, 0]), [])]
    assert hall.locator(".v-code").inner_text() == tracker


def test_a_reason_is_asked_for_and_never_demanded(hall: Page, box: Box) -> None:
    hall.goto(box.link(next(iter(box.codes))))
    taps = Taps(hall)
    taps.department("示范部门1")
    taps.button("下一步")
    taps.answer(0, "满意")
    expect(hall.get_by_label("具体事项")).to_have_count(0)
    taps.answer(0, "不满意")
    taps.answer(1, "基本满意")
    expect(hall.get_by_label("具体事项")).to_have_count(2)
    hall.get_by_label("具体事项").first.fill("窗口排队\n时间长")
    taps.button("核对评价")
    taps.button("提交评价")
    expect(hall.get_by_role("heading", name="评价已提交")).to_be_visible()
    assert box.opened() == [(bytes([4, 3]) + bytes(7), [(0, "窗口排队\n时间长", "")])]


def test_too_much_text_is_refused_on_the_phone(hall: Page, box: Box) -> None:
    hall.goto(box.link(next(iter(box.codes))))
    taps = Taps(hall)
    taps.department("示范部门1")
    taps.button("下一步")
    taps.answer(0, "不满意")
    hall.get_by_label("具体事项").fill("字" * 1501)
    taps.button("核对评价")
    expect(hall.get_by_text("文字超出1字")).to_be_visible()
    hall.get_by_label("具体事项").fill("字" * 1500)
    taps.button("核对评价")
    expect(hall.get_by_role("heading", name="核对评价")).to_be_visible()


def test_nothing_is_lost_when_the_page_is_loaded_again(hall: Page, box: Box) -> None:
    code = next(iter(box.codes))
    hall.goto(box.link(code))
    taps = Taps(hall)
    taps.department("示范部门2")
    taps.button("下一步")
    taps.answer(1, "比较满意")
    hall.wait_for_load_state("networkidle")
    exchanged = box.codes[code]
    hall.reload()
    expect(hall.get_by_label("示范部门2")).to_be_checked()
    taps.button("下一步")
    expect(hall.get_by_role("radio", name="比较满意").nth(1)).to_be_checked()
    taps.button("核对评价")
    taps.button("提交评价")
    expect(hall.get_by_role("heading", name="评价已提交")).to_be_visible()
    assert exchanged
    assert box.codes[code] == exchanged, "the code bought one credential"
    assert box.opened() == [(bytes([0, 0, 0, 0, 2, 0, 0, 0, 0]), [])]


@pytest.mark.parametrize("lost", ["redeem", "cast"])
def test_a_lost_reply_can_be_asked_for_again(hall: Page, box: Box, lost: str) -> None:
    box.lose_next_reply = lost == "redeem"
    hall.goto(box.link(next(iter(box.codes))))
    taps = Taps(hall)
    if lost == "redeem":
        taps.button("重试")
    taps.department("示范部门1")
    taps.button("下一步")
    taps.answer(0, "满意")
    taps.button("核对评价")
    box.lose_next_reply = lost == "cast"
    taps.button("提交评价")
    if lost == "cast":
        expect(hall.get_by_text("内容没有丢失")).to_be_visible()
        taps.button("重试")
    expect(hall.get_by_role("heading", name="评价已提交")).to_be_visible()
    assert box.opened() == [(bytes([1]) + bytes(8), [])]


def test_with_swapped_keys_the_phone_sends_nothing(hall: Page, box: Box) -> None:
    hall.goto(box.link(next(iter(box.codes)), fp="A" * 26))
    expect(hall.get_by_role("heading", name="评价表与凭条不一致")).to_be_visible()
    assert box.requests == []


def test_a_typed_code_is_checked_and_the_fingerprint_compared_before_anything_is_sent(
    hall: Page, box: Box
) -> None:
    code = next(iter(box.codes))
    hall.goto("/v/")
    hall.get_by_label("票种").fill("k7m2")
    hall.get_by_label("投票码").fill(slips.in_fours(code[:-1] + ("2" if code[-1] != "2" else "3")).lower())
    hall.get_by_role("button", name="打开评价表").click()
    expect(hall.get_by_text("逐位核对")).to_be_visible()
    hall.get_by_label("投票码").fill(slips.in_fours(code).lower())
    hall.get_by_role("button", name="打开评价表").click()
    shown = hall.locator(".v-code").inner_text().replace(" ", "")
    assert box.link(code).endswith(f".{shown}")
    assert box.requests == []
    hall.get_by_role("button", name="一致，继续").click()
    vote(hall, *SIX)
    assert box.opened() == [(AS_CELLS, [])]


def test_on_a_shared_tablet_the_next_slip_sees_nothing_of_the_former(hall: Page, box: Box) -> None:
    first, second = list(box.codes)[:2]
    hall.goto(box.link(first))
    vote(hall, *SIX)
    hall.get_by_role("button", name="清除本机记录").click()
    kept = json.loads(hall.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))
    assert kept == [{"sanliang.large": "0"}, {}]
    hall.goto(box.link(second))
    expect(hall.get_by_text("已选0个部门")).to_be_visible()
    assert hall.locator("input:checked").count() == 0
    vote(hall, *SIX)
    assert len(box.cast) == 2


def test_a_slip_used_elsewhere_is_refused_and_the_next_can_be_entered(hall: Page, box: Box) -> None:
    code = next(iter(box.codes))
    box.codes[code] = b"exchanged by another phone"
    hall.goto(box.link(code))
    expect(hall.get_by_text("这张凭条已经用过")).to_be_visible()
    expect(hall.get_by_label("投票码")).to_be_visible()


def test_a_tracker_is_found_in_the_published_list_on_the_phone_itself(hall: Page, box: Box) -> None:
    hall.goto(box.link(next(iter(box.codes))))
    vote(hall, *SIX)
    hall.get_by_role("button", name="查询回执").click()
    look = hall.get_by_role("button", name="查询", exact=True)
    look.click()
    expect(hall.get_by_text("名单在评价结束后公布，请届时再查")).to_be_visible()
    box.trackers = sorted(cast.tracker for cast in box.cast.values())
    look.click()
    expect(hall.get_by_text("这张票在票箱中")).to_be_visible()
    box.trackers = ["0" * 64]
    look.click()
    expect(hall.get_by_text("名单中没有这个回执码")).to_be_visible()


def test_a_receipt_of_another_box_is_not_taken_for_one(hall: Page, box: Box) -> None:
    box.seed = bytes(32)
    hall.goto(box.link(next(iter(box.codes))))
    taps = Taps(hall)
    taps.department("示范部门1")
    taps.button("下一步")
    taps.button("核对评价")
    taps.button("提交评价")
    expect(hall.get_by_text("回执无法通过验证")).to_be_visible()


@pytest.mark.parametrize("missing", ["BigInt", "crypto"])
def test_an_old_browser_is_told_how_to_get_a_paper_ballot(hall: Page, box: Box, missing: str) -> None:
    hall.add_init_script(f"Object.defineProperty(window, '{missing}', {{value: undefined}})")
    hall.goto(box.link(next(iter(box.codes))))
    expect(hall.get_by_text("换取纸质票")).to_be_visible()
    assert box.requests == []


def test_every_screen_is_clean_for_axe_and_its_targets_are_large_enough(hall: Page, box: Box) -> None:
    hall.goto(box.link(next(iter(box.codes))))
    taps = Taps(hall)
    hall.get_by_label("示范部门1").wait_for()
    inspect(hall)
    taps.department("示范部门1")
    taps.button("下一步")
    taps.answer(0, "不满意")
    inspect(hall)
    taps.button("长者版")
    inspect(hall)
    taps.button("核对评价")
    inspect(hall)
    taps.button("提交评价")
    expect(hall.get_by_role("heading", name="评价已提交")).to_be_visible()
    inspect(hall)
    taps.button("清除本机记录")
    inspect(hall)


def inspect(page: Page) -> None:
    found = page.evaluate(
        AXE.read_text() + ";axe.run().then(result => result.violations.map(each => each.id))"
    )
    assert found == []
    small = page.evaluate(
        """[...document.querySelectorAll("button, summary, label:has(input), input[type=text], textarea")]
           .filter(each => each.offsetHeight < 44).map(each => each.outerHTML)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
