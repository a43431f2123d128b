"""Annex 1 and annex 2 of departments as a document to be posted: whom the public may see, no phones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.template.loader import render_to_string

from departments.roster.annexes import DepartmentLines


def annexes_html(found: Sequence[DepartmentLines], *, county: str, today: date) -> str:
    return render_to_string(
        "reports/annexes/annexes.html", {"units": found, "county_name": county, "today": today}
    )
