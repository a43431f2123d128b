"""The rating page on a slow phone: bytes over the line, seconds to the first tap and to the thanks.

    PYTHONPATH=. .venv/bin/python benchmarks/ratings_page.py [runs]

400 kbit/s, 400 ms round trip, a processor six times slower, as `voter_page.py`. A finger waiting on the page
taps the first level as soon as it is drawn; the picture that shows it chosen is the first tap. The second one
sends the form. Aim: 60 kB with everything, three taps. Prints one line per run.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import os
import sys
import tempfile
import time
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from benchmarks.ratings import APPLICATION, County
from benchmarks.voter_page import slow
from benchmarks.votes import web_server
from tests.kit.browser import FLAGS, PATIENCE, PHONE, program

FINGER = """(() => {
    const two = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
    const wait = () => {
        const level = document.querySelector("input[name=level], button[name=level]");
        if (!level) return setTimeout(wait, 4);
        two(() => {
            if (level.type === "radio") level.click();
            two(() => { document.documentElement.dataset.tapped = performance.now() / 1000; });
        });
    };
    wait();
})()"""


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        path = prepared()
        with web_server(APPLICATION) as (port, _), sync_playwright() as playwright:
            urlopen(f"http://127.0.0.1:{port}{path}").read()  # the server is warm before it is measured
            browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
            for _ in range(runs):
                print(measured(browser, f"http://127.0.0.1:{port}{path}"))
            browser.close()


def prepared() -> str:
    """A county with its codes; returns the address of one."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    path = f"/r/{County().codes[0].code}/"
    connection.close()
    return path


def measured(browser: Browser, address: str) -> str:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(FINGER)
    received = slow(page)
    page.goto(address)
    page.wait_for_selector("html[data-tapped]")
    tapped = float(page.evaluate("document.documentElement.dataset.tapped"))
    page.wait_for_load_state("networkidle")
    size, started = received["bytes"], time.perf_counter()
    page.locator("form button[type=submit]").first.click()
    page.get_by_role("heading", name="已经收到").wait_for()
    sent = time.perf_counter() - started
    context.close()
    return (
        f"{size / 1000:.1f} kB received, first tap after {tapped:.1f} s, thanks {sent:.1f} s after the next; "
        f"load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
