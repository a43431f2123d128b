"""Opening the list of the window and the centre over 100,000 matters.

    bin/with-servers env PYTHONPATH=. .venv/bin/python benchmarks/matters.py [matters]

Measures as `lists.py` does. Two in three matters are open, each with an assignment and its clock.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from benchmarks.lists import look

UNITS, AT_ONCE = 112, 5_000
STATES = ("registered", "judged", "assigned", "assigned", "replied", "calling", "closed", "closed", "closed")


def main() -> None:
    """Measure and print."""
    matters = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        print(json.dumps(measured(matters), ensure_ascii=False, indent=1))


def measured(matters: int) -> dict[str, Any]:
    """The pages that are opened all day."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    seed(matters)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SET max_parallel_workers_per_gather = 0")  # what helpers compute is not counted
    page = "/office/matters/"
    queries = (
        "",
        "?page=2",
        f"?page={matters * 2 // 3 // 50}",
        "?late=late",
        "?state=closed",
        "?state=all",
        "?unit=7",
        "?category=红牌",
        "?month=2026-03",
        "?q=BB2026-00077",
        "?q=第777号",
        "?unit=7&category=红牌&late=late&month=2026-03",
    )
    found = [look("centre_operator", page + query) for query in queries]
    found += [look("centre_operator", address) for address in ("/office/", f"{page}1/")]
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "database": connection.vendor,
        "matters": matters,
        "slowest_seconds": max(one["seconds"] for one in found),
        "most_queries": max(one["queries"] for one in found),
        "pages": found,
    }


def seed(count: int) -> None:
    """Fill the tables in bulk."""
    from django.core.management import call_command
    from django.utils import timezone

    from casework.matters import due
    from casework.models import Assignment, Clock, Matter
    from casework.procedures.stored import in_use, load_procedures
    from departments.models import Department
    from office.models import User
    from office.roles import Role

    call_command("seed_calendar", verbosity=0)
    load_procedures()
    for role in Role:
        User.objects.create_user(str(role), role=role)
    units = Department.objects.bulk_create(Department(name=f"示范县第{number}局") for number in range(UNITS))
    version, now = in_use("wuyang-unresolved-matters"), timezone.now()
    colors = [one.id for one in version.procedure.categories.items]

    def made(numbers: range) -> Iterator[Matter]:
        for number in numbers:
            received = now - timedelta(hours=number % 8000)
            yield Matter(
                version=version,
                procedure_id=version.procedure_id,
                year=2026,
                serial=number + 1,
                number=f"BB2026-{number + 1:05d}",
                source="window",
                state=STATES[number % len(STATES)],
                title=f"第{number}号证照办理多次退件",
                text=f"第{number}次到窗口，每次被告知缺少不同的材料，两个窗口要求不一致。" * 4,
                about=units[number % UNITS],
                category=colors[number % len(colors)],
                first_category=colors[0],
                received_at=received,
                received_on=timezone.localdate(received),
            )

    for first in range(0, count, AT_ONCE):
        rows = Matter.objects.bulk_create(made(range(first, min(first + AT_ONCE, count))))
        given = Assignment.objects.bulk_create(
            Assignment(matter=row, unit=units[row.serial % UNITS], assigned_at=row.received_at)
            for row in rows
        )
        Clock.objects.bulk_create(
            Clock(
                matter=one.matter,
                assignment=one,
                rule="reply",
                label="回复",
                state="void" if one.matter.state == "closed" else "running",
                event="交办",
                began_at=one.assigned_at,
                count=5,
                unit="working_days",
                ends="office",
                due_at=one.assigned_at + timedelta(days=300),
                why="交办，5 个工作日",
            )
            for one in given
        )
    due.refresh()


if __name__ == "__main__":
    main()
