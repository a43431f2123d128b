"""12,000 rows of the 12345 hotline: preview and import, against a bare insert of as many matters.

    .venv/bin/python -m benchmarks.incoming [rows]

Uses DATABASE_URL (without it: SQLite in its own folder). "Bare" is `bulk_create` of the same matters and
nothing else: no reading, no sealing, no clocks. Aim: preview and import together in less than 20 s.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any, NamedTuple

AIM = 20
HEAD = (
    "工单编号",
    "来电时间",
    "诉求标题",
    "诉求内容",
    "承办单位",
    "工单状态",
    "办结时间",
    "来电人",
    "来电号码",
)
UNITS = 40


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 12_000
    print(f"{count} rows; load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-" * 3)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("seed_calendar", verbosity=0)
        measure(count)


def measure(count: int) -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    from casework.incoming.headings import HOTLINE
    from casework.incoming.services import import_incoming, preview_incoming
    from casework.models import Matter
    from casework.procedures.stored import load_procedures
    from departments.models import Department
    from office.models import User
    from office.roles import Role

    load_procedures()
    Department.objects.bulk_create([Department(name=f"第{one}局", order=one) for one in range(UNITS)])
    asked: dict[str, Any] = {
        "content": workbook(count),
        "channel": HOTLINE,
        "procedure_id": "wuyang-unresolved-matters",
        "now": timezone.now(),
        "acting_user": User.objects.create_user("clerk", role=Role.WINDOW_CLERK),
    }
    preview, plan = seconds(lambda: preview_incoming(**asked))
    run, _ = seconds(lambda: import_incoming(**asked, file_name="工单.xlsx", expected_digest=plan.digest()))
    again, _ = seconds(lambda: import_incoming(**asked, file_name="工单.xlsx"))
    copies = list(Matter.objects.all())
    for one in copies:
        one.pk, one.number, one.higher_number = None, f"X{one.number}", ""
        one.year += 1
    with transaction.atomic():
        bare, _ = seconds(lambda: Matter.objects.bulk_create(copies, batch_size=500))
        transaction.set_rollback(True)
    print(f"{connection.vendor}, seconds by the clock (busy): preview {preview}, import {run}")
    print(f"the same again {again}, bare insert {bare}")
    print(f"together {preview.clock + run.clock:.1f} s ({preview.busy + run.busy:.1f}; aim {AIM} s)")
    print(f"import against bare insert {run.busy / bare.busy:.1f} x")


class Took(NamedTuple):
    """Seconds by the clock, and those this process was busy."""

    clock: float
    busy: float

    def __str__(self) -> str:
        return f"{self.clock:.1f} ({self.busy:.1f})"


def seconds(work: Callable[[], Any]) -> tuple[Took, Any]:
    start, busy = time.perf_counter(), time.process_time()
    found = work()
    return Took(time.perf_counter() - start, time.process_time() - busy), found


def workbook(count: int) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("12345工单")
    sheet.append(HEAD)
    for one in range(count):
        day = f"2026-{one % 10 + 1:02d}-{one % 28 + 1:02d}"
        closed = one % 3 > 0
        text = f"第{one}件：反映窗口多次退件，每次缺少的材料不同，请核实处理。" * 3
        row = [f"HT{one:08d}", f"{day} 09:{one % 60:02d}", f"第{one}件诉求", text, f"第{one % UNITS}局"]
        row += ["已办结" if closed else "办理中", day if closed else ""]
        sheet.append([*row, f"来电人{one}", f"138{one:08d}"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main()
