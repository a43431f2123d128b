"""The figures of 100,000 matters: one month with twelve behind it, by category and unit; the list; what-if.

    .venv/bin/python -m benchmarks.figures [matters]

Uses DATABASE_URL (without it: SQLite in its own folder). Matters, assignments and clocks are written as
rows, spread over three years and forty units. Prints seconds by the clock and how many queries each took.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

UNITS, YEARS = 40, 3
PROCEDURE = "wuyang-unresolved-matters"


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"{count} matters; load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
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
    from dataclasses import replace

    from django.db import connection
    from django.utils import timezone

    from casework.figures import closing, lists, what_if
    from casework.figures.counting import Scope, counted
    from casework.figures.months import Month
    from casework.procedures.stored import in_use, load_procedures

    load_procedures()
    version = in_use(PROCEDURE)
    fill(version, count)
    procedure = version.procedure
    now = timezone.now()
    month = Month.of(now.date()).moved(-1)
    scope = Scope.of(procedure, month, now)
    year = replace(scope, first=month.moved(-11))
    figure = procedure.figures[0]
    print(connection.vendor)
    told("one month", lambda: counted(scope))
    told("twelve months", lambda: counted(year, "month"))
    told("by category", lambda: counted(scope, "category"))
    told("by unit", lambda: counted(scope, "unit"))
    told("first page of a list", lambda: list(lists.rows_of(year, figure, lists.REST)[:50]))
    told("everything a closed month holds", lambda: closing.told(procedure, month, now))
    told("what-if over a year", lambda: what_if.tried(year, procedure.clock("reply"), 5))


def told(what: str, work: Callable[[], Any]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    start, busy = time.perf_counter(), time.process_time()
    with CaptureQueriesContext(connection) as asked:
        work()
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    print(f"{what:32} {seconds:6.2f} s ({busy:5.2f} s busy), {len(asked)} queries")


def fill(version: Any, count: int) -> None:
    """Rows as the engine would have left them; the clocks are computed by nobody here."""
    from django.utils import timezone

    from casework.models import Assignment, Clock, Matter
    from departments.models import Department

    units = Department.objects.bulk_create([Department(name=f"第{one}局", order=one) for one in range(UNITS)])
    now = timezone.now()
    colors = [one.id for one in version.procedure.categories.items]

    def came(one: int) -> datetime:
        return now - timedelta(minutes=(one * 365 * YEARS * 24 * 60) // count)

    matters = Matter.objects.bulk_create(
        [
            Matter(
                version=version,
                procedure_id=version.procedure_id,
                year=came(one).year,
                serial=one,
                number=f"BB{one}",
                source="window",
                state="closed" if one % 9 else "assigned",
                title=f"第{one}件",
                text="反映内容",
                category=colors[one % len(colors)],
                first_category=colors[0],
                received_at=came(one),
                received_on=came(one).date(),
                accepted_at=came(one),
                is_solved=one % 3 > 0,
                outcome="solved" if one % 9 else "",
                is_satisfied=None if one % 5 == 0 else one % 7 > 0,
            )
            for one in range(count)
        ],
        batch_size=1000,
    )
    given = Assignment.objects.bulk_create(
        [
            Assignment(matter=matter, unit=units[place % UNITS], assigned_at=matter.received_at)
            for place, matter in enumerate(matters)
        ],
        batch_size=1000,
    )
    Clock.objects.bulk_create(
        [
            Clock(
                matter=one.matter,
                assignment=one,
                rule="reply",
                label="回复",
                event="交办",
                state="met" if place % 9 else "running",
                began_at=one.assigned_at,
                count=3,
                unit="working_days",
                ends="office",
                due_at=one.assigned_at + timedelta(days=5),
                met_at=one.assigned_at + timedelta(days=place % 8) if place % 9 else None,
                is_late=place % 8 > 5 if place % 9 else None,
                why="",
            )
            for place, one in enumerate(given)
        ],
        batch_size=1000,
    )


if __name__ == "__main__":
    main()
