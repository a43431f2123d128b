"""The limits of 100,000 open matters: a year is entered and all are computed anew; the job looks at them.

    bin/with-servers .venv/bin/python -m benchmarks.casework [matters]

Without DATABASE_URL: SQLite in its own folder. Every matter has one running limit that hangs on a year
without a calendar. "bare" computes the same limits and writes nothing. Prints one JSON object: seconds,
processor seconds of this process and statements of each step.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

FIRST = datetime.fromisoformat("2029-12-03T09:00")  # the county's wall clock, made aware below
AT_ONCE = 5000


def main() -> None:
    matters = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        print(json.dumps(measured(matters), ensure_ascii=False, indent=1))


def measured(matters: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from casework.matters.clocks import Reckoner
    from casework.matters.following import follow_the_clocks
    from casework.matters.provisional import settle_clocks
    from casework.models import Clock
    from office.calendar import days
    from office.models import Holiday

    call_command("migrate", verbosity=0)
    call_command("seed_calendar", verbosity=0)
    seed(matters)
    entered = [date(2029, 12, 31), date(2030, 1, 1), date(2030, 1, 2)]
    Holiday.objects.bulk_create(Holiday(day=day, name="元旦") for day in entered)

    def bare() -> None:
        reckoner = Reckoner(days.clock())
        for clock in Clock.objects.filter(is_provisional=True).iterator(chunk_size=AT_ONCE):
            reckoner.put(clock)

    now = timezone.make_aware(FIRST)
    found: dict[str, Any] = {"matters": matters, "bare": clocked(bare)}
    found["recomputed"] = clocked(lambda: settle_clocks(days.clock()))
    found["still provisional"] = Clock.objects.filter(is_provisional=True).count()
    found["looked at first"] = clocked(lambda: follow_the_clocks(now))
    found["looked at again"] = clocked(lambda: follow_the_clocks(now + timedelta(minutes=10)))
    return found


def seed(matters: int) -> None:
    """Write matters that were assigned in the first days of a December whose year nobody entered."""
    from django.utils import timezone

    from casework.matters import due
    from casework.matters.clocks import Reckoner
    from casework.models import Assignment, Clock, Matter
    from casework.procedures.stored import in_use, load_procedures
    from departments.models import Department

    load_procedures()
    version = in_use("wuyang-unresolved-matters")
    unit = Department.objects.create(name="测试单位", order=1)
    rule = version.procedure.clock("completion")
    if (span := rule.span_for("yellow")) is None:
        raise RuntimeError("the procedure has no such limit")
    reckoner = Reckoner()
    for first in range(0, matters, AT_ONCE):
        rows = [
            Matter(
                version=version,
                procedure_id=version.procedure_id,
                year=2029,
                serial=number,
                number=f"BB2029-{number:06d}",
                source="window",
                state=Matter.State.REPLIED,
                title="测试事项",
                text="测试事项",
                category="yellow",
                first_category="yellow",
                received_at=timezone.make_aware(FIRST),
                received_on=FIRST.date(),
            )
            for number in range(first + 1, min(first + AT_ONCE, matters) + 1)
        ]
        Matter.objects.bulk_create(rows)
        given = Assignment.objects.bulk_create(
            Assignment(matter=one, unit=unit, assigned_at=one.received_at, state=Assignment.State.REPLIED)
            for one in rows
        )
        Clock.objects.bulk_create(
            reckoner.put(
                Clock(
                    matter=one.matter,
                    assignment=one,
                    rule=rule.id,
                    label=rule.label,
                    event="回复",
                    began_at=one.assigned_at + timedelta(days=at % 28, minutes=at % 400),
                    count=span.count,
                    unit=str(span.unit),
                    ends=str(span.ends),
                )
            )
            for at, one in enumerate(given)
        )
    due.refresh()


def clocked(act: Callable[[], object]) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        began, busy = time.perf_counter(), time.process_time()
        act()
        took = {"seconds": time.perf_counter() - began, "processor": time.process_time() - busy}
    return {name: round(value, 2) for name, value in took.items()} | {"statements": len(asked)}


if __name__ == "__main__":
    main()
