"""The voter's page on a slow phone: bytes over the line, seconds to the first answer, taps for a whole vote.

400 kbit/s, 400 ms round trip, a processor six times slower; 24 departments with 18 persons each. "Everything
there" is when form and program have arrived (the line's part); what follows is the processor's, which
feels whatever else the machine does: look at the load. A finger waiting on the page taps the first
department as soon as it is drawn; the screen that shows the tick is the first answer. The robot that
then votes (a browser driver, as slowed down as the page) needs longer to find the same box.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.kit.ballot_box_server import Box, serving
from tests.kit.browser import FLAGS, PHONE, program
from tests.kit.voting_page import SIX, vote

LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
ARRIVED = """() => Math.max(...performance.getEntriesByType("resource")
    .filter((each) => /voter[.]|early[.]|form/.test(each.name)).map((each) => each.responseEnd))"""
FINGER = """new MutationObserver((_, seen) => {
    const box = document.querySelector("input[type=checkbox]");
    if (!box) return;
    seen.disconnect();
    requestAnimationFrame(() => {
        box.click();
        requestAnimationFrame(() => requestAnimationFrame(() => {
            window.answered = box.isConnected && box.checked ? performance.now() / 1000 : NaN;
            box.click();
        }));
    });
}).observe(document, {childList: true, subtree: true})"""


def slow(page: Page) -> dict[str, float]:
    """Slow line and slow processor; returns the running sum of bytes received."""
    received = {"bytes": 0.0}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})

    def add(event: dict[str, Any]) -> None:
        received["bytes"] += event["encodedDataLength"]

    session.on("Network.loadingFinished", add)
    return received


def main() -> None:
    box = Box(departments=24, persons=18)
    with serving(box) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        for code in list(box.codes)[:3]:
            context = browser.new_context(base_url=site, **PHONE)
            page = context.new_page()
            page.add_init_script(FINGER)
            received = slow(page)
            start = time.perf_counter()
            page.goto(box.link(code))
            page.wait_for_function("window.answered !== undefined")
            first = page.evaluate("window.answered")
            page.get_by_label("示范部门1", exact=True).check()
            robot = time.perf_counter() - start
            size = received["bytes"]
            there = page.evaluate(ARRIVED) / 1000
            page.get_by_label("示范部门1", exact=True).uncheck()
            finger = vote(page, *SIX)
            total = time.perf_counter() - start
            said = f"everything there after {there:.1f} s, first answer after {first:.1f} s"
            said += f" (robot {robot:.1f} s)"
            said += f", {size / 1000:.0f} kB received; whole vote {finger.taps} taps, {total:.1f} s"
            print(f"{said}; load {os.getloadavg()[0]:.1f}")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
