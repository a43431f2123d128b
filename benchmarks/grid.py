"""Grids of 112 units and five columns on a slow computer: milliseconds from a key to the next picture.

    PYTHONPATH=. .venv/bin/python benchmarks/grid.py [units] [folder for pictures]

Counts as the office enters them, then a mark sheet with five aspects, saved as typed. The processor is six
times slower. The same keys go into an empty input on the same page, outside the grid: the ratio says what the
grid itself costs; the processor time of a key feels little of what else the machine does. Then a block of all
units is pasted into the first grid, and all of it is saved.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, CDPSession, Page

UNITS = 112
KEYS = 40
SCHEME, NEED = "wuyang-units-2022", "answers.ballot"
# Notes for each key how long it took until the picture after it was drawn.
WATCH = """() => {
  window.took = [];
  addEventListener("keydown", (event) => {
    const since = event.timeStamp;
    requestAnimationFrame(() => {
      const drawn = new MessageChannel();
      drawn.port1.onmessage = () => window.took.push(performance.now() - since);
      drawn.port2.postMessage(0);
    });
  }, true);
  const bare = document.createElement("input");
  bare.id = "bare";
  document.querySelector("#content").prepend(bare);
}"""
PASTE = """(text) => {
  const cell = document.querySelector("tbody input");
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const since = performance.now();
  cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
  return performance.now() - since;
}"""


def main() -> None:
    units = int(sys.argv[1]) if len(sys.argv) > 1 else UNITS
    pictures = sys.argv[2] if len(sys.argv) > 2 else ""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        os.environ["DEBUG"] = "1"
        print(json.dumps(measured(units, pictures), ensure_ascii=False, indent=1))


def measured(units: int, pictures: str) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from benchmarks.votes import web_server
    from departments.models import Department
    from office.models import User
    from tests.evaluations.channels import Office
    from tests.evaluations.jilin import Zone

    groups = {f"第{number}参评单位": "行政执法" for number in range(1, units + 1)}
    office = Office(SCHEME, groups, channels={NEED: "counts"})
    counts = Opened(office.operator, f"/office/rounds/entries/{office.channel(NEED).pk}/")
    Department.objects.update(is_active=False)
    User.objects.filter(pk=office.operator.pk).update(username="first")
    zone = Zone(by_aspect=True, groups={f"区第{number}单位": "局室公司" for number in range(units)}).begin()
    sheet = zone.marker("leaders", "甲某")
    marker = sheet.marker.account
    assert marker is not None  # noqa: S101 - a marker by account
    marks = Opened(marker, f"/office/rounds/sheets/mark/{sheet.pk}/")
    made = {"counts": counts.page(), "marks": marks.page()}
    connection.close()
    with web_server() as (port, _):
        in_browser(f"http://127.0.0.1:{port}", counts, marks, made, pictures)
    return made


class Opened:
    """A page as one user opens it."""

    def __init__(self, user: Any, path: str) -> None:
        from django.conf import settings
        from django.test import Client

        self.path, self.client = path, Client(headers={"host": "127.0.0.1"})
        self.client.force_login(user)
        self.cookie = (
            settings.SESSION_COOKIE_NAME,
            self.client.cookies[settings.SESSION_COOKIE_NAME].value,
        )

    def page(self) -> dict[str, Any]:
        self.client.get(self.path)  # templates are read once
        spent = time.process_time()
        answer = self.client.get(self.path)
        took = round((time.process_time() - spent) * 1000)
        return {"page_cpu_ms": took, "page_kB": len(answer.content) // 1000}


def in_browser(site: str, counts: Opened, marks: Opened, made: dict[str, Any], pictures: str) -> None:
    from playwright.sync_api import sync_playwright

    from tests.kit.browser import DESK, FLAGS, program

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        for name, opened in (("counts", counts), ("marks", marks)):
            context = browser.new_context(base_url=site, **DESK)
            cookie, value = opened.cookie
            context.add_cookies([{"name": cookie, "value": value, "url": site}])
            context.set_default_timeout(180_000)
            page = context.new_page()
            page.goto(opened.path)
            made[name] |= keys_on(page)
            if name == "counts":
                made[name] |= pasted_and_saved(page, made[name]["inputs"] // 8)
            made[name]["load"] = round(os.getloadavg()[0], 1)
            if pictures:
                take(context, opened.path, f"{pictures}/{name}")
            context.close()
        browser.close()


def keys_on(page: Page) -> dict[str, Any]:
    page.evaluate(WATCH)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    report: dict[str, Any] = {"inputs": page.locator("tbody input").count()}
    for place, box in (("empty input", "#bare"), ("grid", "tbody tr:nth-child(50) input")):
        page.locator(box).first.focus()
        page.evaluate("window.took.length = 0")
        before = busy(session)
        for number in range(KEYS):
            page.keyboard.press(str(number % 5))
            while page.evaluate("window.took.length") <= number:
                pass  # the policy of the page forbids waiting for an expression
            page.evaluate("document.activeElement.value = ''")
        took = sorted(page.evaluate("window.took"))
        report[place] = {
            "p50_ms": round(statistics.median(took), 1),
            "worst_ms": round(took[-1], 1),
            "processor_ms": round((busy(session) - before) * 1000 / KEYS, 1),
        }
    report["ratio"] = round(report["grid"]["p50_ms"] / report["empty input"]["p50_ms"], 2)
    return report


def busy(session: CDPSession) -> float:
    """Seconds of the page's thread so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


def pasted_and_saved(page: Page, units: int) -> dict[str, Any]:
    page.locator("tbody tr:nth-child(50) input").first.fill("")
    report = {"paste_ms": round(page.evaluate(PASTE, "\n".join(["12\t7\t3\t1\t0"] * units)), 1)}
    report["said"] = page.locator("#said").inner_text()
    page.get_by_label("来源", exact=True).fill("现场评议计票单")
    page.get_by_label("来源日期", exact=True).fill("2026-09-30")
    started = time.perf_counter()
    page.keyboard.press("Control+s")
    page.get_by_text("已保存，待另一人确认").wait_for()
    report["save_seconds"] = round(time.perf_counter() - started, 2)
    return report


def take(context: BrowserContext, path: str, name: str) -> None:
    """Pictures at the widths of a phone, a tablet and a desk."""
    page = context.new_page()
    for width in (375, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        page.screenshot(path=f"{name}-{width}.png")


if __name__ == "__main__":
    main()
