"""Looking up a receipt among 100,000 on a phone six times slower: bytes fetched, seconds of the phone.

The line is not slowed: 1.6 MB take 13 s at 1 Mbit/s, whatever the phone. "After the list" is from the last
byte to the answer on the screen, what the check costs; the whole also waits for this machine's test server.
"""

import os
import secrets
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.kit.ballot_box_server import Box, serving
from tests.kit.browser import FLAGS, PHONE, program
from tests.kit.voting_page import SIX, vote

SLOWER = 6
MOST_SECONDS, MOST_BYTES = 1.0, 4_000_000
LOOK = """() => new Promise((done) => {
  const said = document.querySelector(".v-result");
  performance.clearResourceTimings();
  const start = performance.now();
  new MutationObserver(() => {
    if (!/名单/.test(said.textContent)) return;
    const list = performance.getEntriesByType("resource").find((each) => /trackers[.]bin/.test(each.name));
    done([performance.now() - start, performance.now() - list.responseEnd, said.textContent]);
  }).observe(said, { childList: true });
  document.querySelector(".v-bar .v-main").click();
})"""


def expect(words: str, said: str) -> None:
    if words not in said:
        sys.exit(f"the page said: {said}")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    box = Box()
    with serving(box) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        page = browser.new_context(base_url=site, **PHONE).new_page()
        page.goto(box.link())
        vote(page, *SIX)
        own = [cast.tracker for cast in box.cast.values()]
        box.trackers = sorted([*own, *(secrets.token_hex(32) for _ in range(number - 1))])
        page.get_by_role("button", name="查询回执").click()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        fetched: list[float] = []
        session.on("Network.loadingFinished", lambda event: fetched.append(event["encodedDataLength"]))
        for run in range(3):
            page.get_by_label("回执码").fill(own[0])
            whole, after, said = page.evaluate(LOOK)
            expect(f"名单共{number}张票", said)
            page.get_by_label("回执码").fill("0" * 16)
            expect("没有这个回执码", page.evaluate(LOOK)[2])
            print(
                f"{number} receipts, run {run + 1}: {after / 1000:.2f} s after the list (wanted < "
                f"{MOST_SECONDS}), {whole / 1000:.2f} s in all, {max(fetched) / 1e6:.2f} MB (wanted < "
                f"{MOST_BYTES / 1e6:.0f}); load {os.getloadavg()[0]:.1f}"
            )
        browser.close()


if __name__ == "__main__":
    main()
