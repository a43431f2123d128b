"""Annex 1 and annex 2 of departments as a document to be posted: whom the public may see, no phones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.template.loader import render_to_string

from departments.annexes import DepartmentLines
from office.typeset import write_pdf


def annexes_pdf(found: Sequence[DepartmentLines], *, county: str, today: date) -> bytes:
    """Typeset both annexes, each department on pages of its own."""
    html = render_to_string("reports/annexes.html", {"units": found, "county_name": county, "today": today})
    with TemporaryDirectory() as folder:
        return write_pdf(html, Path(folder) / "annexes.pdf").read_bytes()
