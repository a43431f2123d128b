"""Publishing a round of 24 departments and 434 persons: seconds, peak memory, ratio to WeasyPrint alone.

    .venv/bin/python benchmarks/publish.py [--persons-public all] [--runs 3]

Makes its own data folder and SQLite file and removes them. "Alone" typesets the very same documents, boards
included, with WeasyPrint in one process, without database, templates, hashes, pages, .xlsx or .docx. The
aim is a ratio of at most 1.3. Prints one JSON object.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MOST = 1.3
"""Publishing may take so many times what the typesetting engine takes alone."""


def main() -> None:
    """Measure and print."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        os.environ.pop("DATABASE_URL", None)
        _set_up()
        print(json.dumps(measured(asked), ensure_ascii=False, indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons-public", default="all", choices=["all", "top_grades", "none"])
    parser.add_argument("--runs", type=int, default=1)
    return parser.parse_args()


def _set_up() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def measured(asked: argparse.Namespace) -> dict[str, Any]:
    """Time the job itself, then WeasyPrint alone on the same documents, `runs` times in turn."""
    from django.conf import settings
    from django.utils import timezone

    from benchmarks.made.county_of_24 import ready_to_publish, users
    from disclosure.results import services
    from office.exports.typeset import write_pdf
    from office.jobs import services as jobs
    from office.models import Job
    from office.roles import Role
    from reports.results.announcement import announce
    from reports.results.sheet import BOARDS, board_html, sheet_html

    sys.stdout = sys.stderr
    round_ = ready_to_publish(persons_public=asked.persons_public)
    operator = users()[Role.CENTRE_OPERATOR]
    publication = services.publish_results(round=round_, acting_user=operator, now=timezone.now())
    sys.stdout = sys.__stdout__
    announcement = announce(publication.result, published_on=timezone.localdate())
    documents = [
        sheet_html(announcement, one, county=settings.COUNTY_NAME) for one in announcement.view.departments
    ]
    documents += [board_html(announcement, size, county=settings.COUNTY_NAME) for size in BOARDS.values()]
    whole, alone, alone_cpu = [], [], []
    for _ in range(asked.runs):
        job = Job.objects.filter(kind="publication.render").latest("pk")
        Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
        started = time.perf_counter()
        jobs.run(job.pk)
        whole.append(time.perf_counter() - started)
        job.refresh_from_db()
        if job.state != Job.State.DONE:
            raise SystemExit(job.message)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    write_pdf(documents[0], Path(settings.DATA_DIR) / "warm.pdf")
    for _ in range(asked.runs):
        started, cpu = time.perf_counter(), time.process_time()
        for place, html in enumerate(documents):
            write_pdf(html, Path(settings.DATA_DIR) / f"alone-{place}.pdf")
        alone.append(time.perf_counter() - started)
        alone_cpu.append(time.process_time() - cpu)
    publication.refresh_from_db()
    files = list((settings.PUBLISHED_ROOT / publication.directory).iterdir())
    return {
        "departments": len(announcement.view.departments),
        "persons": sum(len(one["members"]) for one in publication.result.facts["subjects"].values()),
        "files": len(files),
        "megabytes": round(sum(path.stat().st_size for path in files) / 1e6, 1),
        "seconds_publishing": round(statistics.median(whole), 2),
        "seconds_weasyprint_alone_one_process": round(statistics.median(alone), 2),
        "cpu_seconds_weasyprint_alone": round(statistics.median(alone_cpu), 2),
        "pdfs": len(documents),
        "ratio": round(statistics.median(whole) / statistics.median(alone), 2),
        "most": MOST,
        "kept": statistics.median(whole) <= MOST * statistics.median(alone),
        "peak_memory_mb": round(peak / 1024),
        "peak_memory_mb_of_a_typesetting_process": round(peak_child / 1024),
        "processors": os.cpu_count(),
        "load_before": [round(value, 1) for value in os.getloadavg()],
    }


if __name__ == "__main__":
    main()
