"""One walk over all pages: each role asks for each page once, and every answer passes the checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpResponseBase, HttpResponseForbidden, HttpResponseNotFound
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from evaluations.cockpit.round_actions import ACTS
from office.jobs import services as jobs
from office.roles import PERMISSIONS, Role
from office.workbench.role_admin import RoleAdmin
from tests.kit.people import person
from tests.kit.publishing import show_all
from tests.walk import checks
from tests.walk.addresses import (
    ABSURD,
    BY_POST_ALONE,
    ENTRANCE,
    NOBODY,
    OFFICE,
    PAGES,
    PUBLIC,
    SIGNED_IN,
    Page,
    admins,
    may,
)
from tests.walk.checks import ATTACK, SHORT_ATTACK, Answer, faults, not_chinese, offences
from tests.walk.county import Filled, browser_of, fill

pytestmark = pytest.mark.django_db
LEAVES = {"login", "logout"}
MORE_OF_THE_PUBLIC = [
    *(
        "/no-such-page/",
        "/ratings/?month=2026-13",
        "/screen/county/",
        "/screen/county/frames.json",
        "/v/no-such-page/",
        "/office/no-such-page/",
        "/departments",
        "/office/",
    ),
    *(f"/search/?q={ATTACK}", "/search/?q=img", "/results/1/index.html", "/office/login/"),
]


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Filled]:
    """Filled once: each test starts from it and is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield fill()
        transaction.set_rollback(True)


def ask(client: Client, role: Role | None, page: Page, url: str, *, post: bool = False) -> Answer:
    with CaptureQueriesContext(connection) as asked:
        response = client.post(url) if post else client.get(url)
    return Answer(role, page, url, response, [query["sql"] for query in asked.captured_queries])


class ClosedDoors:
    """Asks the views that are closed to a role, without all that stands before every view.

    Nine pages of ten are closed to most roles, and the page of a refusal is always the same one: of each kind
    of refusal the first is asked for as people ask.
    """

    def __init__(self, client: Client, role: Role) -> None:
        self.client, self.role = client, role
        self.seen = client.get("/office/account/").wsgi_request
        self.kinds: set[tuple[int, bool]] = set()

    def ask(self, page: Page, url: str, *, post: bool = False) -> Iterator[Answer]:
        request = RequestFactory().post(url) if post else RequestFactory().get(url)
        request.user, request.session = self.seen.user, self.seen.session
        request.resolver_match = match = resolve(request.path_info)
        request._messages = CookieStorage(request)  # type: ignore[attr-defined] # as the middleware does
        response: HttpResponseBase
        with CaptureQueriesContext(connection) as asked:
            try:
                response = match.func(request, *match.args, **match.kwargs)
            except PermissionDenied:
                response = HttpResponseForbidden()
            except Http404:
                response = HttpResponseNotFound()
        yield Answer(self.role, page, url, response, [query["sql"] for query in asked.captured_queries])
        kind = (response.status_code, page.model_admin is None)
        if kind not in self.kinds:
            self.kinds.add(kind)
            yield ask(self.client, self.role, page, url, post=post)


def without(*names: str) -> list[Page]:
    return [page for page in OFFICE if page.name not in names]


# --- The walk ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_every_page_of_the_office(role: Role, filled: Filled) -> None:
    client, wrong, met = browser_of(role), [], 0
    closed = ClosedDoors(client, role)
    for page in without(*LEAVES):
        url = page.address(**filled.of(page))
        if page.is_closed_to(role):
            for answer in closed.ask(page, url):
                wrong += faults(answer, checks.OFFICE if answer.html else checks.CLOSED)
            continue
        is_searched = page.kind == "changelist" and (page.is_served_first_to(role) or page.is_limited)
        searched = [f"{url}?q={ATTACK}"] if is_searched else []
        for each in [url, *searched, *filled.more(page)]:
            answer = ask(client, role, page, each)
            wrong += faults(answer, checks.OFFICE)
            met += "&lt;" in answer.html
    assert closed.kinds, "the walk met closed doors"
    assert wrong == []
    assert met >= 3 or role in (Role.PAPER_CLERK, Role.MARKER), "the walk met the attacks"


@pytest.mark.parametrize("role", Role)
def test_nothing_is_posted_but_by_the_table(role: Role, filled: Filled) -> None:
    """Every closed page stays closed; an open one is sent nothing once for each way in."""
    client, answers = browser_of(role), []
    closed = ClosedDoors(client, role)
    for page in without(*LEAVES):
        url = page.address(**filled.of(page))
        if page.model_admin is None and page.is_closed_to(role):
            answers += closed.ask(page, url, post=True)
        elif page.model_admin is None and (page.name in BY_POST_ALONE or page.is_served_first_to(role)):
            answers.append(ask(client, role, page, url, post=True))
    assert [fault for answer in answers for fault in faults(answer, checks.POSTED)] == []


def test_every_public_page(client: Client, filled: Filled) -> None:
    show_all()
    jobs.sweep()  # as a worker does: /readyz asks for one
    nowhere = Page("", "")
    urls = [(page, page.address(**filled.of(page))) for page in PUBLIC]
    urls += [(page, re.sub(r"<[^>]+>", ABSURD, f"/{page.route}")) for page in PUBLIC if "<" in page.route]
    urls += [(nowhere, url) for url in MORE_OF_THE_PUBLIC]
    answers = [ask(client, None, page, url) for page, url in urls]
    assert [fault for answer in answers for fault in faults(answer, checks.PUBLIC)] == []
    assert sum("&lt;" in answer.html for answer in answers) >= 3, "the walk met the attacks"


@pytest.mark.parametrize("post", [False, True])
def test_a_visitor_is_led_to_the_entrance(client: Client, *, post: bool) -> None:
    answers = [ask(client, None, page, page.address(), post=post) for page in without("login")]
    assert [fault for answer in answers for fault in faults(answer, (checks.is_led_to_the_entrance,))] == []


def test_nothing_is_posted_from_another_site() -> None:
    """Without the token of our own page every POST of the office is refused."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.CENTRE_OPERATOR, "from_elsewhere"))
    for page in OFFICE:
        answer = client.post(page.address())
        assert answer.status_code == 403, page.route
        assert "这次提交没有生效" in answer.content.decode(), page.route


def test_the_login_requires_a_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/office/login/", {"username": "worker", "password": "x"}).status_code == 403


# --- Acts on rounds and lists --------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_the_acts_of_a_round(role: Role, filled: Filled) -> None:
    """Whatever state the round is in."""
    client, page = browser_of(role), Page("", "cockpit:act")
    for slug, act in ACTS.items():
        answer = ask(client, role, page, f"/office/rounds/{filled.pk('round')}/do/{slug}/", post=True)
        assert (answer.status != 403) is may(role, act.action), slug
        assert may(role, act.action) or not answer.writes, slug


@pytest.mark.parametrize("role", Role)
def test_actions_on_lists(role: Role, filled: Filled) -> None:
    """An action is offered only with a permission of its own, and refused when sent all the same."""
    client, request = browser_of(role), RequestFactory().get("/")
    request.user = client.get("/office/").wsgi_request.user
    for page in OFFICE:
        if page.kind != "changelist" or page.model_admin is None:
            continue
        offered = page.model_admin.get_actions(request)
        for function, name, _ in page.model_admin._get_base_actions():
            assert getattr(function, "allowed_permissions", None), (
                f"{page.name}.{name} asks for no permission"
            )
            if name not in offered and page.opens_to(role):
                made = filled.pk(page.model_admin.opts.model_name or "")
                with CaptureQueriesContext(connection) as asked:
                    response = client.post(page.address(), {"action": name, "_selected_action": made})
                sent = Answer(role, page, name, response, [one["sql"] for one in asked.captured_queries])
                assert sent.status in {200, 302, 403}
                assert sent.writes == [], name


# --- The table covers everything -----------------------------------------------------------------------


def test_every_page_says_what_it_needs() -> None:
    """A new page of the office: add it to PAGES with the action of the table that opens it."""
    assert {page.name for page in OFFICE if page.model_admin is None} - set(PAGES) == set()
    assert set(PAGES) - {page.name for page in OFFICE} == set(), "pages that no longer exist"
    named = {action for needed in PAGES.values() for action in needed.split("|")}
    assert named - {SIGNED_IN, ENTRANCE, NOBODY} - set(PERMISSIONS) == set()


def test_every_page_of_a_model_is_bound_to_the_table() -> None:
    for model_admin in admins():
        assert isinstance(model_admin, RoleAdmin)
        assert model_admin.view_action in PERMISSIONS, model_admin
        for inline in model_admin.inlines:
            assert inline.view_action in PERMISSIONS, inline


# --- The checks see what they look for -----------------------------------------------------------------


def test_offences_and_attacks_are_seen() -> None:
    html = (
        "<script>1</script><p style='color:red' onclick='x()'>"
        "<link href='https://example.com/a.css'><script src='/a.js'></script><a href='https://example.com/'>"
    )
    assert offences(html) == ["<script>", "<p style>", "<p onclick>", "<link href=https://example.com/a.css>"]
    assert offences(f"<p>{ATTACK}</p>")
    assert offences(f"<p>{SHORT_ATTACK}</p>")


def test_words_that_are_not_chinese_are_seen() -> None:
    html = "<p>After you have</p><td> None </td><img alt='Delete'><code>make test now</code><p>附件 PDF</p>"
    assert not_chinese(html) == ["After you have", "None", "english words: Delete"]


def test_writes_are_seen() -> None:
    queries = ['UPDATE "office_session" SET', 'SELECT "x"', 'INSERT INTO "office_job" (']
    assert Answer(None, Page("", ""), "", None, queries).writes == [queries[2]]


def test_templates_hold_nothing_inline() -> None:
    """Documents for paper, which never reach a browser, are known by their `@page`."""
    templates = {
        path.relative_to(settings.BASE_DIR): re.sub(r"\{[%{#].*?[%}#]\}", "", text, flags=re.DOTALL)
        for path in settings.BASE_DIR.rglob("templates/**/*.html")
        if not {"var", ".venv", "node_modules"} & set(path.relative_to(settings.BASE_DIR).parts)
        and "@page" not in (text := path.read_text())
    }
    assert templates
    found: dict[str, Any] = {str(path): offences(text) for path, text in templates.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
