"""A department's 成绩单 as a document: what the page shows, laid out after GB/T 9704."""

from __future__ import annotations

from django.template.loader import render_to_string

from evaluations.publication import PublicDepartment
from reports.results.announcement import Announcement


def sheet_html(
    announcement: Announcement, department: PublicDepartment, *, county: str, demo: bool = False
) -> str:
    context = {"a": announcement, "department": department, "county_name": county, "demo": demo}
    kind = "" if announcement.view.judges_persons else "unit_"
    return render_to_string(f"reports/results/{kind}sheet.html", context)
