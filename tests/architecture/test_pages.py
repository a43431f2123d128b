"""Every page carries the strict content policy and holds nothing that it forbids."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from office.roles import Role

pytestmark = pytest.mark.on_sqlite

POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


class Inline(HTMLParser):
    """Collects what a strict policy refuses: scripts and styles in the page, foreign addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.offences: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        data_only = values.get("type") in {"application/json", "text/plain"}
        if (tag == "script" and "src" not in values and not data_only) or tag == "style":
            self.offences.append(f"<{tag}>")
        self.offences += [
            f"<{tag} {name}>" for name in values if name == "style" or re.fullmatch("on[a-z]+", name)
        ]
        if tag != "a":
            self.offences += [
                f"<{tag} {name}={value}>"
                for name, value in attrs
                if name in {"src", "href", "action", "srcset"}
                and re.match(r"(https?:)?//|data:|javascript:", value or "")
            ]


def offences(html: str) -> list[str]:
    parser = Inline()
    parser.feed(html)
    return parser.offences


def without_logic(template: str) -> str:
    return re.sub(r"\{[%{#].*?[%}#]\}", "", template, flags=re.DOTALL)


def plain_addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(pattern, URLResolver):
            yield from plain_addresses(pattern.url_patterns, address)
        elif not re.search(r"[<(\\?]", address):
            yield "/" + address


def check(client: Client, address: str) -> None:
    response = client.get(address)
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY, address
    if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
        assert offences(response.content.decode()) == [], address


ADDRESSES = sorted(set(plain_addresses(get_resolver().url_patterns)) - {"/office/logout/"})


@pytest.mark.django_db
def test_pages_for_everybody(client: Client) -> None:
    for address in [*ADDRESSES, "/no-such-page/", "/v/no-such-page/", "/office/no-such-page/"]:
        check(client, address)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_pages_for_officials(client: Client, role: Role) -> None:
    client.force_login(get_user_model().objects.create_user("somebody", role=role))
    for address in ADDRESSES:
        check(client, address)


def test_the_check_sees_what_it_looks_for() -> None:
    html = (
        "<script>1</script><p style='color:red' onclick='x()'>"
        "<link href='https://example.com/a.css'><script src='/a.js'></script><a href='https://example.com/'>"
    )
    assert offences(html) == ["<script>", "<p style>", "<p onclick>", "<link href=https://example.com/a.css>"]


def test_templates_hold_nothing_inline() -> None:
    """Documents for paper, which never reach a browser, are known by their `@page`."""
    templates = [
        path
        for path in settings.BASE_DIR.rglob("templates/**/*.html")
        if not {"var", ".venv", "node_modules"} & set(path.relative_to(settings.BASE_DIR).parts)
        and "@page" not in path.read_text()
    ]
    assert templates
    found = {
        str(path.relative_to(settings.BASE_DIR)): offences(without_logic(path.read_text()))
        for path in templates
    }
    assert {name: faults for name, faults in found.items() if faults} == {}
