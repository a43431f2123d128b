"""The custodian's page: the key never touches server or network, and the server cannot count without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Page, expect

from evaluations import services
from office.auditing import chain as audit_chain
from surveys.ballots import keyfile, keygen
from surveys.ballots import verify as command
from surveys.ballots.encoding import to_b64
from surveys.box import custodian_page
from surveys.models import Survey
from tests.evaluations.county import fresh
from tests.journeys.conftest import CountyAt
from tests.journeys.custodian_page import CustodianPage, offline
from tests.journeys.voters import PaperSlip, form_of, look_up, one_votes, printed, vote
from tests.kit.browser import follow
from tests.kit.look import Look
from tests.kit.officials import choose, closing_time, press, rows_of, sign_in, sign_out
from tests.kit.publishing import publish
from tests.kit.worker import Worker, eventually, jobs_are_done

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

# Once the call that brought it in is over, since what a debugger evaluates may evaluate, too.
FORBIDDEN = """async () => {
  const refused = [];
  document.addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
  await new Promise((done) => setTimeout(done));
  try { new Function("return 1")(); } catch (problem) { refused.push("eval"); }
  try { await fetch("https://example.org/"); } catch (problem) { refused.push("fetch"); }
  const own = Object.assign(document.createElement("script"), {textContent: "window.got = 1"});
  document.body.appendChild(own);
  if (window.got === undefined) refused.push("foreign script");
  const image = document.createElement("img");
  await new Promise((done) => { image.onerror = done; image.src = "https://example.org/x.png"; });
  await new Promise((done) => setTimeout(done));
  return refused;
}"""

DROPPED = """() => {
  const field = document.body.appendChild(Object.assign(document.createElement("input"), {type: "file"}));
  const places = [document.body, document.querySelector("h1"), field];
  return places.map((place) => ["dragover", "drop"].map((name) => {
    const dataTransfer = new DataTransfer();
    return place.dispatchEvent(new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer}));
  }));
}"""


def test_the_address_serves_the_committed_file_to_everybody() -> None:
    """Byte for byte, as a file to keep; its own page, board, round and manual print its digest."""
    committed = custodian_page.PATH.read_bytes()
    answer = Client(headers={"accept-encoding": "gzip, br"}).get("/custodian.html")
    assert b"".join(answer) == committed
    assert answer.headers["Content-Disposition"] == 'attachment; filename="custodian.html"'
    assert "Content-Encoding" not in answer.headers
    assert not answer.cookies
    assert finders.find("custodian/custodian.html") is None  # where a browser would open it on the site
    assert custodian_page.digest() in Client().get("/custodian/").content.decode()  # before any round
    assert custodian_page.digest() in (settings.BASE_DIR / "docs/manuals/custodian.md").read_text()


def test_the_file_refuses_what_its_policy_does_not_name(chromium: Browser) -> None:
    """No connection and no program but its own, whatever is put into it."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(custodian_page.PATH.as_uri())
    dropped = page.evaluate(DROPPED)
    found = page.evaluate(FORBIDDEN)
    context.close()
    assert dropped == [[False, False], [False, False], [True, True]]  # else the browser would open the file
    directives = {"script-src", "connect-src", "script-src-elem", "img-src"}
    assert set(found) == {"eval", "fetch", "foreign script", *directives}


@pytest.fixture
def custodian(chromium: Browser, site: str, tmp_path: Path) -> Iterator[CustodianPage]:
    """Carried over from the site to a computer without a network."""
    saved = tmp_path / custodian_page.NAME
    with chromium.new_context() as online:
        saved.write_bytes(online.request.get(f"{site}/{custodian_page.NAME}").body())
    with offline(chromium, saved) as page:
        yield page


@pytest.mark.on_postgresql
def test_a_round_whose_key_stays_with_the_inspectorate(
    at: CountyAt, worker: Worker, desk: Page, phone: Page, custodian: CustodianPage
) -> None:
    """YC-R6: key, rehearsal, vote, returned slips, close, tally, result and the voter's own check."""
    county = at("frozen")
    round_ = county.round
    plan = {county.towns[0].pk: {"private": 20}}
    services.plan_slips(round=round_, plan=plan, acting_user=county.operator)

    sign_in(desk, "centre_operator")
    slips = prepare_and_open(desk, custodian, f"/office/rounds/{round_.pk}")
    tracker = one_votes(phone, slips[0], "县甲局", {"甲科长": "满意"})
    form = form_of(phone.request, slips[1].key)
    for slip in slips[1:6]:
        vote(phone.request, form, slip, {})
    survey = Survey.objects.get()
    scan(desk, survey, slips[6].fragment, "凭条未使用，已登记退回")
    scan(desk, survey, slips[6].code, "已经扫描登记过")
    desk.goto(f"/office/rounds/{round_.pk}/do/close/")
    desk.get_by_label("提前截止的原因").fill("各镇（街）均已办结")
    press(desk, "截止评价", then="已截止评价")
    eventually(jobs_are_done)
    sign_out(desk)

    sign_in(desk, "inspectorate")
    bundle = count_and_import(desk, custodian, f"/office/rounds/{round_.pk}")
    survey.refresh_from_db()
    verdict = custodian.verify(bundle, 票码清单摘要=survey.code_root, 校验码="2345 6789 " * 3 + "23")
    assert "票码清单摘要（开评前公布）与公布的一致" in verdict
    assert "发现1个问题" in verdict
    assert command.main([str(bundle), "--code-root", survey.code_root]) == 0
    for step in (county.compute, county.sign_off, county.serve, county.end_appeals):
        step(fresh(round_))
    publication = publish(round_, county)
    read_the_audit(desk)

    everybodys = bundle.with_name("public.zip")
    everybodys.write_bytes(phone.request.get(f"/b/{survey.public_id}/public.zip").body())
    assert "没有发现问题" in custodian.verify(everybodys, 票码清单摘要=survey.code_root)
    look_up(phone, survey.public_id, tracker, ballots=6)
    expect(phone.get_by_text(custodian_page.digest())).to_be_visible()
    phone.goto(f"/results/{publication.pk}/index.html")
    expect(phone.get_by_text("县甲局").first).to_be_visible()
    look = Look(phone, desk)
    look.at(f"/b/{survey.public_id}/")
    sign_in(phone, "inspectorate")
    inside = Look(phone, desk)
    inside.at(f"/office/surveys/{survey.pk}/controls/", f"/office/surveys/{survey.pk}/returned/")
    faults = [*look.faults, *inside.faults, *custodian.look.faults]
    assert not faults, "\n".join(faults)


def prepare_and_open(desk: Page, custodian: CustodianPage, round_: str) -> list[PaperSlip]:
    """Key, slips, rehearsal."""
    public = custodian.make_key()
    the_command_line_knows_the_key(custodian, public)
    desk.goto(f"{round_}/do/prepare/")
    desk.get_by_text("技术信息：保管人页面的校验值").click()
    expect(desk.get_by_text(custodian_page.digest())).to_be_visible()
    desk.get_by_label("截止时间").fill(closing_time())
    desk.get_by_label("计票公钥文件").set_input_files(public)
    press(desk, "制票", then="已制票")
    slips = printed(desk)
    desk.goto(f"{round_}/do/open/")
    challenge = desk.request.get(f"{round_}/rehearsal.txt").text().strip()
    desk.get_by_label("演练答复").fill("2345 6789 ABCD EFGH")
    press(desk, "核对答复，开始评价", then="开箱演练的答复不正确")
    desk.get_by_label("演练答复").fill(custodian.answer(challenge))
    press(desk, "核对答复，开始评价", then="已开始评价")
    return slips


def count_and_import(desk: Page, custodian: CustodianPage, round_: str) -> Path:
    """The bundle goes to the custodian, the counts come back."""
    desk.goto(f"{round_}/")
    with desk.expect_download() as waiting:
        desk.get_by_role("button", name="下载计票包").click()
    bundle = custodian.folder / waiting.value.suggested_filename
    waiting.value.save_as(bundle)
    counts = custodian.count(bundle)
    choose(desk, "查看核对情况")
    expect(desk.get_by_text("其余相符。")).to_be_visible()
    desk.goto(f"{round_}/do/tally/")
    file = FilePayload(name="counts.json", mimeType="application/json", buffer=counts)
    desk.get_by_label("计票结果文件").set_input_files(file)
    press(desk, "导入计票结果", then="计票结果与计票包核对一致，已导入")
    return bundle


def the_command_line_knows_the_key(custodian: CustodianPage, public: Path) -> None:
    """From the sheet follows the public file, and the key file names the same key."""
    private = keyfile.from_recovery(custodian.recovery)
    assert f"{keyfile.handed_over(private)}\n" == public.read_text()
    file = json.loads((custodian.folder / keygen.KEY_FILE).read_text())
    assert file["public"] == to_b64(keyfile.public_key(private))


def read_the_audit(page: Page) -> None:
    """Note the head, look for one kind of act, take the list away, have the chain checked."""
    audit_chain.seal(now=timezone.now())  # what the clock does every five minutes
    choose(page, "我的工作", "查阅操作审计")
    expect(page.get_by_text("已存证至第 1 块")).to_be_visible()
    follow(page.get_by_role("navigation", name="筛选").get_by_role("link", name="登录", exact=True))
    verbs = page.locator("td.field-verb").all_inner_texts()
    assert set(verbs) == {"登录"}
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出为表格", exact=True).click()
    rows = rows_of(waiting.value.path().read_bytes())
    assert len(rows) == len(verbs) + 1
    press(page, "核验审计记录", then="已开始核验")
    eventually(jobs_are_done)
    page.reload()
    expect(page.get_by_role("row", name="核验审计记录")).to_contain_text("审计存证核验通过")


def scan(page: Page, survey: Survey, text: str, said: str) -> None:
    """As a hand scanner does: it types and presses Enter."""
    page.goto(f"/office/surveys/{survey.pk}/returned/")
    page.get_by_label("凭条二维码或投票码").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist li").filter(has_text=said)).to_be_visible()
