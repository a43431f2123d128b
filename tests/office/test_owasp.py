"""What attackers of web sites try first (OWASP), beyond what the walk over all pages checks (tests/walk/)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from config import environment
from office.exports import typeset
from office.roles import Role
from office.workbooks import writing as exports
from tests.kit.people import PASSWORD, person
from tests.walk.checks import badly_headed

pytestmark = pytest.mark.django_db


def signed_in(role: Role, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(person(role, f"tester-{role}"))
    return client


# --- Headers, other sites ------------------------------------------------------------------------------


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


# --- Texts in documents and workbooks ------------------------------------------------------------------


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
@pytest.mark.parametrize("start", FILES)
def test_no_path_leads_out(client: Client, start: str, path: str) -> None:
    settings.KEYS_DIR.mkdir(exist_ok=True)
    (settings.KEYS_DIR / "secret-key").write_text("the-secret")
    answer = client.get(start + path)
    assert answer.status_code in {302, 400, 404}
    assert b"the-secret" not in b"".join(answer)  # type: ignore[call-overload]


def test_uploaded_files_have_no_address_of_their_own(client: Client) -> None:
    (settings.MEDIA_ROOT / "photos").mkdir(exist_ok=True)
    (settings.MEDIA_ROOT / "photos" / "somebody.jpg").write_bytes(b"\xff\xd8")
    assert client.get("/media/photos/somebody.jpg").status_code == 404


# --- Too often ---------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_searching_too_often_has_to_wait(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = [("GET", "/search/", 3)]
    answers = [client.get("/search/?q=x").status_code for _ in range(8)]
    # The minute may turn once on the way.
    assert answers[:3] == [200, 200, 200]
    assert 429 in answers
    heads = [client.head("/search/?q=x").status_code for _ in range(8)]
    assert 429 in heads, "a HEAD tells as much as a GET"
    last = next(
        answer for answer in (client.get("/search/?q=x") for _ in range(8)) if answer.status_code == 429
    )
    assert 1 <= int(last.headers["Retry-After"]) <= 60
    assert "操作过于频繁" in last.content.decode()
    assert list(badly_headed(last.headers)) == []
    other = client.get("/search/?q=x", REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 200, "another address does not wait"


def test_guessing_names_at_the_entrance_has_to_wait(client: Client) -> None:
    """Lockout goes by name; whoever tries many names is slowed down by address."""
    answers = {
        client.post("/office/login/", {"username": f"guess{number}", "password": "x"}).status_code
        for number in range(45)
    }
    assert 429 in answers


def test_a_training_room_behind_one_address_signs_in() -> None:
    """Forty at once: right passwords do not count, nor does it matter how many searched before."""
    for number in range(40):
        person(Role.PAPER_CLERK, f"clerk{number}")
    for number in range(40):
        answer = Client().post("/office/login/", {"username": f"clerk{number}", "password": PASSWORD})
        assert answer.status_code == 302, number


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
    assert list(badly_headed(headers)) == []


def test_production_asks_for_the_second_factor_and_https(tmp_path: Path) -> None:
    names = ["REQUIRE_TOTP", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY"]
    code = f"from django.conf import settings; print([getattr(settings, name) for name in {names}])"
    assert production(code, tmp_path).strip() == "[True, True, True, True]"


def test_an_error_shows_nothing_of_the_inside(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = False
    monkeypatch.setattr("office.workbench.start_page.links_for", lambda _: 1 / 0)
    answer = signed_in(Role.CENTRE_OPERATOR, raise_request_exception=False).get("/office/")
    assert answer.status_code == 500
    assert "数据未受影响" in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
