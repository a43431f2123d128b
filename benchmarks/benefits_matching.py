"""120 items by 20,000 firms matched by the job: from nothing, again, and after some labels changed.

    .venv/bin/python -m benchmarks.benefits_matching [firms] [items]
    bin/with-servers .venv/bin/python -m benchmarks.benefits_matching 20000

Uses DATABASE_URL (without it: SQLite in its own folder). "Bare" reads the same labels and decides on the same
pairs in one loop: no chunks, no locks, no comparing, nothing written. Memory is the peak of this process; a
run over a quarter of the firms comes first, so that what grows with their number shows. Aim: less than 60 s.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

AIM = 60
TODAY = date(2026, 3, 2)
AT_ONCE = 2000
CONDITIONS = (
    (("industry", "is", "工业"), ("first_above_scale", "is", "是")),
    (("size", "one_of", "小型、微型"), ("employees", "at_most", "100"), ("credit_clean", "is", "是")),
    (("high_tech", "is", "是"), ("revenue", "at_least", "2000")),
    (("founded", "since", "2020-01-01"), ("registered_in", "is", "是")),
    (("special_new", "is", "是"),),
    (("industry", "one_of", "批发和零售业、住宿和餐饮业"), ("above_scale", "is", "否")),
)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    items = int(sys.argv[2]) if len(sys.argv) > 2 else 120
    print(f"{items} items x {count} firms; load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-" * 3)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(count, items)


def measure(count: int, items: int) -> None:
    from django.db import connection

    from benefits.models import Firm, FirmLabel, Match
    from office.models import User
    from office.roles import Role

    user = User.objects.create_user("clerk", role=Role.WINDOW_CLERK)
    publish(items)
    add_firms(count // 4, start=1)
    run(user)
    quarter = peak_megabytes()
    Match.objects.all().delete()
    add_firms(count - count // 4, start=count // 4 + 1)
    first, said = seconds(lambda: run(user))
    peak = peak_megabytes()
    again, _ = seconds(lambda: run(user))
    firms = list(Firm.objects.order_by("pk").values_list("pk", flat=True)[: count // 100])
    FirmLabel.objects.filter(firm__in=firms).delete()
    changed, _ = seconds(lambda: run(user))
    bare, decided = seconds(bare_loop)
    print(f"{connection.vendor}, seconds by the clock (busy): first run {first}, the same again {again}")
    print(f"labels of one firm in a hundred gone {changed}; aim {AIM} s")
    print(
        f"yes {said['符合']}, unknown {said['可能符合']}, no {said['不符合']}, rows {Match.objects.count()}"
    )
    pairs, ratio = sum(decided.values()), first.busy / bare.busy
    print(f"bare loop over {pairs} pairs {bare}; first run against it {ratio:.1f} x")
    print(f"peak memory {peak} MB, {quarter} MB with a quarter of the firms")


def publish(items: int) -> None:
    from benefits.models import BenefitItem, Condition, ItemVersion
    from departments.models import Department

    unit = Department.objects.create(name="第一局", order=1)
    for number in range(items):
        item = BenefitItem.objects.create(code=f"HQ-{number:03d}")
        version = ItemVersion.objects.create(
            item=item,
            number=1,
            state=ItemVersion.State.PUBLISHED,
            name=f"第{number}项",
            category="at_once",
            kind="grant",
            level="county",
            department=unit,
            valid_from=date(2022, 1, 1),
        )
        Condition.objects.bulk_create(
            Condition(version=version, label=label, test=test, value=value, says=label)
            for label, test, value in CONDITIONS[number % len(CONDITIONS)]
        )


def add_firms(count: int, *, start: int) -> None:
    from itertools import islice

    from benefits.models import Firm, FirmLabel
    from benefits.rules import rules
    from demo.large import rows

    known = [one.id for one in rules()[1].labels.items]
    source = islice(rows(start + count - 1), start - 1, None)
    while some := list(islice(source, AT_ONCE)):
        firms = Firm.objects.bulk_create(
            Firm(name=name, credit_code=code, is_cancelled=state == "注销") for name, code, state, *_ in some
        )
        FirmLabel.objects.bulk_create(
            FirmLabel(firm=firm, label=label, value=value, source="list", told_on=TODAY)
            for firm, (_, _, _, *values) in zip(firms, some, strict=True)
            for label, value in zip(known, values, strict=True)
            if value
        )


def run(user: Any) -> dict[str, Any]:
    from benefits.matching.running import start_matching
    from office.jobs import services as jobs
    from office.models import Job

    job = start_matching(today=TODAY, acting_user=user)
    jobs.run(job.pk)
    job.refresh_from_db()
    if job.state != Job.State.DONE:
        raise SystemExit(f"the run failed: {job.message}")
    return dict(job.outcome)


def bare_loop() -> Counter[str]:
    from benefits.matching.conditions import matchable
    from benefits.matching.deciding import decide
    from benefits.models import Firm, FirmLabel

    known: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for firm, label, value in FirmLabel.objects.values_list("firm", "label", "value").iterator():
        known[firm][label] = value
    wanted = [one.wanted for one in matchable(TODAY)]
    firms = Firm.objects.filter(is_cancelled=False).values_list("pk", flat=True)
    return Counter(decide(one, known[firm]).answer for firm in firms.iterator() for one in wanted)


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


def peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
