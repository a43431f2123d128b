"""A grid of 112 units and five columns on a slow computer: milliseconds from a key to the next picture.

    PYTHONPATH=. .venv/bin/python benchmarks/grid.py [units] [folder for pictures]

The processor is six times slower. The same keys go into an empty input on the same page, outside the grid:
the ratio says what the grid itself costs. Then a block of all units is pasted, and all of it is saved.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from typing import Any

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
  const cell = document.querySelector("table.entries input");
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
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    call_command("migrate", verbosity=0)
    from benchmarks.votes import web_server
    from tests.evaluations.channels import Office

    names = [f"第{number}参评单位" for number in range(1, units + 1)]
    office = Office(SCHEME, dict.fromkeys(names, "行政执法"), channels={NEED: "counts"})
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(office.operator)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    path = f"/office/rounds/entries/{office.channel(NEED).pk}/"
    client.get(path)  # templates are read once
    spent = time.process_time()
    answer = client.get(path)
    made = {
        "page_cpu_ms": round((time.process_time() - spent) * 1000),
        "page_kB": len(answer.content) // 1000,
    }
    connection.close()
    with web_server() as (port, _):
        site = f"http://127.0.0.1:{port}"
        return made | in_browser(site, path, settings.SESSION_COOKIE_NAME, cookie, pictures)


def in_browser(site: str, path: str, name: str, cookie: str, pictures: str) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    from tests.kit.browser import DESK, FLAGS, program

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        context = browser.new_context(base_url=site, **DESK)
        context.add_cookies([{"name": name, "value": cookie, "url": site}])
        context.set_default_timeout(180_000)
        page = context.new_page()
        page.goto(path)
        page.evaluate(WATCH)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
        report: dict[str, Any] = {"inputs": page.locator("table.entries input").count()}
        for place, box in (("empty input", "#bare"), ("grid", "table.entries tbody tr:nth-child(50) input")):
            page.locator(box).first.focus()
            page.evaluate("window.took.length = 0")
            for number in range(KEYS):
                page.keyboard.press(str(number % 10))
                while page.evaluate("window.took.length") <= number:
                    pass  # the policy of the page forbids waiting for an expression
                if number % 5 == 4:
                    page.evaluate("document.activeElement.value = ''")
            took = sorted(page.evaluate("window.took"))
            report[place] = {"p50_ms": round(statistics.median(took), 1), "worst_ms": round(took[-1], 1)}
        report["ratio"] = round(report["grid"]["p50_ms"] / report["empty input"]["p50_ms"], 2)
        page.locator("table.entries tbody tr:nth-child(50) input").first.fill("")
        lines = "\n".join("12\t7\t3\t1\t0" for _ in range(report["inputs"] // 8))
        report["paste_ms"] = round(page.evaluate(PASTE, lines), 1)
        report["said"] = page.locator("#said").inner_text()
        page.get_by_label("来源", exact=True).fill("现场评议计票单")
        page.get_by_label("来源日期", exact=True).fill("2026-09-30")
        started = time.perf_counter()
        page.keyboard.press("Control+s")
        page.get_by_text("已保存，待另一人确认").wait_for()
        report["save_seconds"] = round(time.perf_counter() - started, 2)
        report["load_of_the_machine"] = round(os.getloadavg()[0], 1)
        if pictures:
            take(browser, context, site, path, pictures)
        browser.close()
    return report


def take(browser: Any, context: Any, site: str, path: str, folder: str) -> None:
    """Pictures at the widths of a phone, a tablet and a desk."""
    page = context.new_page()
    for width in (375, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        page.screenshot(path=f"{folder}/grid-{width}.png")


if __name__ == "__main__":
    main()
