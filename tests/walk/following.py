"""Following links as a reader does, from page to page; forms are sent only where they hand out a file."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.test import Client
from django.urls import Resolver404, resolve

from tests.walk.addresses import OFFICE, PUBLIC, Page

HERE = "http://testserver"
BY_NAME = re.compile("export$|workbook|-file$|posters|treasury|download|bundle")


def is_file(page: Page) -> bool:
    """By its address or by its name: what ends like a file, or is called one."""
    last = page.route.rstrip("/$").rpartition("/")[2]
    if last.endswith(".html"):
        return False
    return "." in last or ("_id>" not in last and bool(BY_NAME.search(page.name)))


class Links(HTMLParser):
    """The addresses on a page, and its forms that are posted, with what stands in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._inside: dict[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in {"a", "img", "link", "script"}:
            self.found.append(values.get("href") or values.get("src") or "")
        elif tag == "form":
            self._inside = {}
            if values.get("method", "").lower() == "post":
                self.forms.append((values.get("action", ""), self._inside))
        elif tag in {"input", "button"} and self._inside is not None and values.get("name"):
            if values.get("type") not in {"checkbox", "radio"} or "checked" in values:
                self._inside.setdefault(values["name"], values.get("value", ""))
            if "formaction" in values:
                self.forms.append((values["formaction"], self._inside))


FILES = {page.name for page in [*OFFICE, *PUBLIC] if is_file(page)}


class Walk:
    """What was asked: which files came, and what broke."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.broken: list[str] = []
        self.gone: list[str] = []
        self.pages: dict[str, bytes] = {}

    def ask(self, client: Client, url: str, data: dict[str, str] | None = None) -> Any:
        response = client.get(url) if data is None else client.post(url, data)
        if response.status_code >= 500:
            self.broken.append(f"{url} {response.status_code}")
        if response.status_code == 200:
            name = resolve(url.partition("?")[0]).view_name.removeprefix("admin:")
            content = b"".join(response) if response.streaming else response.content
            self.pages[url] = content
            if content and not response.get("Content-Type", "").startswith("text/html"):
                self.files.add(name)
        return response

    def follow(self, client: Client, start: str, *, most: int) -> None:
        """From page to page, at most so many addresses of each kind; of a publication all."""
        waiting, met, of_kind = deque([start]), {start}, Counter[str]()
        while waiting:
            url = waiting.popleft()
            for next_url, data in self.links(client, url):
                key = f"{next_url} {data is None}"
                kind = kind_of(next_url)
                if not kind or key in met or (of_kind[kind] >= most and kind != "published"):
                    continue
                met.add(key)
                of_kind[kind] += 1
                if data is None:
                    waiting.append(next_url)
                else:
                    self.ask(client, next_url, data)

    def links(self, client: Client, url: str) -> Iterator[tuple[str, dict[str, str] | None]]:
        response = self.ask(client, url)
        if response.status_code == 404:
            self.gone.append(url)
        if response.status_code in {301, 302}:
            yield inside(url, response["Location"]), None
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            found = Links(response.content.decode())
            yield from ((inside(url, one), None) for one in found.found)
            for action, data in found.forms:
                if kind_of(there := inside(url, action)) in FILES:
                    yield there, data


def inside(page: str, link: str) -> str:
    whole = urljoin(HERE + page, link).partition("#")[0]
    return whole.removeprefix(HERE) if whole.startswith(f"{HERE}/") else ""


def kind_of(url: str) -> str:
    if not url or "/logout/" in url or url.startswith("/static/"):
        return ""
    try:
        return resolve(url.partition("?")[0]).view_name.removeprefix("admin:")
    except Resolver404:
        return "nowhere"
