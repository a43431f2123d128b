"""Importing a sample library of market entities as the office does: preview by a job, import by a job.

    PYTHONPATH=. .venv/bin/python benchmarks/imports.py [entities]

Uses DATABASE_URL (without it: SQLite in its own folder). Each step runs in a fresh process, as a worker
would, so that its peak memory is its own; "bare" is openpyxl streaming the same workbook and nothing
else. Beside the import a second process writes one small row again and again, as a voter would; the
longest it had to wait is printed. Prints one JSON object.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

KINDS = ("民营企业", "个体工商户", "非民营企业")
TOWNS = 22


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        path = Path(folder) / "library.xlsx"
        print(json.dumps(measured(path, count), ensure_ascii=False, indent=1))


def measured(path: Path, count: int) -> dict[str, Any]:
    """The steps one after the other."""
    alone(make, path, count)
    bare = alone(bare_reading, path)
    alone(prepare)
    preview = alone(by_job, path, False)
    context = multiprocessing.get_context("spawn")
    stop, waits = context.Event(), context.Queue()
    voter = context.Process(target=write_like_a_voter, args=(stop, waits))
    voter.start()
    run = alone(by_job, path, True)
    stop.set()
    longest, seen = waits.get()
    voter.join()
    again = alone(by_job, path, False)
    seconds = preview["seconds"] + run["seconds"]
    processor = preview["processor_seconds"] + run["processor_seconds"]
    return {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "database": run["database"],
        "entities": count,
        "file_kilobytes": path.stat().st_size // 1024,
        "bare_reading": bare,
        "preview": preview,
        "import": run,
        "preview_of_the_same_again": again,
        "preview_and_import_seconds": round(seconds, 1),
        "preview_and_import_processor_seconds": round(processor, 1),
        "ratio_to_bare_reading": round(processor / bare["processor_seconds"], 2),
        "longest_wait_of_a_small_write_seconds": longest,
        "stages_of_progress_seen_meanwhile": seen,
    }


def alone(work: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """Do it in a process of its own and say what it took."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_told, work, arguments).result()


def _told(work: Callable[..., Any], arguments: tuple[Any, ...]) -> dict[str, Any]:
    found: dict[str, Any] = work(*arguments) or {}
    return {**found, "peak_megabytes": peak_megabytes()}


def peak_megabytes() -> int:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def make(path: Path, count: int) -> None:
    """A workbook as counties send it; written whole, so that it states its size as Excel does."""
    from openpyxl import Workbook
    from stdnum.cn import uscc

    book = Workbook()
    sheet: Any = book.active
    sheet.append(["市场主体样本库"])
    sheet.append(
        [
            "序号",
            "市场主体名称",
            "统一社会信用代码",
            "主体类型",
            "所属镇（街）",
            "联系人",
            "联系电话",
            "行业",
        ]
    )
    for number in range(count):
        body = f"91371725{number:09d}"
        row = [number + 1, f"示范县第{number}号商贸有限公司", body + uscc.calc_check_digit(body)]
        town = f"第{number % TOWNS}镇"
        row += [KINDS[number % 3], town, f"联系人{number}", f"0530{number:07d}", "批发零售"]
        sheet.append(row)
    book.save(path)


def bare_reading(path: Path) -> dict[str, Any]:
    """What openpyxl takes to stream the workbook."""
    from openpyxl import load_workbook

    started = time.perf_counter()
    processor = time.process_time()
    rows = sum(1 for sheet in load_workbook(path, read_only=True) for _ in sheet.iter_rows(values_only=True))
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "processor_seconds": round(time.process_time() - processor, 2),
        "rows": rows,
    }


def prepare() -> None:
    """An empty database with one user."""
    _django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from office.models import Holiday, User
    from office.roles import Role

    User.objects.create_user("operator", role=Role.CENTRE_OPERATOR)
    Holiday.objects.create(day="2026-10-01")


def by_job(path: Path, importing: bool) -> dict[str, Any]:
    """Run the job that the page would start."""
    _django()
    from django.db import connection

    from office.imports import definition as imports
    from office.imports import files as import_files
    from office.imports import jobs as import_jobs
    from office.jobs import services as jobs
    from office.models import Job, User

    user = User.objects.get(username="operator")
    what = imports.offered("import-entities")
    if importing:
        # The file of the first preview still lies where it was.
        last = Job.objects.filter(kind="office.preview_import").latest("id").arguments["token"]
        preview = import_files.kept_preview(last)
        job = import_jobs.enqueue_import(
            what=what,
            token=last,
            option=False,
            file_name="library.xlsx",
            digest=preview["digest"],
            acting_user=user,
        )
    else:
        token = import_files.keep(path.read_bytes())
        job = import_jobs.enqueue_preview(what=what, token=token, option=False, acting_user=user)
    before = peak_megabytes()
    started, processor = time.perf_counter(), time.process_time()
    jobs.run(job.pk)
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    job.refresh_from_db()
    return {
        "seconds": round(seconds, 2),
        "processor_seconds": round(processor, 2),
        "megabytes_before": before,
        "state": job.state,
        "outcome": job.outcome,
        "database": connection.vendor,
    }


def write_like_a_voter(stop: Any, waits: Any) -> None:
    """Write one row again and again, and remember the longest wait."""
    _django()
    from office.models import Holiday, Job

    longest, seen = 0.0, set()
    while not stop.wait(0.02):
        started = time.perf_counter()
        Holiday.objects.update(name="x")
        longest = max(longest, time.perf_counter() - started)
        seen.add(Job.objects.values_list("pk", "done", "message").latest("pk"))
    waits.put((round(longest, 2), len(seen)))


def _django() -> None:
    import django

    django.setup()


if __name__ == "__main__":
    main()
