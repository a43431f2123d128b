"""Headless Chromium on a live server, as a phone and at a desk; a breach of the content policy fails."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test.utils import override_settings
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

PATIENCE = 60_000  # milliseconds, because machines are busy; a page that answers at once costs nothing
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 375, "height": 812},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}


def program() -> str | None:
    """The browser to start: Chromium's own headless build, which draws no window, else the whole one."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(transactional_db: None, live_server: LiveServer) -> Iterator[str]:
    """The address of a running site; links and codes made during the test lead to it."""
    with override_settings(PUBLIC_ORIGIN=live_server.url):
        yield live_server.url


def page_of(message: ConsoleMessage) -> str:
    """Where a message was written."""
    return message.page.url if message.page else "?"


@contextmanager
def open_page(chromium: Browser, site: str, device: dict[str, Any]) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **device
    )
    context.set_default_timeout(PATIENCE)
    breaches: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            breaches.append(f"{page_of(message)}: {message.text}")

    context.on("console", listen)
    context.on("weberror", lambda fault: breaches.append(f"script error: {fault.error}"))
    yield context.new_page()
    context.close()
    assert not breaches, "\n".join(breaches)


def follow(link: Locator) -> None:
    """Click a link and wait for the page behind it with its scripts: a key pressed before is lost."""
    link.page.wait_for_load_state()
    with link.page.expect_event("load"):
        link.click()


def fits(page: Page) -> bool:
    """Whether nothing runs over the side of the screen, once the page and its style sheets are there."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def held(page: Page, script: str) -> list[Route]:
    """Keep a script back, as a slow line does, until the test lets it go: `held(…).pop().continue_()`."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(script, hold, times=1)
    return waiting


@pytest.fixture
def phone(chromium: Browser, site: str) -> Iterator[Page]:
    with open_page(chromium, site, PHONE) as page:
        yield page


@pytest.fixture
def desk(chromium: Browser, site: str) -> Iterator[Page]:
    with open_page(chromium, site, DESK) as page:
        yield page
