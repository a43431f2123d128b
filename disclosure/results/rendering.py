"""Renders a publication into files: pages, PDFs, the manifest. The same result gives the same files."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from disclosure.models import PERSONS_SUFFIX
from evaluations.publication import PublicDepartment
from office.exports.typeset import typeset
from reports.results.announcement import Announcement
from reports.results.sheet import sheet_html

BESIDE = ("site.css", "results.css", "icon.svg")
"""Stored beside the pages that load them, so that the pages keep the look of their day."""
Progress = Callable[[int, int, str], None]


def published_root() -> Path:
    """The folder under which every publication has its own."""
    return Path(settings.PUBLISHED_ROOT)


def render(announcement: Announcement, *, folder: str, progress: Progress) -> tuple[str, dict[str, Any]]:
    """Write all files of an announcement; returns the directory below the root, and the manifest.

    Files are written under a temporary name and the whole directory is renamed at the end. Its name is
    made from the content, so a second run after an interruption ends in the same place.
    """
    parent = published_root() / folder
    parent.mkdir(parents=True, exist_ok=True)
    for left_over in parent.glob(".tmp-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=".tmp-", dir=parent))
    try:
        _write_pages(announcement, work)
        _write_sheets(announcement, work, progress)
        manifest = {path.name: _sha256(path) for path in sorted(work.iterdir())}
        name = hashlib.sha256("".join(f"{k}{v}" for k, v in manifest.items()).encode()).hexdigest()[:16]
        final = parent / name
        if not final.exists():
            work.chmod(0o755)
            work.rename(final)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    named = _named(announcement)
    return f"{folder}/{name}", {
        file: {"sha256": d, "persons": named.get(file, [])} for file, d in manifest.items()
    }


def _named(announcement: Announcement) -> dict[str, list[int]]:
    """Which persons a file names: it is closed at once when one of them is taken down."""
    found = {}
    for department in announcement.view.departments:
        people = [int(person.id.lstrip("p")) for section in department.sections for person in section.persons]
        found[f"{department.id}{PERSONS_SUFFIX}"] = found[f"{department.id}.pdf"] = people
    return found


def _write_pages(announcement: Announcement, work: Path) -> None:
    _write(work / "index.html", "index", announcement)
    _write(work / "method.html", "method", announcement)
    for department in announcement.view.departments:
        _write(work / f"{department.id}.html", "department", announcement, department=department)
        if department.sections:
            _write(work / f"{department.id}{PERSONS_SUFFIX}", "persons", announcement, department=department)
    for name in BESIDE:
        shutil.copyfile(str(finders.find(f"site/{name}")), work / name)


def _write(path: Path, template: str, announcement: Announcement, **more: PublicDepartment) -> None:
    context: Mapping[str, Any] = {
        "a": announcement,
        "county_name": settings.COUNTY_NAME,
        "demo": settings.DEMO,
        **more,
    }
    path.write_text(render_to_string(f"disclosure/results/{template}.html", context), encoding="utf-8")


def _write_sheets(announcement: Announcement, work: Path, progress: Progress) -> None:
    documents = {
        work / f"{department.id}.pdf": sheet_html(
            announcement, department, county=settings.COUNTY_NAME, demo=settings.DEMO
        )
        for department in announcement.view.departments
    }
    total = len(documents)
    progress(0, total, "正在生成成绩单")
    for done, _ in enumerate(typeset(documents), start=1):
        progress(done, total, "正在生成成绩单")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def remove(directory: str, *, keep: str = "") -> None:
    """Remove a publication's files, or all directories beside the one that is kept."""
    root = published_root()
    target = (root / directory).resolve()
    if directory and target.is_relative_to(root.resolve()) and target != root.resolve() and directory != keep:
        shutil.rmtree(target, ignore_errors=True)
