"""The list of claims and the notice of a month in which 3,000 firms a day claimed.

    bin/with-servers env PYTHONPATH=. .venv/bin/python benchmarks/benefits_notice.py [claims]

Measures pages as `lists.py` does. Every claim has its matter, an assignment, four limits, and mostly a
decision and a payment. The notice is compared with reading its limits once in the same run.
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
from datetime import time as clock
from decimal import Decimal
from typing import Any

from benchmarks.lists import look, processor_of_the_server

UNITS, ITEMS, FIRMS, AT_ONCE = 40, 120, 5_000, 5_000
DAYS = 30
LATE = 17  # one limit in so many is late


def main() -> None:
    """Measure and print."""
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000 * DAYS
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        print(json.dumps(measured(claims), ensure_ascii=False, indent=1))


def measured(claims: int) -> dict[str, Any]:
    """Lists, the running notice and closing it."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import Count
    from django.utils import timezone

    from benefits.notice.closing import close_month
    from benefits.notice.counting import told
    from casework.figures.months import Month
    from casework.models import Clock
    from office.models import User

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    month = Month.of(timezone.localdate()).moved(-1)
    seed(claims, month.first)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    now = timezone.now()
    bare = _seconds(lambda: list(Clock.objects.values_list("rule", "state").annotate(Count("pk")).order_by()))
    server = processor_of_the_server()
    used = time.process_time() + server()
    notice = _seconds(lambda: told(month, now))
    used = time.process_time() + server() - used
    operator = User.objects.get(username="centre_operator")
    closing = _seconds(lambda: close_month(month=month, now=now, acting_user=operator))
    pages = [
        "/office/benefits/claims/",
        "/office/benefits/claims/?page=2",
        f"/office/benefits/notice/list/?month={month}&which=granted",
        f"/office/benefits/notice/list/?month={month}&which=paid&page=9",
    ]
    found = [look("centre_operator", page) for page in pages]
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "database": connection.vendor,
        "claims": claims,
        "notice_seconds": round(notice, 2),
        "notice_processor_seconds": round(used, 2),
        "closing_seconds": round(closing, 2),
        "notice_beside_reading_its_limits": round(notice / bare, 1),
        "slowest_list_seconds": max(one["seconds"] for one in found),
        "most_queries": max(one["queries"] for one in found),
        "pages": found,
    }


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def seed(count: int, first: date) -> None:
    """Fill the tables in bulk; the same number of claims on every day of the month."""
    from django.core.management import call_command
    from django.utils import timezone

    from benefits.models import BenefitItem, Claim, ClaimDecision, Firm, ItemVersion, Payment
    from benefits.rules import rules
    from casework.matters import due
    from casework.models import Assignment, Clock, Matter
    from casework.procedures.stored import in_use, load_procedures
    from departments.models import Department
    from office.models import User
    from office.roles import Role

    call_command("seed_calendar", verbosity=0)
    load_procedures()
    users = {role: User.objects.create_user(str(role), role=role) for role in Role}
    by = users[Role.DEPARTMENT_OFFICER]
    units = Department.objects.bulk_create(Department(name=f"示范县第{number}局") for number in range(UNITS))
    version = in_use(rules()[0])
    classes = [one.category for one in rules()[1].classes.items]
    items = BenefitItem.objects.bulk_create(BenefitItem(code=f"HQ-{number:03}") for number in range(ITEMS))
    versions = ItemVersion.objects.bulk_create(
        ItemVersion(
            item=item,
            number=1,
            state="published",
            name=f"第{number}项奖励",
            category=classes[number % len(classes)],
            kind="grant",
            level="county",
            department=units[number % UNITS],
            document_title="测试措施",
            clause="第一条",
            audience="企业",
            standard="一次性奖励",
            steps="申请、审核、拨付",
            contact_phone="0000",
            valid_from=first,
            published_on=first,
        )
        for number, item in enumerate(items)
    )
    firms = Firm.objects.bulk_create(
        Firm(credit_code=f"91{number:016}", name=f"示范第{number}公司") for number in range(FIRMS)
    )
    begins = timezone.make_aware(datetime.combine(first, clock(9)))

    def came(number: int) -> datetime:
        return begins + timedelta(days=number % DAYS)

    def matter(number: int) -> Matter:
        state = ("closed", "closed", "calling", "replied", "assigned")[number % 5]
        return Matter(
            version=version,
            procedure_id=version.procedure_id,
            year=first.year,
            serial=number + 1,
            number=f"HQ{first.year}-{number + 1:06}",
            source="window",
            state=state,
            title=f"第{number}号申请",
            text="申请兑现。",
            about=versions[number % ITEMS].department,
            category=versions[number % ITEMS].category,
            first_category=versions[number % ITEMS].category,
            received_at=came(number),
            received_on=timezone.localdate(came(number)),
            accepted_at=came(number),
            is_satisfied=True if state == "closed" else None,
            outcome="paid" if state == "closed" else "",
        )

    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count))
        rows = Matter.objects.bulk_create(map(matter, numbers))
        given = Assignment.objects.bulk_create(
            Assignment(matter=row, unit=row.about, assigned_at=row.received_at, state="in_hand")
            for row in rows
        )
        Clock.objects.bulk_create(
            Clock(
                matter=one.matter,
                assignment=None if rule == "assignment" else one,
                rule=rule,
                label=rule,
                state="met" if one.matter.serial % 5 < 4 else "running",
                event="受理",
                began_at=one.assigned_at,
                count=1,
                unit="minutes",
                ends="office",
                due_at=one.assigned_at + timedelta(hours=place + 1),
                met_at=one.assigned_at if one.matter.serial % 5 < 4 else None,
                is_late=one.matter.serial % LATE == 0 if one.matter.serial % 5 < 4 else None,
                why="受理，1 小时",
            )
            for one in given
            for place, rule in enumerate(("assignment", "response", "decision", "payment"))
        )
        claims = Claim.objects.bulk_create(
            Claim(
                matter=row,
                firm=firms[row.serial % FIRMS],
                version=versions[(row.serial - 1) % ITEMS],
                amount_asked=Decimal(10_000),
            )
            for row in rows
        )
        decisions = ClaimDecision.objects.bulk_create(
            ClaimDecision(
                claim=one,
                is_granted=one.matter.serial % 10 > 0,
                amount=Decimal("9999.99") if one.matter.serial % 10 else None,
                clause="第一条",
                reason="" if one.matter.serial % 10 else "不符合条件",
                decided_by=by,
                approver="示范",
                decided_at=one.matter.received_at,
                first_decided_at=one.matter.received_at,
            )
            for one in claims
            if one.matter.state != "assigned"
        )
        Payment.objects.bulk_create(
            Payment(
                decision=one,
                state="paid",
                amount=one.amount,
                requested_on=one.claim.matter.received_on,
                ordered_on=one.claim.matter.received_on,
                bank_on=one.claim.matter.received_on,
            )
            for one in decisions
            if one.amount is not None
        )
    due.refresh()


if __name__ == "__main__":
    main()
