"""The built page in Chromium against a ballot box without Django: the whole vote, and what can go wrong."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from surveys.ballots import casting, forms, slips
from surveys.ballots.encoding import from_b64, to_b64
from tests.kit.ballot_box_server import Box, serving
from tests.kit.browser import PHONE, open_page
from tests.kit.voting_page import SIX, SIX_AS_CELLS, Finger, fill_in, vote

pytestmark = pytest.mark.journey
AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def page(box: Box, chromium: Browser) -> Iterator[Page]:
    with serving(box) as site, open_page(chromium, site, PHONE) as page:
        yield page


def test_a_vote_on_six_persons_takes_at_most_20_taps_and_only_its_sealed_ballot_leaves_the_phone(
    page: Page, box: Box
) -> None:
    """What lies outside the fingerprint may be forged: it must not choose how a ballot travels."""
    box.ballot = "interim"
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.goto(box.link())
    assert vote(page, *SIX).taps <= 20
    assert box.opened() == [(SIX_AS_CELLS, [])]
    assert any(sent)
    assert not [body for body in sent if "满意" in body or '"answers"' in body]
    stored = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "满意" not in stored, "the phone keeps no answer"
    assert page.evaluate("location.href").endswith("/v/"), "the code has left the address"


def test_nothing_is_spent_before_the_voter_says_so(page: Page, box: Box) -> None:
    """A slip that was opened in one app only to look is as good as new in another."""
    page.goto(box.link())
    expect(page.get_by_role("button", name="开始评价")).to_be_visible()
    for said in ("示范县请您评价", "评价截止：2026年9月30日18时", "请在这部手机的同一个应用中填完"):
        expect(page.get_by_text(said)).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="开始评价")).to_be_visible()
    assert box.requests == []
    assert page.evaluate("Object.keys(localStorage).filter(name => name !== 'elder')") == []


def test_a_change_of_mind_replaces_the_ballot_and_keeps_the_tracker(page: Page, box: Box) -> None:
    page.goto(box.link())
    vote(page, "满意", "比较满意", own=True)
    tracker = page.locator(".v-code").inner_text()
    expect(page.get_by_text("修改时须全部重新填写，提交后原来的评价作废")).to_be_visible()
    page.get_by_role("button", name="修改评价").click()
    fill_in(Finger(page), "不满意", "不满意")
    assert box.opened() == [(bytes([4, 4]) + bytes(7), [])]
    assert page.locator(".v-code").inner_text() == tracker


def test_who_wants_keeps_the_answers_for_a_change_of_mind_until_the_close(page: Page, box: Box) -> None:
    page.goto(box.link())
    finger = Finger(page)
    finger.begin(own=True)
    finger.open_department()
    finger.answer(0, "满意")
    finger.answer(1, "不满意")
    page.get_by_label("具体事项").fill("窗口排队")
    finger.button("核对评价")
    expect(page.get_by_text("具体事项：窗口排队")).to_be_visible()
    page.get_by_label("在本机保留填写的内容").check()
    finger.button("提交评价")
    expect(page.get_by_text("填写的内容加密保留在本机")).to_be_visible()
    page.goto(box.link())
    page.reload()
    page.get_by_role("button", name="修改评价").click()
    finger.button("下一步")
    finger.answer(0, "比较满意")
    finger.hand_in()
    assert box.opened() == [(bytes([2, 4]) + bytes(7), [(1, "窗口排队", "")])]
    box.trackers = []
    page.goto(box.link())
    page.reload()
    expect(page.get_by_text("本轮评价已于9月30日结束")).to_be_visible()
    box.trackers = None
    page.reload()
    expect(page.get_by_text("修改时须全部重新填写")).to_be_visible()


def test_who_comes_back_after_the_close_hears_that_nothing_was_handed_in(page: Page, box: Box) -> None:
    page.goto(box.link())
    finger = Finger(page)
    finger.begin(own=True)
    finger.open_department()
    finger.answer(0, "满意")
    page.wait_for_load_state("networkidle")
    box.trackers = []
    page.reload()
    expect(page.get_by_text("您填写的内容没有提交")).to_be_visible()
    page.reload()
    expect(page.get_by_text("本轮评价已于9月30日结束")).to_be_visible()
    expect(page.get_by_text("您填写的内容没有提交")).to_have_count(0)


@pytest.mark.parametrize("own", [True, False])
def test_of_two_windows_on_one_slip_the_later_vote_counts(page: Page, box: Box, *, own: bool) -> None:
    """Whatever steps seq makes; on a shared device the first window has taken the credential away with it."""
    other = page.context.new_page()
    for window in (page, other):
        window.goto(box.link())
        expect(window.get_by_role("button", name="开始评价")).to_be_visible()
    page.add_init_script(LARGE_STEPS)
    page.reload()
    one, two = Finger(page), Finger(other)
    one.begin(own=own)
    one.open_department()
    two.begin(own=own)
    two.open_department()
    one.answer(0, "满意")
    two.answer(0, "不满意")
    other.wait_for_load_state("networkidle")
    one.hand_in()
    two.hand_in()
    assert len(box.cast) == 1, "one slip is one credential"
    assert box.opened() == [(bytes([4]) + bytes(8), [])]
    assert page.locator(".v-code").inner_text() == other.locator(".v-code").inner_text()


LARGE_STEPS = """(() => {
  const random = crypto.getRandomValues.bind(crypto);
  crypto.getRandomValues = (array) => array instanceof Uint32Array ? array.fill(65535) : random(array);
})()"""


def test_a_reason_is_asked_for_never_demanded_and_has_a_limit(page: Page, box: Box) -> None:
    page.goto(box.link())
    finger = Finger(page)
    finger.begin()
    finger.open_department()
    finger.answer(0, "满意")
    expect(page.get_by_label("具体事项")).to_have_count(0)
    finger.answer(0, "不满意")
    finger.answer(1, "基本满意")
    expect(page.get_by_label("具体事项")).to_have_count(2)
    matter = page.get_by_label("具体事项").first
    matter.fill("字" * 1501)
    finger.button("核对评价")
    expect(page.get_by_text("文字超出1字")).to_be_visible()
    said = "窗口排队\n时间长" + "字" * 1492
    matter.fill(said)
    finger.hand_in()
    assert len(said) == 1500
    assert box.opened() == [(bytes([4, 3]) + bytes(7), [(0, said, "")])]


def test_nothing_is_lost_when_the_page_is_loaded_again(page: Page, box: Box) -> None:
    [code, *_] = box.codes
    page.goto(box.link())
    finger = Finger(page)
    finger.begin()
    finger.open_department(2)
    finger.answer(1, "比较满意")
    page.wait_for_load_state("networkidle")
    exchanged = box.codes[code]
    page.reload()
    expect(page.get_by_label("示范部门2")).to_be_checked()
    finger.button("下一步")
    expect(page.get_by_role("radio", name="比较满意").nth(1)).to_be_checked()
    finger.hand_in()
    assert exchanged
    assert box.codes[code] == exchanged, "the code bought one credential"
    assert box.opened() == [(bytes([0, 0, 0, 0, 2, 0, 0, 0, 0]), [])]


def test_a_lost_reply_can_be_asked_for_again(page: Page, box: Box) -> None:
    box.loses_reply_to = "/v/redeem"
    page.goto(box.link())
    finger = Finger(page)
    finger.begin()
    expect(page.get_by_text("内容没有丢失")).to_be_visible()
    finger.button("重试")
    finger.open_department()
    finger.answer(0, "满意")
    finger.button("核对评价")
    box.loses_reply_to = "/v/cast"
    finger.button("提交评价")
    expect(page.get_by_text("内容没有丢失")).to_be_visible()
    finger.button("重试")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()
    # A browser may by itself send again what got no answer on a connection that was open before.
    times = Counter(box.requests)
    assert list(times) == ["/v/redeem", "/v/cast"]
    assert min(times.values()) >= 2
    assert box.opened() == [(bytes([1]) + bytes(8), [])]


def test_with_swapped_keys_the_phone_sends_nothing(page: Page, box: Box) -> None:
    page.goto(box.link(fp="A" * 26))
    expect(page.get_by_role("heading", name="评价表与凭条不一致")).to_be_visible()
    assert box.requests == []


def test_a_typed_code_is_checked_and_the_fingerprint_compared_before_anything_is_sent(
    page: Page, box: Box
) -> None:
    [code, *_] = box.codes
    page.goto("/v/")
    page.get_by_label("票种").fill("k7m2")
    page.get_by_label("投票码").fill(slips.in_fours(code[:-1] + ("2" if code[-1] != "2" else "3")).lower())
    page.get_by_role("button", name="打开评价表").click()
    expect(page.get_by_text("逐位核对")).to_be_visible()
    page.get_by_label("投票码").fill(slips.in_fours(code).lower())
    page.get_by_role("button", name="打开评价表").click()
    shown = page.locator(".v-code").inner_text().replace(" ", "")
    assert box.link().endswith(f".{shown}")
    assert box.requests == []
    page.get_by_role("button", name="一致，继续").click()
    vote(page, "满意")
    assert box.opened() == [(bytes([1]) + bytes(8), [])]


def test_on_a_shared_tablet_the_next_slip_sees_nothing_of_the_former(page: Page, box: Box) -> None:
    first, second = list(box.codes)[:2]
    page.goto(box.link(first))
    vote(page, "满意")
    page.reload()
    expect(page.get_by_label("投票码")).to_be_visible()
    kept = json.loads(page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))
    assert kept == [{"elder": "0"}, {}]
    page.goto(box.link(second))
    finger = Finger(page)
    finger.begin()
    expect(page.get_by_text("已选0个部门")).to_be_visible()
    assert page.locator("input:checked").count() == 0
    fill_in(finger, "不满意")
    assert len(box.cast) == 2


def test_on_a_shared_tablet_nothing_is_left_of_who_walks_away(page: Page, box: Box) -> None:
    [code, *_] = box.codes
    page.clock.install()
    page.goto(box.link())
    finger = Finger(page)
    finger.begin()
    finger.open_department()
    finger.answer(0, "不满意")
    page.wait_for_load_state("networkidle")
    page.clock.fast_forward("09:00")
    expect(page.get_by_role("radio", name="✓ 不满意")).to_be_checked()
    page.clock.fast_forward("11:00")
    expect(page.get_by_text("10分钟没有操作")).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage)") == []
    page.goto(box.link(code))
    expect(page.get_by_text("已选0个部门")).to_be_visible()
    fill_in(finger, "满意")
    assert box.opened() == [(bytes([1]) + bytes(8), [])], "the slip can still vote"


def test_the_message_stands_where_the_button_is(page: Page, box: Box) -> None:
    page.goto(box.link())
    finger = Finger(page)
    finger.begin()
    finger.button("下一步")
    expect(page.locator(".v-bar").get_by_text("请至少选择一个打过交道的部门")).to_be_in_viewport()


def test_a_slip_used_elsewhere_is_refused_and_the_next_can_be_entered(page: Page, box: Box) -> None:
    [code, *_] = box.codes
    box.codes[code] = b"exchanged by another phone"
    page.goto(box.link())
    Finger(page).begin()
    expect(page.get_by_text("这张凭条已在另一个浏览器或应用中打开")).to_be_visible()
    expect(page.get_by_label("投票码")).to_be_visible()


def test_a_tracker_is_found_in_the_published_list_on_the_phone_itself(page: Page, box: Box) -> None:
    page.goto(box.link())
    vote(page, "满意")
    page.get_by_role("button", name="查询回执").click()
    look = page.get_by_role("button", name="查询", exact=True)
    for trackers, said in (
        (None, "名单在评价结束后公布，请届时再查"),
        ([cast.tracker for cast in box.cast.values()], "这张选票在票箱中"),
        (["0" * 64], "名单中没有这个回执码"),
    ):
        box.trackers = trackers
        look.click()
        expect(page.get_by_text(said)).to_be_visible()


def test_a_receipt_of_another_box_is_not_taken_for_one(page: Page, box: Box) -> None:
    box.seed = bytes(32)
    page.goto(box.link())
    finger = Finger(page)
    finger.begin()
    finger.open_department()
    finger.button("核对评价")
    finger.button("提交评价")
    expect(page.get_by_text("回执无法通过验证")).to_be_visible()


@pytest.mark.parametrize("missing", ["BigInt", "crypto", "fetch", "TextEncoder"])
def test_an_old_browser_is_told_how_to_get_a_paper_ballot(box: Box, chromium: Browser, missing: str) -> None:
    with serving(box) as site:
        page = chromium.new_page(base_url=site)
        page.add_init_script(f"Object.defineProperty(window, '{missing}', {{value: undefined}})")
        page.goto(box.link())
        expect(page.get_by_text("换取纸质票")).to_be_visible()
        page.close()
    assert box.requests == []


def test_a_browser_that_cannot_read_the_program_gets_the_same_notice(box: Box, chromium: Browser) -> None:
    """An old web view stops at the first word it does not know, in voter.js as in early.js."""
    with serving(box) as site:
        page = chromium.new_page(base_url=site)
        page.route(
            "**/*.js", lambda route: route.continue_() if "check" in route.request.url else newer(route)
        )
        page.goto(box.link())
        expect(page.get_by_text("换取纸质票")).to_be_visible()
        page.close()
    assert box.requests == []


def newer(route: Route) -> None:
    route.fulfill(content_type="text/javascript", body="const of = import of;")


def test_a_browser_of_the_first_days_of_bigint_votes(page: Page, box: Box) -> None:
    page.add_init_script(
        "delete window.globalThis; delete window.structuredClone;"
        "delete Object.hasOwn; delete Object.fromEntries;"
        "delete Promise.allSettled; delete String.prototype.replaceAll; delete String.prototype.matchAll;"
        "for (const name of ['flat', 'flatMap', 'at', 'findLast']) delete Array.prototype[name];"
    )
    page.goto(box.link())
    vote(page, "满意")
    assert len(box.cast) == 1


def with_photos(box: Box, *people: str) -> None:
    """Everybody on the ballot named here has a photo, as the frozen form says."""
    out = io.BytesIO()
    Image.new("RGB", (96, 128), "navy").save(out, "JPEG")
    digests = dict.fromkeys(people, sha256(out.getvalue()).hexdigest())
    box.photos = {"digests": digests, "photos": dict.fromkeys(people, to_b64(out.getvalue()))}
    form = box.public["form"]
    whole = f"sanliang/photos/1|{forms.canonical(digests)}"
    form["photos"] = {"digest": sha256(whole.encode()).hexdigest(), "kb": 3}
    for department in form["departments"]:
        for person in department["sections"][0]["persons"]:
            person.update({"photo": True} if person["id"] in people else {})
    box.checker = casting.Checker(box.public)


def photo_requests(box: Box) -> list[str]:
    return [path for path in box.asked if "photo" in path]


def test_a_photo_is_shown_on_tap_and_no_request_says_whose(page: Page, box: Box) -> None:
    with_photos(box, "d1p1", "d1p2", "d2p1")
    page.goto(box.link())
    finger = Finger(page)
    finger.begin()
    finger.open_department(1)
    assert photo_requests(box) == [], "nothing is fetched before somebody asks"
    expect(page.get_by_text("首次看照片时取回全部人员的照片（约0.1兆流量）")).to_be_visible()
    expect(page.get_by_role("button", name="看照片：")).to_have_count(2)
    finger.button("看照片：示例乙1")
    expect(page.get_by_role("img", name="示例乙1的照片")).to_be_visible()
    asked = photo_requests(box)
    finger.button("看照片：示例丙2")
    expect(page.get_by_role("img", name="示例丙2的照片")).to_be_visible()
    page.evaluate(AXE.read_text())
    inspect(page)
    finger.button("看照片：示例乙1")
    expect(page.get_by_role("img", name="示例乙1的照片")).to_have_count(0)
    assert photo_requests(box) == asked
    assert asked == [f"/v/photos/{box.public['form']['photos']['digest']}.json"]
    finger.answer(0, "满意")
    finger.hand_in()
    assert box.opened() == [(bytes([1]) + bytes(8), [])]


def test_a_photo_that_the_form_does_not_mean_is_not_shown(page: Page, box: Box) -> None:
    """A server could tag voters, or put another face beside a name."""
    with_photos(box, "d1p1", "d1p2")
    honest = dict(box.photos["photos"])
    del box.photos["photos"]["d1p2"]
    box.photos["photos"]["d1p1"] = to_b64(from_b64(honest["d1p1"]) + b"x")
    page.goto(box.link())
    finger = Finger(page)
    finger.begin()
    finger.open_department(1)
    finger.button("看照片：示例乙1")
    expect(page.get_by_text("照片与评价表不符，没有显示")).to_be_visible()
    finger.button("看照片：示例丙2")
    expect(page.get_by_text("照片已撤下")).to_be_visible()
    expect(page.get_by_role("img")).to_have_count(0)


def test_every_screen_is_clean_for_axe_and_its_targets_are_large_enough(page: Page, box: Box) -> None:
    page.goto(box.link())
    finger = Finger(page)
    page.get_by_role("button", name="开始评价").wait_for()
    page.evaluate(AXE.read_text())
    inspect(page)
    finger.begin(own=True)
    inspect(page)
    finger.open_department()
    finger.answer(0, "不满意")
    inspect(page)
    finger.button("长者版")
    inspect(page)
    finger.button("核对评价")
    inspect(page)
    finger.button("提交评价")
    expect(page.get_by_role("heading", name="评价已提交")).to_be_visible()
    inspect(page)
    finger.button("清除本机记录")
    inspect(page)


def inspect(page: Page) -> None:
    assert page.evaluate("axe.run().then(result => result.violations.map(each => each.id))") == []
    small = page.evaluate(
        """[...document.querySelectorAll("button, summary, label:has(input), input[type=text], textarea")]
           .filter(each => each.offsetHeight < 44).map(each => each.outerHTML)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
