"""What attackers of web sites try first (OWASP): each on every page or field it could meet."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image
from pypdf import PdfReader

from config import environment
from office.exports import typeset
from office.models import AuditEntry, User
from office.roles import Role
from office.workbooks import writing as exports
from surveys.models import Survey
from tests.architecture.test_pages import offences
from tests.kit.publishing import show_all
from tests.office.people import PASSWORD, person
from tests.office.samples import sample, sample_or_none
from tests.office.test_role_walk import ALL_PAGES, address

pytestmark = [pytest.mark.on_sqlite, pytest.mark.django_db]

ATTACK = '"><img src=x onerror=alert(1)>'
SHORT_ATTACK = "<b onx=1>"


def signed_in(role: Role, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(person(role, f"tester-{role}"))
    return client


# --- Cross-site requests -----------------------------------------------------------------------------


def test_nothing_is_posted_from_another_site() -> None:
    """Without the token of our own page every POST of the office is refused."""
    client = signed_in(Role.CENTRE_OPERATOR, enforce_csrf_checks=True)
    for page in ALL_PAGES:
        answer = client.post(address(page))
        assert answer.status_code == 403, page.route
        assert "这次提交没有生效" in answer.content.decode(), page.route


def test_the_entrance_too() -> None:
    person(Role.DEPARTMENT_OFFICER, "worker")
    client = Client(enforce_csrf_checks=True)
    assert client.post("/office/login/", {"username": "worker", "password": PASSWORD}).status_code == 403


# --- Frames, headers, other sites --------------------------------------------------------------------


EVERY_KIND = [
    *("/", "/office/login/", "/v/", "/search/?q=x", "/no-such-page/", "/b/none/", "/b/none/trackers.json"),
    *("/departments", "/office/", "/healthz", "/photos/1.jpg", "/results/1/index.html", "/v/form/none.json"),
]


@pytest.mark.parametrize("url", EVERY_KIND)
def test_headers_on_every_kind_of_page(client: Client, url: str) -> None:
    """Pages, redirects, JSON, refusals."""
    well_headed(client.get(url).headers)


def well_headed(headers: Any) -> None:
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_of_the_office_are_kept_by_no_cache() -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    for url in ("/office/", "/office/account/", "/office/office/job/"):
        assert "no-store" in client.get(url).headers["Cache-Control"], url


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil"]
)
def test_no_page_leads_to_another_site(target: str) -> None:
    person(Role.DEPARTMENT_OFFICER, "worker")
    client = Client()
    for url in ("/office/login/", "/office/logout/"):
        answer = client.post(
            f"{url}?next={target}", {"username": "worker", "password": PASSWORD, "next": target}
        )
        assert answer.headers["Location"].startswith("/office/"), url


# --- Reading by filters ------------------------------------------------------------------------------


def test_no_list_is_filtered_by_what_its_page_does_not_offer() -> None:
    """Else a column that no page shows, such as a key, could be read letter by letter."""
    client = signed_in(Role.INSPECTORATE)
    for query in ("tally_key_file__salt__startswith=a", "comments__contains=x", "counts__isnull=1"):
        for page in ("", "export/"):
            assert client.get(f"/office/surveys/survey/{page}?{query}").status_code in {302, 400}, query
    assert (
        client.get("/office/office/auditentry/?verb=x&role__exact=inspectorate&at__year=2026").status_code
        == 200
    )
    keeper = signed_in(Role.ADMINISTRATOR)
    assert keeper.get("/office/office/user/?password__startswith=p").status_code == 400
    assert keeper.get("/office/office/job/?arguments__token__startswith=a").status_code == 400
    assert keeper.get("/office/office/job/?state__exact=failed").status_code == 200


# --- Scripts in texts --------------------------------------------------------------------------------


def poison(made: models.Model) -> None:
    """Write an attack into every text of an object."""
    values = {}
    for field in made._meta.concrete_fields:
        if field.primary_key or field.choices or field.unique or isinstance(field, models.FileField):
            continue
        if isinstance(field, models.TextField) or (isinstance(field, models.CharField) and field.max_length):
            room = field.max_length or 10_000
            values[field.name] = ATTACK if room >= len(ATTACK) else SHORT_ATTACK[:room]
    type(made)._base_manager.filter(pk=made.pk).update(**values)


@pytest.fixture
def poisoned_county() -> dict[str, Any]:
    """One object of every model that has a page, full of attacks; a department shown to the public."""
    made: dict[str, Any] = {}
    given: dict[str, Any] = {"is_shown": True, "is_active": True}
    for room in ("departments", "surveys", "evaluations", "disclosure", "office"):
        for model in apps.get_app_config(room).get_models():
            if model is AuditEntry or issubclass(model, User):
                continue
            names = {field.name for field in model._meta.fields}
            made[model._meta.model_name] = sample_or_none(
                model, **{name: value for name, value in given.items() if name in names}
            )
    for one in made.values():
        if one is not None and not isinstance(one, Survey) and one._meta.model_name != "schemeversion":
            poison(one)
    said = f"修改{ATTACK}"
    sample(AuditEntry, actor_name=ATTACK, verb=said, before={said: ATTACK}, after={said: ATTACK})
    return made


def test_the_attack_would_be_seen() -> None:
    assert offences(f"<p>{ATTACK}</p>")
    assert offences(f"<p>{SHORT_ATTACK}</p>")


@pytest.mark.parametrize("role", [Role.CENTRE_OPERATOR, Role.INSPECTORATE, Role.ADMINISTRATOR])
def test_no_text_becomes_a_script_in_the_office(role: Role, poisoned_county: dict[str, Any]) -> None:
    client = signed_in(role, raise_request_exception=False)
    User.objects.filter(username__startswith="tester").update(first_name=SHORT_ATTACK)
    seen = 0
    for model_admin in admin.site._registry.values():
        options = model_admin.opts
        base = f"/office/{options.app_label}/{options.model_name}"
        made = poisoned_county.get(str(options.model_name)) or options.model._base_manager.first()
        for url in (f"{base}/", f"{base}/?q={ATTACK}", f"{base}/{made.pk if made else 0}/change/"):
            page = client.get(url, follow=True)
            assert page.status_code in {200, 403}, url
            assert offences(page.content.decode()) == [], url
            seen += "&lt;" in page.content.decode()
    assert seen > 3, "the walk met the texts"


def test_no_text_becomes_a_script_in_public(client: Client, poisoned_county: dict[str, Any]) -> None:
    show_all()
    staff, section = poisoned_county["staffmember"], poisoned_county["section"]
    urls = [
        "/",
        "/departments/",
        f"/departments/{staff.department_id}/",
        f"/departments/{section.department_id}/",
        "/duties/",
        f"/sections/{section.pk}/",
        f"/search/?q={ATTACK}",
        "/search/?q=img",
        "/results/",
        "/results/all/",
    ]
    pages = [client.get(url) for url in urls]
    for url, page in zip(urls, pages, strict=True):
        assert page.status_code in {200, 404}, url
        assert offences(page.content.decode()) == [], url
    assert sum("&lt;" in page.content.decode() for page in pages) >= 3


def test_a_document_loads_nothing_whatever_stands_in_it(tmp_path: Path) -> None:
    """Were a text ever not escaped: neither files of the server nor addresses come into the PDF."""
    picture, sheet = tmp_path / "x.png", tmp_path / "x.css"
    Image.new("RGB", (8, 8)).save(picture)
    sheet.write_text("p::after { content: 'loaded' }")
    at = picture.as_uri()
    made = typeset.pdf(
        f'<link rel="stylesheet" href="{sheet.as_uri()}"><link rel="attachment" href="{at}">'
        f"<style>@import url({sheet.as_uri()}); body {{ background: url({at}) }}</style>"
        f'<img src="{at}"><object data="{at}"></object><embed src="{at}"><svg><image href="{at}"/></svg>'
        "<p>said</p>"
    )
    reader = PdfReader(io.BytesIO(made))
    assert not any(page.images for page in reader.pages)
    assert not reader.attachments
    assert "".join(reader.pages[0].extract_text().split()) == "said—1—"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_becomes_a_formula(start: str) -> None:
    assert exports.safe(f"{start}cmd") == f"'{start}cmd"
    assert exports.safe(f"a{start}cmd") == f"a{start}cmd"


def test_numbers_stay_numbers_and_spoiled_names_are_written() -> None:
    assert exports.safe(-3) == -3
    assert exports.safe("甲\x00乙") == "甲乙"


# --- Paths -------------------------------------------------------------------------------------------

FILES = ["/static/", "/media/", "/results/1/", "/photos/", "/office/photos/", "/v/form/"]
CLIMBING = ["../secret-key", "..%2fsecret-key", "%2e%2e/secret-key", "....//secret-key", "..\\secret-key"]


@pytest.mark.parametrize("path", CLIMBING)
@pytest.mark.parametrize(
    "start", ["/static/", "/media/", "/results/1/", "/photos/", "/office/photos/", "/v/form/"]
)
def test_no_path_leads_out(client: Client, start: str, path: str) -> None:
    (settings.DATA_DIR / "secret-key").write_text("the-secret")
    answer = client.get(start + path)
    assert answer.status_code in {302, 400, 404}
    assert b"the-secret" not in b"".join(answer)  # type: ignore[call-overload]


def test_uploaded_files_have_no_address_of_their_own(client: Client) -> None:
    (settings.MEDIA_ROOT / "photos").mkdir(exist_ok=True)
    (settings.MEDIA_ROOT / "photos" / "somebody.jpg").write_bytes(b"\xff\xd8")
    assert client.get("/media/photos/somebody.jpg").status_code == 404


# --- Too often ---------------------------------------------------------------------------------------


def test_searching_too_often_has_to_wait(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = [("GET", "/search/", 3)]
    answers = [client.get("/search/?q=x").status_code for _ in range(8)]
    # The minute may turn once on the way.
    assert answers[:3] == [200, 200, 200]
    assert 429 in answers
    last = next(
        answer for answer in (client.get("/search/?q=x") for _ in range(8)) if answer.status_code == 429
    )
    assert 1 <= int(last.headers["Retry-After"]) <= 60
    assert "操作过于频繁" in last.content.decode()
    well_headed(last.headers)
    other = client.get("/search/?q=x", REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 200, "another address does not wait"


def test_guessing_names_at_the_entrance_has_to_wait(client: Client) -> None:
    """Lockout goes by name; whoever tries many names is slowed down by address."""
    answers = {
        client.post("/office/login/", {"username": f"guess{number}", "password": "x"}).status_code
        for number in range(45)
    }
    assert 429 in answers


def test_voters_meet_no_limit_of_the_office() -> None:
    assert not any(path.startswith(("/v", "/b")) for _, path, _ in settings.RATE_LIMITS)
    assert all(path not in {"/", ""} for _, path, _ in settings.RATE_LIMITS)


# --- Secrets and settings ----------------------------------------------------------------------------


def test_secrets_come_from_variables_or_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "address").write_text("redis://secret\n")
    monkeypatch.setenv("REDIS_URL_FILE", str(tmp_path / "address"))
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert environment.secret("REDIS_URL") == "redis://secret"
    monkeypatch.setenv("REDIS_URL", "redis://other")
    assert environment.secret("REDIS_URL") == "redis://other"
    assert environment.secret("NOT_SET", "default") == "default"


def production(code: str, tmp_path: Path) -> str:
    """Run Python under the settings of a county's server."""
    given = {
        "DATA_DIR": str(tmp_path),
        "PUBLIC_ORIGIN": "https://sanliang.example",
        "PATH": "/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_deployment_check_is_clean_under_production_settings(tmp_path: Path) -> None:
    code = (
        "import django; django.setup();"
        "from django.core.management import call_command;"
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    production(code, tmp_path)


def test_production_answers_its_own_health_check_and_gives_static_files_their_headers(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "one.css").write_text("p {}")
    code = (
        "import django, json; django.setup();"
        "from django.test import Client;"
        "client = Client();"
        "kept = client.get('/static/one.css', headers={'host': 'sanliang.example'});"
        "healthy = client.get('/healthz', headers={'host': '127.0.0.1:8000'}).status_code;"
        "print(json.dumps([healthy, kept.status_code, dict(kept.headers)]))"
    )
    healthy, status, headers = json.loads(production(code, tmp_path))
    assert (healthy, status) == (200, 200)
    well_headed(headers)


def test_production_asks_for_the_second_factor_and_https(tmp_path: Path) -> None:
    names = ["REQUIRE_TOTP", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY"]
    code = f"from django.conf import settings; print([getattr(settings, name) for name in {names}])"
    assert production(code, tmp_path).strip() == "[True, True, True, True]"


def test_an_error_shows_nothing_of_the_inside(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = False
    monkeypatch.setattr("office.desk.tasks_of", lambda _: 1 / 0)
    answer = signed_in(Role.CENTRE_OPERATOR, raise_request_exception=False).get("/office/")
    assert answer.status_code == 500
    assert "数据未受影响" in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def public_patterns() -> Iterator[str]:
    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route

    return (route for route in walk(get_resolver().url_patterns, "") if not route.startswith("office/"))


def test_no_number_in_an_address_is_too_long(client: Client) -> None:
    for route in public_patterns():
        address = "/" + re.sub(r"<[^>]+>", "9" * 30, route)
        assert client.get(address).status_code < 500, route


def test_public_pages_set_no_cookie(client: Client) -> None:
    for route in public_patterns():
        answer = client.get("/" + re.sub(r"<[^>]+>", "1", route))
        assert not answer.cookies, route
