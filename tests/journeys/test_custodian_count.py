"""The custodian's page where something goes otherwise: older browsers, 取消, screens left, altered files."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from surveys.ballots import explanations
from surveys.ballots.bundle import Altered, Bundle
from surveys.ballots.controls import check_signed_counts, controls
from surveys.ballots.explanations import Explanation
from surveys.box import custodian_page
from tests.ballots.test_paper import on_paper, packet
from tests.journeys.custodian_page import CustodianPage, offline
from tests.kit.election import PASSPHRASE, Election, closed_election

pytestmark = pytest.mark.journey
KEY = "密钥文件 tally-key.json"
SAVE = "保存计票结果 counts.json"
YOUNG = "delete Object.hasOwn; delete self.structuredClone; delete Array.fromAsync;" + "".join(
    f"delete {kind}.prototype.{name};"
    for kind in ("Array", "Uint8Array")
    for name in ("at", "findLast", "findLastIndex", "toSorted", "toReversed", "with", "toHex")
)
# Of each call that a worker gets: it is noted; at the one named, a button is pressed before it is sent.
PRESS = """([call, label]) => {
  window.calls = [];
  window.running = 0;
  if (!window.Own) window.Own = window.Worker;
  window.Worker = class extends window.Own {
    constructor(script) {
      super(script);
      window.running += 1;
    }
    postMessage(data, moved) {
      window.calls.push(data.call);
      const buttons = [...document.querySelectorAll("button")];
      if (data.call === call) buttons.find((one) => one.textContent === label).click();
      super.postMessage(data, moved);
    }
    terminate() {
      window.running -= 1;
      super.terminate();
    }
  };
}"""
AT_ONCE = """() => {
  const watch = new MutationObserver(() => {
    const stop = [...document.querySelectorAll("button")].find((one) => one.textContent === "取消");
    if (!stop) return;
    watch.disconnect();
    stop.click();
  });
  watch.observe(document.body, {subtree: true, childList: true});
}"""


@pytest.fixture(scope="module")
def election() -> Election:
    return closed_election()


@pytest.fixture(scope="module")
def folder(election: Election, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stick with the bundle, one vote on paper in it, and the key file; read, never written."""
    found = tmp_path_factory.mktemp("stick")
    on_paper(election, found / "bundle.zip", {"K7M2": 1}, packet(election, "K7M2", b"\1\2\3\4", 1, []))
    election.key_file(found / "tally-key.json")
    return found


@pytest.fixture
def custodian(chromium: Browser, tmp_path: Path) -> Iterator[CustodianPage]:
    saved = tmp_path / custodian_page.NAME
    saved.write_bytes(custodian_page.PATH.read_bytes())
    with offline(chromium, saved) as page:
        yield page


def in_an_older_browser(page: bytes) -> bytes:
    """The file with a first line that takes away, in window and workers, what browsers had not in 2021."""
    before, found, after = page.decode().rpartition("<script>")
    script, end, rest = after.partition("</script>")
    older = YOUNG + script
    policy = before.replace(digest(script), digest(older))
    assert policy != before
    return f"{policy}{found}{older}{end}{rest}".encode()


def digest(script: str) -> str:
    return base64.b64encode(sha256(script.encode()).digest()).decode()


def check_bundle(custodian: CustodianPage, bundle: Path) -> None:
    """Up to the controls."""
    custodian.choose("计票")
    custodian.page.get_by_label("计票包").set_input_files(bundle)
    custodian.button("核对计票包").click()
    expect(custodian.page.get_by_text("清单有票箱签名")).to_be_visible()


def unlock(page: Page, folder: Path) -> None:
    page.get_by_label(KEY).set_input_files(folder / "tally-key.json")
    page.get_by_label("口令", exact=True).fill(PASSPHRASE)


def test_a_browser_of_2021_counts_two_bundles_with_key_file_and_passphrase(
    chromium: Browser, election: Election, folder: Path, tmp_path: Path
) -> None:
    """Whoever leaves counts that are not saved is asked; the result says of what it is."""
    saved = tmp_path / custodian_page.NAME
    saved.write_bytes(in_an_older_browser(custodian_page.PATH.read_bytes()))
    other = election.write(tmp_path / "other.zip")
    (tmp_path / "bad.json").write_text("{")
    with offline(chromium, saved) as custodian:
        page = custodian.page
        for bundle in (Bundle(folder / "bundle.zip"), other):
            check_bundle(custodian, bundle.path)
            custodian.button("下一步").click()
            page.get_by_label(KEY).set_input_files(tmp_path / "bad.json")
            page.get_by_label("口令", exact=True).fill(PASSPHRASE)
            custodian.button("开始计票").click()
            expect(page.get_by_text("无法读取密钥文件")).to_be_visible()
            expect(page.get_by_label("口令", exact=True)).to_have_value("")
            page.get_by_label("口令", exact=True).fill(PASSPHRASE)
            page.get_by_label("恢复单（没有密钥文件或忘记口令）").check()
            page.get_by_label("密钥文件和口令", exact=True).check()
            expect(page.get_by_label("口令", exact=True)).to_have_value("")
            unlock(page, folder)
            custodian.button("开始计票").click()
            expect(page.get_by_role("heading", name="查看和保存计票结果")).to_be_focused()
            custodian.button("返回首页").click()  # it asks, and is answered with no
            page.emulate_media(media="print")
            printed = page.locator("main").inner_text()
            page.emulate_media(media="screen")
            for said in (bundle.hash[:8], bundle.hash[-8:], bundle.survey, election.public["form"]["title"]):
                assert said in printed
            assert f"{bundle.size}张" in printed
            check_signed_counts(json.loads(custodian.take(SAVE).read_bytes()), bundle)


def test_a_count_that_is_cancelled_shows_nothing(custodian: CustodianPage, folder: Path) -> None:
    """At once, while ballots are opened, and while the counts are signed."""
    page = custodian.page
    check_bundle(custodian, folder / "bundle.zip")
    custodian.button("下一步").click()
    for call, last in (("", "fit"), ("countRange", "countRange"), ("sign", "sign")):
        page.evaluate(PRESS, [call, "取消"])
        if not call:
            page.evaluate(AT_ONCE)
        unlock(page, folder)
        custodian.button("开始计票").click()
        expect(page.get_by_text("已取消计票，没有写出计票结果")).to_be_visible()
        expect(page.get_by_role("heading", name="开票和计票")).to_be_visible()
        assert page.evaluate("calls.pop()") == last


def test_a_screen_that_is_left_ends_its_work(custodian: CustodianPage, folder: Path) -> None:
    """The worker is ended, nothing else begins, and nothing is shown on the screen that comes next."""
    page = custodian.page
    check_bundle(custodian, folder / "bundle.zip")
    for call in ("unlock", "sign"):
        custodian.button("下一步").click()
        page.evaluate(PRESS, [call, "返回首页"])
        unlock(page, folder)
        custodian.button("开始计票").click()
        expect(page.get_by_role("heading", name="请选择要办理的事项")).to_be_visible()
        expect(page.get_by_text("经检查，这个浏览器可以使用。")).to_be_visible()
        assert page.evaluate("running") == 0
        check_bundle(custodian, folder / "bundle.zip")
        assert page.evaluate("calls")[-2:] == [call, "look"]


def test_the_page_counts_only_what_it_checked(custodian: CustodianPage, folder: Path, tmp_path: Path) -> None:
    """Somebody writes into the file, and its date does not tell."""
    path = tmp_path / "bundle.zip"
    path.write_bytes((folder / "bundle.zip").read_bytes())
    check_bundle(custodian, path)
    custodian.button("下一步").click()
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(Bundle(path).region("ballots.bin").start)
        file.write(b"\xff")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    unlock(custodian.page, folder)
    custodian.button("开始计票").click()
    expect(custodian.page.locator(".fault")).to_have_text(str(Altered()))


def test_a_control_that_does_not_hold_stops_until_its_explanations_are_read(
    custodian: CustodianPage, election: Election, tmp_path: Path
) -> None:
    first, *rest = election.batches
    bundle = election.write(tmp_path / "broken.zip", batches=[{**first, "spoiled": 0}, *rest])
    broken = [one for one in controls(bundle) if not one.holds]
    assert broken
    given = tmp_path / "explanations.json"
    given.write_bytes(
        explanations.write(
            bundle.survey,
            [Explanation(one.key, one.said, "已由监票人查实。", "示例人员", "2026-09-30") for one in broken],
            [],
        )
    )
    check_bundle(custodian, bundle.path)
    page = custodian.page
    expect(page.get_by_text("查清之前不得计票")).to_be_visible()
    expect(custodian.button("下一步")).to_have_count(0)
    page.get_by_label("核对说明文件").set_input_files(given)
    custodian.button("读取核对说明").click()
    expect(page.get_by_text("已由监票人查实。（示例人员，2026年9月30日）")).to_be_visible()
    custodian.button("下一步").click()
    expect(page.get_by_role("heading", name="开票和计票")).to_be_focused()
