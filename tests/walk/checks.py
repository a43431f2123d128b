"""What every answer of the walk must satisfy: small functions that name what is wrong with an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

from office.roles import Role
from tests.walk.addresses import BY_POST_ALONE, NOBODY, PAGES, Page

POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
ATTACK = '"><img src=x onerror=alert(1)>'
SHORT_ATTACK = "<b onx=1>"
MOST_QUERIES = 24
MOST_AT_THE_START = 46  # one or two for each of some twenty-five reminders; the centre has most of them
NO_PROSE = {"script", "style", "code", "pre", "textarea"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN = {"alt", "title", "aria-label", "placeholder"}
ENGLISH = re.compile(r"[A-Za-z]{3,} [a-z]{2,}")
OTHER_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|年0\d月|月0\d日")
UNSAID = re.compile(r"None|True|False|null|undefined|\[\]|\{\}")


class Reader(HTMLParser):
    """Collects the words and what a strict policy refuses: scripts, styles, foreign addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.offences: list[str] = []
        self.words: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        data_only = values.get("type") in {"application/json", "text/plain"}
        if (tag == "script" and "src" not in values and not data_only) or tag == "style":
            self.offences.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or re.fullmatch("on[a-z]+", name):
                self.offences.append(f"<{tag} {name}>")
            elif tag != "a" and name in {"src", "href", "action", "srcset"}:
                if re.match(r"(https?:)?//|data:|javascript:", value or ""):
                    self.offences.append(f"<{tag} {name}={value}>")
            elif name in SPOKEN and re.fullmatch("[A-Za-z ]+", value or ""):
                self.words.append(f"english words: {value}")
        if tag in NO_PROSE:
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            self._silent.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data.strip())


@lru_cache(maxsize=2)
def read(html: str) -> Reader:
    """Two checks read each page, one after the other."""
    reader = Reader()
    reader.feed(html)
    return reader


def offences(html: str) -> list[str]:
    """Return what the content policy would refuse."""
    return read(html).offences


def not_chinese(html: str) -> list[str]:
    """Return English and values of the program that stand on a page instead of Chinese words."""
    words = (text.replace(ATTACK, "").replace(SHORT_ATTACK, "") for text in read(html).words)
    return [text for text in words if ENGLISH.search(text) or UNSAID.fullmatch(text)]


@dataclass(frozen=True)
class Answer:
    """What came back when a role (None: a visitor) asked for a page."""

    role: Role | None
    page: Page
    url: str
    response: Any
    queries: list[str]

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @property
    def html(self) -> str:
        is_html = self.response.get("Content-Type", "").startswith("text/html")
        return self.response.content.decode() if is_html and not self.response.streaming else ""

    @property
    def writes(self) -> list[str]:
        """What was written besides the session."""
        changing = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(?!office_session)')
        return [query for query in self.queries if changing.match(query)]


Check = Callable[[Answer], Iterator[str]]


def has_no_fault(answer: Answer) -> Iterator[str]:
    if answer.status >= 500:
        yield "fault"


def carries_the_headers(answer: Answer) -> Iterator[str]:
    headers = answer.response.headers
    if set(headers["Content-Security-Policy"].split("; ")) != POLICY:
        yield "another content policy"
    yield from badly_headed(headers)


def badly_headed(headers: Any) -> Iterator[str]:
    """Yield what is missing in the headers of pages, files, redirects and refusals alike."""
    policy = headers["Content-Security-Policy"]
    expected = {
        "X-Frame-Options": {"DENY"},
        "X-Content-Type-Options": {"nosniff"},
        "Referrer-Policy": {"same-origin", "no-referrer"},
        "Cross-Origin-Opener-Policy": {"same-origin"},
    }
    yield from (name for name, right in expected.items() if headers.get(name) not in right)
    if "unsafe" in policy or "frame-ancestors 'none'" not in policy:
        yield policy


def holds_nothing_inline(answer: Answer) -> Iterator[str]:
    """No script, style or foreign address: neither ours nor one that came in with a text."""
    yield from offences(answer.html)


def speaks_chinese(answer: Answer) -> Iterator[str]:
    yield from not_chinese(answer.html)


def says_dates_one_way(answer: Answer) -> Iterator[str]:
    """2026年9月1日 everywhere (`office/dates.py`): no ISO date, no padded month or day."""
    yield from (found for text in read(answer.html).words for found in OTHER_DATE.findall(text))


FIRMS = ("/benefits/firm/", "/benefits/claim/")


def sets_no_cookie(answer: Answer) -> Iterator[str]:
    """Firms sign in: the cookies of their pages go to no other ones."""
    if not answer.url.startswith("/office/"):
        own = "/benefits/" if answer.url.startswith(FIRMS) else ""
        cookies = answer.response.cookies.items()
        yield from (f"cookie {name}" for name, cookie in cookies if not own or cookie["path"] != own)


def is_kept_by_no_cache(answer: Answer) -> Iterator[str]:
    if (
        answer.html
        and answer.status == 200
        and "no-store" not in answer.response.headers.get("Cache-Control", "")
    ):
        yield "a cache may keep it"


def stays_closed(answer: Answer) -> Iterator[str]:
    """To a role that the table does not name: a refusal, and nothing is written."""
    page = answer.page
    if answer.role is None or PAGES.get(page.name) == NOBODY or page.opens_to(answer.role):
        return
    if answer.status not in ({403} if page.model_admin else {302, 403, 404, 405}):
        yield "open to a role that the table does not name"
    yield from answer.writes


def opens_by_the_table(answer: Answer) -> Iterator[str]:
    page, status = answer.page, answer.status
    yield from stays_closed(answer)
    if answer.role is None or not page.opens_to(answer.role) or page.name in BY_POST_ALONE:
        return
    # Without an object a model's page leads back to the start with a word about it.
    opened = {200, 302} if "/0/" in answer.url else {200}
    if status == 403 or (page.model_admin and status not in opened):
        yield "closed to a role that the table names"


def takes_what_is_posted(answer: Answer) -> Iterator[str]:
    page = answer.page
    if answer.role and page.name in BY_POST_ALONE and page.opens_to(answer.role) and answer.status == 403:
        yield "closed to a role that the table names"


def is_led_to_the_entrance(answer: Answer) -> Iterator[str]:
    led = answer.status == 302 and "/office/login/" in answer.response.headers["Location"]
    left = answer.page.name == "logout" and answer.status == 302
    if not (led or left or answer.status == 405):
        yield "open to a visitor"


def asks_few_queries(answer: Answer) -> Iterator[str]:
    """A list and the start page ask the database equally little, however many objects there are."""
    bounded = answer.page.kind == "changelist" or answer.page.name == "index"
    most = MOST_AT_THE_START if answer.page.name == "index" else MOST_QUERIES
    if bounded and answer.status == 200 and len(answer.queries) > most:
        yield f"{len(answer.queries)} queries"


def leads_to_the_manuals(answer: Answer) -> Iterator[str]:
    if answer.html and answer.status == 200 and '<a href="/office/manuals/">使用手册</a>' not in answer.html:
        yield "no way to the manuals"


ALWAYS: tuple[Check, ...] = (
    has_no_fault,
    carries_the_headers,
    holds_nothing_inline,
    speaks_chinese,
    says_dates_one_way,
)
OFFICE: tuple[Check, ...] = (
    *ALWAYS,
    opens_by_the_table,
    is_kept_by_no_cache,
    asks_few_queries,
    leads_to_the_manuals,
)
PUBLIC: tuple[Check, ...] = (*ALWAYS, sets_no_cookie)
CLOSED: tuple[Check, ...] = (has_no_fault, stays_closed)
POSTED: tuple[Check, ...] = (has_no_fault, stays_closed, takes_what_is_posted)


def faults(answer: Answer, checks: tuple[Check, ...]) -> list[str]:
    return [
        f"{answer.role or 'visitor'} {answer.url} {answer.status} {check.__name__}: {fault}"
        for check in checks
        for fault in check(answer)
    ]
