"""Opening the longest lists: 20,000 persons, 200,000 market entities, 200,000 entries of the audit.

    bin/with-servers env PYTHONPATH=. .venv/bin/python benchmarks/lists.py [persons] [entities]

Uses DATABASE_URL (without it: SQLite in its own folder). Each page is asked for through Django's whole
stack, middleware and template included, three times; the median counts. "database" is the part its
queries took. On a busy machine seconds say little: "processor" is what the page cost this process and,
where PostgreSQL runs beside it, its own. Prints one JSON object.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

DEPARTMENTS, SECTIONS, TOWNS = 60, 6, 22
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"


def main() -> None:
    """Measure and print."""
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    entities = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        print(json.dumps(measured(persons, entities), ensure_ascii=False, indent=1))


def measured(persons: int, entities: int) -> dict[str, Any]:
    """Every page a person would open of these lists."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    seed(persons, entities)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SET max_parallel_workers_per_gather = 0")  # what helpers compute is not counted
    staff, entity, audit = (
        f"/office/{name}/"
        for name in ("departments/staffmember", "surveys/marketentity", "office/auditentry")
    )
    last_staff, last = (persons - 1) // 50 + 1, (entities - 1) // 50 + 1
    pages = {
        "centre_operator": [
            staff,
            f"{staff}?p={last_staff}",
            f"{staff}?q=王伟",
            f"{staff}?q=wangwei",
            f"{staff}?q=ww",
            f"{staff}?kind__exact=staff",
            f"{staff}?department__id__exact=7",
            f"{staff}?o=1",
            "/office/departments/section/",
            "/office/departments/department/",
            entity,
            f"{entity}?p={last}",
            f"{entity}?q=第{entities // 2}号",
            f"{entity}?q=91371725{entities // 2:09d}",
            f"{entity}?kind__exact=sole_trader",
            f"{entity}?kind__exact=sole_trader&p={last // 3}",
            f"{entity}?town__id__exact=5",
            f"{entity}?o=1",
            f"{entity}?o=5",
        ],
        "department_officer": [staff, f"{staff}?q=王"],
        "town_organizer": [entity, f"{entity}?q=第1"],
        "inspectorate": [audit, f"{audit}?p={last}", f"{audit}?q=对象7", f"{audit}?verb=修改"],
    }
    found = [look(role, url) for role, urls in pages.items() for url in urls]
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "database": connection.vendor,
        "persons": persons,
        "entities": entities,
        "slowest_seconds": max(one["seconds"] for one in found),
        "dearest_processor_seconds": max(one["processor"] for one in found),
        "pages": found,
    }


def look(role: str, url: str) -> dict[str, Any]:
    """Open a page three times."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from office.models import User

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username=role))
    client.get(url)
    seconds, processor, database, queries = [], [], [], 0
    server = processor_of_the_server()
    for _ in range(3):
        with CaptureQueriesContext(connection) as asked:
            started, used = time.perf_counter(), time.process_time() + server()
            answer = client.get(url)
            seconds.append(time.perf_counter() - started)
            processor.append(time.process_time() + server() - used)
        if answer.status_code != 200:
            raise RuntimeError(f"{url}: {answer.status_code}")
        database.append(sum(float(query["time"]) for query in asked))
        queries = len(asked)
    return {
        "role": role,
        "url": url,
        "seconds": round(statistics.median(seconds), 3),
        "processor": round(statistics.median(processor), 3),
        "database": round(statistics.median(database), 3),
        "queries": queries,
    }


def processor_of_the_server() -> Callable[[], float]:
    """Return how to ask how long the database's process for this connection has computed so far."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return lambda: 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    ticks = os.sysconf("SC_CLK_TCK")

    def so_far() -> float:
        if not stat.exists():
            return 0.0
        after_name = stat.read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / ticks

    return so_far


def seed(persons: int, entities: int) -> None:
    """Fill the tables in bulk."""
    from django.utils import timezone

    from departments.models import Department, Membership, Section, StaffMember, Town
    from departments.names.pinyin import name_initials
    from departments.names.strokes import stroke_key
    from office.models import AuditEntry, User
    from office.roles import Role
    from surveys.models import MarketEntity

    units = Department.objects.bulk_create(
        Department(name=f"示范县第{number}局", order=number) for number in range(DEPARTMENTS)
    )
    sections = Section.objects.bulk_create(
        Section(department=unit, name=f"第{number}科", order=number)
        for unit in units
        for number in range(SECTIONS)
    )
    towns = Town.objects.bulk_create(Town(name=f"第{number}镇", order=number) for number in range(TOWNS))
    users = {role: User.objects.create_user(str(role), role=role) for role in Role}
    Membership.objects.create(user=users[Role.DEPARTMENT_OFFICER], department=units[3])
    Membership.objects.create(user=users[Role.TOWN_ORGANIZER], town=towns[3])
    names = [f"{one}{two}" for one in SURNAMES for two in GIVEN]
    StaffMember.objects.bulk_create(
        [
            StaffMember(
                department=sections[number % len(sections)].department,
                section=sections[number % len(sections)],
                name=names[number % len(names)],
                name_initials=name_initials(names[number % len(names)]),
                name_strokes=stroke_key(names[number % len(names)]),
                kind="staff",
                order=number // len(sections),
            )
            for number in range(persons)
        ],
        batch_size=1000,
    )
    kinds = ("private", "sole_trader", "non_private")
    for first in range(0, entities, 20_000):
        numbers = range(first, min(first + 20_000, entities))
        MarketEntity.objects.bulk_create(
            [
                MarketEntity(
                    code=f"91371725{number:09d}X",
                    name=f"示范县第{number}号商贸有限公司",
                    kind=kinds[number % 3],
                    town=towns[number % TOWNS],
                    contact=names[number % len(names)],
                )
                for number in numbers
            ],
            batch_size=2000,
        )
        at = timezone.now()
        AuditEntry.objects.bulk_create(
            [
                AuditEntry(
                    at=at - timedelta(seconds=entities - number),
                    actor=users[Role.CENTRE_OPERATOR],
                    actor_name="经办",
                    role=Role.CENTRE_OPERATOR,
                    verb=("修改", "新增", "导出")[number % 3],
                    object_type="工作人员",
                    object_id=str(number),
                    object_label=f"对象{number}",
                    after={"职务": "科长"},
                )
                for number in numbers
            ],
            batch_size=2000,
        )


if __name__ == "__main__":
    main()
