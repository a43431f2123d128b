"""The voter's page on a slow phone: bytes over the line, seconds to the first answer, taps for a whole vote.

400 kbit/s, 400 ms round trip, a processor six times slower. Three ballots: 24 departments with 18 persons
each, of whom six are rated; 48 units with three questions each, of which six are rated; 112 units with one
question, of which twelve are rated. What is not rated is passed over with one tap.

"Everything there" is when form and program have arrived (the line's part); what follows is the processor's,
which feels whatever else the machine does: look at the load. A finger waiting on the page taps 开始评价 as
soon as it is drawn, then the first box or choice; the screen that shows its tick is the first answer. A robot
then votes on another slip.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.kit import ballot_form
from tests.kit.ballot_box_server import Box, serving
from tests.kit.browser import FLAGS, PHONE, program
from tests.kit.voting_page import SIX, Finger, vote

LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
ARRIVED = """() => Math.max(...performance.getEntriesByType("resource")
    .filter((each) => /voter[.]|early[.]|form/.test(each.name)).map((each) => each.responseEnd))"""
FINGER = """(() => {
    const two = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
    const wait = (find, then) => {
        const found = find();
        if (found) requestAnimationFrame(() => then(found));
        else setTimeout(() => wait(find, then), 4);
    };
    const buttons = () => [...document.querySelectorAll("button")];
    const begin = () => buttons().find((each) => each.textContent === "开始评价");
    const answer = () => {
        const unit = document.querySelector(".v-unit");
        if (unit) unit.click();
        return document.querySelector(".v-picks input, .v-choice input");
    };
    wait(begin, (start) => {
        start.click();
        wait(answer, (box) => {
            box.click();
            two(() => {
                const seen = box.isConnected && box.checked;
                document.documentElement.dataset.answered = seen ? performance.now() / 1000 : NaN;
            });
        });
    });
})()"""
TICKS = """async () => {
    const times = [];
    for (const choice of [...document.querySelectorAll(".v-picks input, .v-choice input")].slice(1, 9)) {
        const before = performance.now();
        choice.click();
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        times.push(performance.now() - before);
    }
    return Math.max(...times);
}"""


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


def measure(browser: Browser, name: str, box: Box, votes: Callable[[Page], Finger]) -> None:
    with serving(box) as site:
        slips = list(box.codes)
        for first, second in zip(slips[:6:2], slips[1:6:2], strict=True):
            context = browser.new_context(base_url=site, **PHONE)
            page = context.new_page()
            page.add_init_script(FINGER)
            received = slow(page)
            page.goto(box.link(first))
            page.wait_for_selector("html[data-answered]")
            answered = float(page.evaluate("document.documentElement.dataset.answered"))
            size, there = received["bytes"], page.evaluate(ARRIVED) / 1000
            ticks = page.evaluate(TICKS)
            context.close()
            context = browser.new_context(base_url=site, **PHONE)
            page = context.new_page()
            page.goto(box.link(second))
            finger = votes(page)
            context.close()
            print(
                f"{name}: {size / 1000:.0f} kB received, everything there after {there:.1f} s, "
                f"first answer after {answered:.1f} s, longest tick {ticks:.0f} ms; "
                f"whole vote {finger.taps} taps; load {os.getloadavg()[0]:.1f}"
            )


def on_six_units(page: Page) -> Finger:
    """Three questions on each; then all the rest at once."""
    finger = Finger(page)
    finger.begin()
    page.locator(".v-unit").first.click()
    finger.taps += 1
    for unit in range(6):
        for place in range(3):
            finger.answer(place, "满意")
        finger.button("下一个" if unit < 5 else "返回名单")
    return pass_over(finger, 42)


def on_twelve_units(page: Page) -> Finger:
    """One question on each, in the list."""
    finger = Finger(page)
    finger.begin()
    for unit in range(12):
        finger.answer(unit, "满意")
    return pass_over(finger, 100)


def pass_over(finger: Finger, left: int) -> Finger:
    finger.button(f"其余{left}个不了解，去核对")
    finger.button("提交评价")
    finger.page.get_by_role("heading", name="评价已提交").wait_for()
    return finger


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        persons = Box(departments=24, persons=18)
        measure(browser, "24 × 18 persons", persons, lambda page: vote(page, *SIX))
        of_three = Box(ballot_form.of_units(8, 40, questions=3))
        measure(browser, "48 units × 3", of_three, on_six_units)
        measure(browser, "112 units × 1", Box(ballot_form.of_units(28, 28, 28, 28)), on_twelve_units)
        browser.close()


if __name__ == "__main__":
    main()
