"""Publishing 112 units and 2,016 persons beside 24 units and 432: is it linear in the units?

    .venv/bin/python benchmarks/publish_large.py [units] [units …]

Each county in a process, a data folder and a SQLite file of its own, made alike, eighteen persons a unit.
Prints processor seconds of the publishing job (typesetting included) and of pages of the office, seconds by
the clock and bytes of the results page, all per unit, and what a unit costs in the largest county against
the first one: 1.0 is linear.
"""

# ruff: noqa: PLC0415, S311 - Django must be set up before anything of it is imported; nothing drawn is secret

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from departments.models import Department

SIZES = (24, 112)
STAFF, SECTIONS = 4, 3
MOST = 1.3
"""A unit may cost so many times more among many than among few."""


def main() -> None:
    asked = sys.argv[1:]
    if asked[:1] == ["--one"]:
        print(json.dumps(measured(int(asked[1]))))
        return
    sizes = [int(one) for one in asked] or list(SIZES)
    found = [in_a_process(size) for size in sizes]
    first, last = found[0], found[-1]
    per_unit = {
        name: [round(one[name] / one["units"], 5) for one in found]
        for name in first
        if name.startswith(("cpu_", "seconds_", "kilobytes_"))
    }
    ratios = {name: round(few[-1] / few[0], 2) for name, few in per_unit.items() if few[0]}
    cpu = {name: ratio for name, ratio in ratios.items() if name.startswith("cpu_")}
    print(
        json.dumps(
            {
                "counties": found,
                "per_unit": per_unit,
                f"ratio_of_{last['units']}_to_{first['units']}_per_unit": ratios,
                "most": MOST,
                "kept": max(cpu.values()) <= MOST,
                "load": round(os.getloadavg()[0], 1),
                "processors": os.cpu_count(),
            },
            ensure_ascii=False,
            indent=1,
        )
    )


def in_a_process(units: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(units)], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(units: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        stdout, sys.stdout = sys.stdout, sys.stderr
        call_command("migrate", verbosity=0)
        found = published(units)
        sys.stdout = stdout
        return found


def published(units: int) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from benchmarks.made.county_of_24 import ready_with, users
    from departments.models import StaffMember
    from disclosure.results import services
    from office.jobs import services as jobs
    from office.models import Job
    from office.roles import Role

    settings.ALLOWED_HOSTS = ["testserver"]
    chance = random.Random(7)
    for number in range(units):
        make_unit(number, chance)
    round_ = ready_with(persons_public="all")
    operator = users()[Role.CENTRE_OPERATOR]
    deciding = timed(lambda: services.publish_results(round=round_, acting_user=operator, now=timezone.now()))
    job = Job.objects.filter(kind="publication.render").latest("pk")
    rendering = timed(lambda: jobs.run(job.pk))
    job.refresh_from_db()
    if job.state != Job.State.DONE:
        raise SystemExit(job.message)
    browser = Client()
    browser.force_login(operator)
    there = browser.get("/results/", follow=True)
    pages = {
        name: best(lambda path=path: answered(browser, path))  # type: ignore[misc] # bound by its default
        for name, path in {
            "result": f"/office/rounds/{round_.pk}/result/",
            "analysis": f"/office/rounds/{round_.pk}/analysis/",
            "preview": f"/office/results/{round_.pk}/preview/index.html",
        }.items()
    }
    return {
        "units": units,
        "persons": StaffMember.objects.count(),
        "cpu_deciding": deciding[0],
        "cpu_rendering": rendering[0],
        "seconds_rendering": rendering[1],
        **{f"cpu_page_{name}": seconds for name, seconds in pages.items()},
        "kilobytes_results_page": round(len(there.content) / 1000, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def make_unit(number: int, chance: random.Random) -> Department:
    """Eighteen persons: a principal, two supervising leaders, three sections of five."""
    from departments.kinds import StaffKind, Topic
    from departments.models import Department, Section, StaffMember

    unit = Department.objects.create(name=f"县第{number + 1}局", order=number)
    top = Section.objects.create(department=unit, name="局领导", is_leadership=True)
    people = [(top, StaffKind.PRINCIPAL_LEADER), *[(top, StaffKind.SUPERVISING_LEADER)] * 2]
    for place in range(SECTIONS):
        topic = chance.choice(list(Topic))
        desk = Section.objects.create(department=unit, name=f"第{place + 1}科", order=place + 1, topic=topic)
        people += [(desk, StaffKind.SECTION_HEAD), *[(desk, StaffKind.STAFF)] * STAFF]
    made = [
        StaffMember(
            department=unit,
            section=section,
            name=f"赵{number}号{place}",
            kind=kind,
            post=kind.label,
            order=place,
        )
        for place, (section, kind) in enumerate(people)
    ]
    made = StaffMember.objects.bulk_create(made)
    Section.objects.filter(department=unit, is_leadership=False).update(supervising_leader=made[1])
    return unit


def answered(browser: Any, path: str) -> None:
    answer = browser.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of the processor, processes it started included, and by the clock."""
    began, spent = time.perf_counter(), cpu()
    work()
    return round(cpu() - spent, 3), round(time.perf_counter() - began, 3)


def best(work: Callable[[], Any]) -> float:
    return min(timed(work)[0] for _ in range(3))


def cpu() -> float:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, whose))


if __name__ == "__main__":
    main()
