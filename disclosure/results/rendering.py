"""Renders a publication into files: pages, PDFs, the manifest. The same result gives the same files."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from disclosure.models import PERSONS_SUFFIX
from evaluations.publication import PublicDepartment
from office.exports.typeset import typeset
from office.files import stored
from reports.results.announcement import Announcement
from reports.results.downloads import NAMES, files_of
from reports.results.sheet import BOARDS, board_html, sheet_html

BESIDE = ("site.css", "results.css", "elder.js", "icon.svg")
"""Stored beside the pages that load them, so that the pages keep the look of their day."""
SHARED = ("method",)
"""Templates that are the same whether persons are judged or units alone."""
Html = Callable[[], str]
Progress = Callable[[int, int, str], None]


def render(announcement: Announcement, *, folder: str, progress: Progress) -> tuple[str, dict[str, Any]]:
    """Write all files of an announcement; returns the folder they are stored in, and the manifest.

    Files are made aside and stored under a name made from their content, so a second run, after an
    interruption or at the same time, ends with the same files in the same place. Readers come to the
    folder when the publication's row names it.
    """
    with stored.workshop() as work:
        manifest = _make(announcement, work, progress)
        digest = hashlib.sha256("".join(f"{k}{v}" for k, v in manifest.items()).encode()).hexdigest()[:16]
        directory = f"{folder}/{digest}"
        for file in manifest:
            stored.put_file(stored.published(), f"{directory}/{file}", work / file)
    named = _named(announcement)
    return directory, {file: {"sha256": d, "persons": named.get(file, [])} for file, d in manifest.items()}


def render_aside(announcement: Announcement) -> dict[str, str]:
    """The digest of every file that `render` would store; nothing is stored."""
    with stored.workshop() as work:
        return _make(announcement, work, lambda *_: None)


def _make(announcement: Announcement, work: Path, progress: Progress) -> dict[str, str]:
    _write_pages(announcement, work)
    _write_sheets(announcement, work, progress)
    return {path.name: _sha256(path) for path in sorted(work.iterdir())}


def _named(announcement: Announcement) -> dict[str, list[int]]:
    """Which persons a file names: it is closed at once when one of them is taken down."""
    found = {}
    for department in announcement.view.departments:
        people = [int(person.id.lstrip("p")) for person in department.listed]
        found[f"{department.id}{PERSONS_SUFFIX}"] = found[f"{department.id}.pdf"] = people
    return found


def _write_pages(announcement: Announcement, work: Path) -> None:
    for name, html in _pages(announcement).items():
        (work / name).write_text(html(), encoding="utf-8")
    for name, content in files_of(announcement, county=settings.COUNTY_NAME, demo=settings.DEMO).items():
        (work / name).write_bytes(content)
    for name in BESIDE:
        shutil.copyfile(str(finders.find(f"site/{name}")), work / name)


def _pages(announcement: Announcement) -> dict[str, Html]:
    found: dict[str, Html] = {
        f"{name}.html": partial(_html, name, announcement) for name in ("index", "method")
    }
    for department in announcement.view.departments:
        found[f"{department.id}.html"] = partial(_html, "department", announcement, department=department)
        if department.listed:
            key = f"{department.id}{PERSONS_SUFFIX}"
            found[key] = partial(_html, "persons", announcement, department=department)
    return found


def _sheets(announcement: Announcement) -> dict[str, Html]:
    around: dict[str, Any] = {"county": settings.COUNTY_NAME, "demo": settings.DEMO}
    found: dict[str, Html] = {
        f"{department.id}.pdf": partial(sheet_html, announcement, department, **around)
        for department in announcement.view.departments
    }
    return found | {file: partial(board_html, announcement, size, **around) for file, size in BOARDS.items()}


def _html(template: str, announcement: Announcement, **more: PublicDepartment) -> str:
    context: Mapping[str, Any] = {
        "a": announcement,
        "county_name": settings.COUNTY_NAME,
        "demo": settings.DEMO,
        **more,
    }
    kind = "" if announcement.view.judges_persons or template in SHARED else "unit_"
    return str(render_to_string(f"disclosure/results/{kind}{template}.html", context))


def page_of(
    announcement: Announcement, file: str, *, mark: Callable[[str], str] = lambda html: html
) -> bytes | None:
    """One file as `render` would write it; None where it would write none of that name.

    `mark` puts on a page or a sheet that it is not the published one.
    """
    if file in BESIDE:
        return Path(str(finders.find(f"site/{file}"))).read_bytes()
    if page := _pages(announcement).get(file):
        return mark(page()).encode()
    if sheet := _sheets(announcement).get(file):
        return _typeset(mark(sheet()))
    if file in NAMES:
        return files_of(announcement, county=settings.COUNTY_NAME, demo=settings.DEMO)[file]
    return None


def _typeset(html: str) -> bytes:
    with stored.workshop() as work:
        path = work / "sheet.pdf"
        for _ in typeset({path: html}):
            pass
        return path.read_bytes()


def _write_sheets(announcement: Announcement, work: Path, progress: Progress) -> None:
    documents = {work / name: html() for name, html in _sheets(announcement).items()}
    total = len(documents)
    progress(0, total, "正在生成成绩单")
    for done, _ in enumerate(typeset(documents), start=1):
        progress(done, total, "正在生成成绩单")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def remove(directory: str, *, keep: str = "") -> None:
    """Remove a publication's files, unless they are those to keep."""
    if directory and directory != keep:
        stored.remove_folder(stored.published(), directory)
