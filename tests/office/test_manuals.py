"""The manuals inside the workbench: each role finds its own, every picture and link is there."""

from __future__ import annotations

import re
from pathlib import Path
from unicodedata import normalize

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, PdfMargins
from pypdf import PdfReader

from office.roles import Role
from office.workbench.manuals import OF_ROLE, TITLES, manuals, manuals_of, rendered
from tests.kit.people import person
from tests.walk.checks import offences

pytestmark = pytest.mark.django_db
FOLDER = Path(settings.BASE_DIR) / "docs" / "manuals"
LARGEST = 150_000


@pytest.fixture
def reader() -> Client:
    client = Client()
    client.force_login(person(Role.DEPARTMENT_OFFICER, "reader"))
    return client


@pytest.mark.parametrize("role", list(Role))
def test_every_role_finds_its_manual(role: Role) -> None:
    client = Client()
    client.force_login(person(role, "reader"))
    own = client.get("/office/manuals/").content.decode().partition("其他岗位角色")[0]
    assert manuals_of(role)
    for manual in manuals_of(role):
        assert f'href="{manual.url}"' in own
        assert manual.title in client.get(manual.url).content.decode()


def test_every_file_is_a_manual_of_somebody() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(TITLES)
    assert {slug for slugs in OF_ROLE.values() for slug in slugs} == set(TITLES)


def test_manuals_read_as_pages(reader: Client) -> None:
    """Headings and tables come out, no script or style does, every picture and link leads somewhere."""
    for manual in manuals():
        answer = reader.get(manual.url)
        page = answer.content.decode()
        article = page.partition('<article class="manual">')[2].partition("</article>")[0]
        assert "<h2>" in article, manual.slug
        assert "<h1>" not in article
        assert "|---" not in article
        assert offences(page) == []
        for address in re.findall(r'(?:src|href)="(/office/[^"]+)"', article):
            assert reader.get(address).status_code == 200, (manual.slug, address)
        assert not re.findall(r'(?:src|href)="(?!/|https?:|#)', article), manual.slug
        for words in re.findall(r'<img[^>]* alt="([^"]*)"', article):
            assert words, manual.slug


def test_pictures_are_small_and_used() -> None:
    text = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.md"))
    for path in (FOLDER / "images").iterdir():
        assert path.suffix == ".png"
        assert f"(images/{path.name})" in text, path.name
        assert path.stat().st_size < LARGEST, path.name
        with Image.open(path) as picture:
            assert picture.mode == "P"


@pytest.mark.journey
def test_a_custodian_and_the_auditor_have_one_printed_sheet_each(chromium: Browser, tmp_path: Path) -> None:
    """What lies beside the keyboard: each begins on a sheet of its own and ends there."""
    manual = next(one for one in manuals() if one.slug == "custodian")
    style = (settings.BASE_DIR / "static/office/workbench/office.css").read_text()
    page = chromium.new_page()
    page.set_content(f'<style>{style}</style><article class="manual">{rendered(manual)}</article>')
    margin = PdfMargins(top="15mm", bottom="15mm", left="15mm", right="15mm")
    page.pdf(path=tmp_path / "manual.pdf", format="A4", margin=margin)
    page.close()
    printed = [sheet.extract_text() for sheet in PdfReader(tmp_path / "manual.pdf").pages]
    sheets = [normalize("NFKC", text).lstrip() for text in printed]  # a font writes 二 as a radical
    starts = [next(n for n, text in enumerate(sheets) if text.startswith(f"{one}、")) for one in "二三四五"]
    assert starts == list(range(starts[0], starts[0] + 4))


@pytest.mark.parametrize(
    "path",
    [
        "nobody/",
        "../glossary/",
        "images/nothing.png",
        "images/..%2fcustodian.md",
        "images/../custodian.md",
        "images/%2e%2e%2f%2e%2e%2fglossary.md",
    ],
)
def test_nothing_else_is_handed_out(reader: Client, path: str) -> None:
    assert reader.get(f"/office/manuals/{path}").status_code == 404


def test_a_visitor_is_led_to_the_entrance() -> None:
    for path in ("", "custodian/", "images/nothing.png"):
        answer = Client().get(f"/office/manuals/{path}")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/office/login/")
