"""Assignment sheets (交办单) as PDF, from what is stored to the file, against WeasyPrint alone.

    .venv/bin/python -m benchmarks.casework_papers [sheets]

1,000 unless told otherwise. How it is measured: `benchmarks.documents`. Beside it: building the sheets from
matters, assignments and clocks, with what the data suggest.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import documents


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(f"{count} sheets; load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ |= {"SECRET_KEY": "only-for-the-benchmark-" * 3}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("seed_calendar", verbosity=0)
        fill(count)
        papers: list[Any] = []
        busy = documents.seconds(lambda: papers.extend(built()))
        print(f"built            {busy:5.1f} s busy, {1000 * busy / count:.1f} ms a sheet")
        documents.measure(papers, Path(folder))


def fill(count: int) -> None:
    """Assignments with the clocks that began with them."""
    from django.utils import timezone

    from casework.matters import clocks
    from casework.matters.clocks import Reckoner
    from casework.models import Assignment, Matter
    from casework.procedure.words import Event
    from casework.procedures.stored import in_use, load_procedures
    from departments.models import Department

    load_procedures()
    version, now, reckoner = in_use("wuyang-unresolved-matters"), timezone.now(), Reckoner()
    unit = Department.objects.create(name="第一局", order=1)
    for one in range(count):
        matter = Matter.objects.create(
            version=version,
            procedure_id=version.procedure_id,
            year=now.year,
            serial=one + 1,
            number=f"BB{now.year}-{one + 1:04d}",
            source="window",
            state="assigned",
            title=f"第{one + 1}件许可变更多次退件",
            text="三次到窗口，每次被告知缺少不同的材料，请核实处理。" * 3,
            category="yellow",
            first_category="yellow",
            received_at=now,
            received_on=now.date(),
        )
        assignment = Assignment.objects.create(
            matter=matter, unit=unit, assigned_at=now, demands="按期办结并回复。"
        )
        clocks.begin(matter, Event.ASSIGNED, now=now, reckoner=reckoner, assignment=assignment)


def built() -> list[Any]:
    """Return the sheets as papers, as if each had been issued."""
    from casework.models import Assignment
    from reports.documents import content as contents
    from reports.documents.kinds import Given
    from reports.models import IssuingBody, OfficialDocument
    from reports.papers.matter_sheets import ASSIGNED, answers_of, sheet_content

    body, on, found = IssuingBody(name="示范县优化营商环境服务中心", code="示营商"), date(2026, 10, 20), []
    rows = Assignment.objects.select_related("matter__version", "unit", "signed_by")
    rows = rows.prefetch_related("clocks", "events", "matter__assignments__unit")
    for one in rows:
        content = sheet_content(ASSIGNED, one, Given(body, on, answers_of(ASSIGNED, one)))
        content = content.numbered(f"示营商〔2026〕{one.pk}号", "K7PX-2M9Q-WT4D")
        paper = OfficialDocument(pk=one.pk, content=contents.to_plain(content))
        paper.number, paper.title = content.number, content.title
        found.append(paper)
    return found


if __name__ == "__main__":
    main()
