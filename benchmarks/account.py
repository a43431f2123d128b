"""The yearly account of ten years of four rounds of 200 units: what it costs beside the bare query.

    env PYTHONPATH=. .venv/bin/python benchmarks/account.py [years] [units]

Uses DATABASE_URL (without it: SQLite in its own folder). Every unit has a row of the register and a standing
in each round. "bare" fetches the same rows as plain tuples; the account of the last year looks back over all
years for its runs. Processor time, the least
of seven: other work on the machine only adds. Prints one JSON object.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

FIRST, ROUNDS, TIMES = 2017, 4, 7


def main() -> None:
    years = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    units = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ["ALLOWED_HOSTS"] = "testserver"
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        print(json.dumps(measured(years, units), ensure_ascii=False, indent=1))


def measured(years: int, units: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from evaluations.account import queries
    from evaluations.account.reckoning import points_of

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    page = seed(years, units)
    last = FIRST + years - 1

    def bare() -> None:
        of = {"year__gte": FIRST, "year__lte": last}
        from evaluations.models import Disposition, Standing

        list(Standing.objects.filter(**of, staff_member=None).order_by("ends_on").values_list(*queries.STOOD))
        list(Disposition.objects.filter(**of).order_by("register_year").values_list(*queries.ENTRY))

    def all_years() -> None:
        for account in queries.units_between(FIRST, last):
            points_of(account.entries)

    def one_year() -> None:
        if len(queries.units_in(last)) != units:
            raise RuntimeError("a unit is missing")

    found: dict[str, Any] = {"years": years, "units": units, "rounds": years * ROUNDS}
    ways: dict[str, Callable[[], None]] = {
        "bare query of all rows": bare,
        "account of all years": all_years,
        "account of the last year": one_year,
        "page of the last year": page,
    }
    for name, way in ways.items():
        way()
        with CaptureQueriesContext(connection) as asked:
            way()
        found[name] = {"processor seconds": round(least(way), 3), "queries": len(asked)}
    del found["page of the last year"]["queries"]  # a request begins the count anew; the tests have it
    base = found["bare query of all rows"]["processor seconds"]
    for name in ways:
        found[name]["times the bare query"] = round(found[name]["processor seconds"] / base, 2)
    return found


def least(way: Callable[[], None]) -> float:
    taken = []
    for _ in range(TIMES):
        begun = time.process_time()
        way()
        taken.append(time.process_time() - begun)
    return min(taken)


def seed(years: int, units: int) -> Callable[[], None]:
    """Fill the register; return the way to the page of the last year."""
    from django.test import Client
    from django.utils import timezone

    from departments.models import Department
    from evaluations.models import Disposition, Result, Round, RoundDepartment, Standing
    from evaluations.services import load_schemes
    from office.models import User

    user = User.objects.create_user("reader", role="inspectorate")
    scheme = next(one for one in load_schemes() if one.scheme_id == "guangyuan-2022")
    judged = Department.objects.bulk_create(
        Department(name=f"单位{number}", order=number) for number in range(units)
    )
    serial = 0
    for year in range(FIRST, FIRST + years):
        for part in range(1, ROUNDS + 1):
            ends = date(year, part * 3, 28)
            round_ = Round.objects.create(
                title=f"{year}年第{part}季度评价",
                period=f"{year}-Q{part}",
                scheme_version=scheme,
                base_date=ends,
                created_by=user,
            )
            result = Result.objects.create(
                round=round_,
                scheme_version=scheme,
                facts={},
                outcome={},
                computed_by=user,
                computed_at=timezone.now(),
            )
            rows = RoundDepartment.objects.bulk_create(
                RoundDepartment(round=round_, department=one, name=one.name, order=one.order)
                for one in judged
            )
            common = {"result": result, "round": round_, "year": year}
            Standing.objects.bulk_create(
                Standing(
                    **common,
                    subject=row,
                    department_id=row.department_id,
                    ends_on=ends,
                    rank=place,
                    score="85.5",
                    listed="best" if place <= 3 else "",
                )
                for place, row in enumerate(rows, 1)
            )
            Disposition.objects.bulk_create(
                Disposition(
                    **common,
                    register_year=year,
                    register_serial=(serial := serial + 1),
                    subject=row,
                    department_id=row.department_id,
                    target="department",
                    rule="annual_bonus",
                    label="年度加分",
                    clause="六(三)",
                    because="位列前列名单",
                    word="年度加分",
                    kind="points",
                    points=Decimal("0.2") * part,
                    points_are_total=True,
                    proposed_on=ends,
                    state="decided",
                    body="市目标绩效办",
                    number=f"示〔{year}〕{serial}号",
                    decided_on=ends,
                )
                for row in rows
            )
    client = Client()
    client.force_login(user)

    def page() -> None:
        answer = client.get(f"/office/rounds/account/{FIRST + years - 1}/")
        if answer.status_code != 200:
            raise RuntimeError(f"the page answered {answer.status_code}")

    return page


if __name__ == "__main__":
    main()
