"""Jobs under a fault: done once, told truly, and nothing half made left behind."""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.faults.world import Service, World, for_a_while, wait_for

ENTITIES = 4000
LONGEST = 240.0
WAITS_AT_MOST = 5.0  # seconds that a page waits for a Redis that is away
Found = dict[str, Any]
Scenario = Callable[[World], Found]


def job_of(number: int) -> Any:
    """A row as it is now; by a new connection where the database was restarted meanwhile."""
    from django.db import DatabaseError, connection
    from django.db.utils import InterfaceError

    from office.models import Job

    while True:
        try:
            return Job.objects.get(pk=number)
        except (DatabaseError, InterfaceError):
            connection.close()
            for_a_while(0.5)


def ended(number: int, seconds: float = LONGEST) -> Any:
    wait_for(lambda: job_of(number).state in ("done", "failed"), f"the end of job {number}", seconds)
    return job_of(number)


def enqueued(kind: str, **arguments: Any) -> int:
    from office.jobs import services as jobs

    return jobs.enqueue(kind, arguments, acting_user=None).pk


def runs_of(world: World, name: str) -> int:
    file = world.folder / f"ran-{name}"
    return len(file.read_text()) if file.exists() else 0


def said(job: Any, **more: Any) -> Found:
    return {"state": job.state, "attempts": job.attempts, "message": job.message, **more}


class Publishing:
    """A round of 24 departments that is being published: pages and 26 PDFs."""

    def __init__(self, world: World) -> None:
        from django.utils import timezone

        from benchmarks.made.county_of_24 import ready_to_publish, users
        from disclosure.results import services
        from office.models import Job
        from office.roles import Role

        self.world = world
        operator = users()[Role.CENTRE_OPERATOR]
        self.publication = services.publish_results(
            round=ready_to_publish(), acting_user=operator, now=timezone.now()
        )
        self.job = Job.objects.get(kind="publication.render").pk

    def until(self, done: int) -> int:
        """Wait until so many steps are done and it still goes on."""
        wait_for(lambda: job_of(self.job).done >= done, f"step {done} of the publication", LONGEST)
        job = job_of(self.job)
        if job.state != "running":
            raise RuntimeError("the publication ended before the fault")
        return int(job.done)

    def found(self, at: int, attempts: int) -> Found:
        """Every file is there and is what the archive makes again; nothing half made is left."""
        job = ended(self.job)
        checked = self.world.manage("republish", "--all", "--check")
        published = self.world.data / "published"
        left = [one for one in published.rglob("*") if ".tmp" in one.name or one.name.startswith(".")]
        whole = checked.returncode == 0 and "与存档不一致" not in checked.stdout
        ok = job.state == "done" and job.attempts == attempts and whole and not left
        files = len([one for one in published.rglob("*") if one.is_file()])
        return {"ok": ok, "at": at, "files": files, "whole": whole, "left": len(left), **said(job)}


def published_by_a_worker(world: World) -> tuple[Publishing, Service]:
    world.ready()
    world.timers()
    worker = world.worker()
    return Publishing(world), worker


def publication_worker_killed(world: World) -> Found:
    publishing, worker = published_by_a_worker(world)
    at = publishing.until(3)
    worker.kill()
    worker.start()
    return publishing.found(at, attempts=2)


def publication_database_stopped(world: World) -> Found:
    """An attempt that the restart ended is queued again; one that did not ask meanwhile goes on."""
    publishing, _ = published_by_a_worker(world)
    at = publishing.until(3)
    world.postgresql.stop_at_once()
    for_a_while(3)
    world.postgresql.start()
    attempts = ended(publishing.job).attempts
    found = publishing.found(at, attempts=attempts)
    return {**found, "ok": found["ok"] and attempts <= 3}


def publication_redis_restarted(world: World) -> Found:
    publishing, _ = published_by_a_worker(world)
    at = publishing.until(3)
    world.redis.kill()
    for_a_while(2)
    world.redis.start()
    return publishing.found(at, attempts=1)


def publication_disk_full(world: World) -> Found:
    """It fails in words, leaves nothing, and is done when it is run again."""
    publishing, _ = published_by_a_worker(world)
    at = publishing.until(1)
    with world.full_disk():
        first = ended(publishing.job)
    from office.jobs import services as jobs
    from office.models import Job, User
    from office.roles import Role

    admin = User.objects.create_user("admin", role=Role.ADMINISTRATOR)
    jobs.retry(job=Job.objects.get(pk=publishing.job), acting_user=admin)
    found = publishing.found(at, attempts=2)
    told = first.state == "failed" and "磁盘空间不足" in first.message
    return {**found, "ok": found["ok"] and told, "told": first.message}


def import_worker_killed(world: World) -> Found:
    """All rows or none, once, with one entry in the audit."""
    world.ready()
    from benchmarks.imports import make
    from office.imports import definition, files
    from office.imports import jobs as import_jobs
    from office.models import AuditEntry, User
    from office.roles import Role
    from surveys.models import MarketEntity

    user = User.objects.create_user("operator", role=Role.CENTRE_OPERATOR)
    path = world.folder / "library.xlsx"
    make(path, ENTITIES)
    world.timers()
    worker = world.worker()
    what = definition.offered("import-entities")
    token = files.keep(path.read_bytes())
    preview = import_jobs.enqueue_preview(what=what, token=token, option=False, acting_user=user)
    if ended(preview.pk).state != "done":
        raise RuntimeError("the preview failed")
    entries = AuditEntry.objects.count()
    job = import_jobs.enqueue_import(
        what=what,
        token=token,
        option=False,
        file_name=path.name,
        digest=files.kept_preview(token)["digest"],
        acting_user=user,
    )
    wait_for(lambda: job_of(job.pk).done > 0, "the import", LONGEST)
    at = job_of(job.pk).done
    worker.kill()
    seen = MarketEntity.objects.count()
    worker.start()
    end = ended(job.pk)
    rows, added = MarketEntity.objects.count(), AuditEntry.objects.count() - entries
    ok = (end.state, end.attempts, rows, added, seen) == ("done", 2, ENTITIES, 1, 0)
    return {"ok": ok, "at": at, "rows_after_the_kill": seen, "rows": rows, "audit": added, **said(end)}


def two_hang(world: World) -> Found:
    """Both are ended at their limit and say so; the five behind them are done; the sweep goes on."""
    world.ready()
    from office.jobs import services as jobs

    world.timers()
    world.worker(FAULTS_JOB_MINUTES="1")
    hung = [enqueued("faults.sleeps", name=f"hangs-{n}", seconds=3600) for n in range(2)]
    wait_for(lambda: all(job_of(one).state == "running" for one in hung), "both to hang")
    behind = [enqueued("faults.sleeps", name=f"behind-{n}", seconds=0) for n in range(5)]
    started = time.monotonic()
    done = sum(ended(one).state == "done" for one in behind)
    waited = round(time.monotonic() - started, 1)
    ends = [ended(one) for one in hung]
    told = sum(one.state == "failed" and "没有结束" in one.message for one in ends)
    again = sum(runs_of(world, f"hangs-{n}") for n in range(2))
    still = jobs.condition().is_standing_still
    ok = done == 5 and told == 2 and again == 2 and not still
    return {"ok": ok, "done_behind": done, "waited": waited, "ended": told, "attempts": again}


def sent_40_times(world: World) -> Found:
    world.ready()
    from office.jobs import services as jobs

    workers = [world.worker("one"), world.worker("two")]
    for_a_while(5)
    number = enqueued("faults.sleeps", name="often", seconds=5)
    for _ in range(40):
        jobs.send(number)
    end = ended(number)
    for_a_while(3)
    ran = runs_of(world, "often")
    return {"ok": ran == 1 and end.state == "done", "ran": ran, "workers": len(workers), **said(end)}


def one_raises(world: World) -> Found:
    world.ready()
    world.worker()
    fault = enqueued("faults.raises", name="raises")
    behind = [enqueued("faults.sleeps", name=f"behind-{n}", seconds=0) for n in range(20)]
    done = sum(ended(one).state == "done" for one in behind)
    end = ended(fault)
    return {"ok": done == 20 and end.state == "failed" and end.attempts == 1, "done": done, **said(end)}


def _runs_once(world: World, number: int, name: str) -> Found:
    end = ended(number)
    ran = runs_of(world, name)
    return {"ok": ran == 1 and end.state == "done" and end.attempts == 1, "ran": ran, **said(end)}


def worker_clock_behind(world: World) -> Found:
    """A worker 150 s behind has the job, longer than a lease; one with the right time sweeps."""
    world.ready()
    world.timers()
    world.worker("behind", FAULTS_OWN_CLOCK="-150")
    number = enqueued("faults.sleeps", name="behind", seconds=75)
    wait_for(lambda: runs_of(world, "behind") > 0, "the job's start")
    world.worker("right")
    return _runs_once(world, number, "behind")


def clock_jumps(world: World) -> Found:
    world.ready()
    world.timers()
    world.worker()
    number = enqueued("faults.sleeps", name="jump", seconds=40)
    wait_for(lambda: runs_of(world, "jump") > 0, "the job's start")
    world.set_clock(7200)
    return _runs_once(world, number, "jump")


def redis_killed(world: World) -> Found:
    """A job that is enqueued while Redis is away waits for the sweep."""
    world.ready()
    world.timers()
    world.worker()
    for_a_while(5)
    world.redis.kill()
    started = time.monotonic()
    number = enqueued("faults.sleeps", name="away", seconds=0)
    asked = round(time.monotonic() - started, 1)
    for_a_while(8)
    world.redis.start()
    back = time.monotonic()
    found = _runs_once(world, number, "away")
    return {
        **found,
        "ok": found["ok"] and asked < WAITS_AT_MOST,
        "enqueued_in": asked,
        "done_after": round(time.monotonic() - back, 1),
    }


def worker_killed_without_redis(world: World) -> Found:
    world.ready()
    worker: Service = world.worker()
    number = enqueued("faults.sleeps", name="killed", seconds=8)
    wait_for(lambda: runs_of(world, "killed") > 0, "the job's start")
    worker.kill()
    worker.start()
    end = ended(number)
    ran = runs_of(world, "killed")
    return {"ok": ran == 2 and end.state == "done" and end.attempts == 2, "ran": ran, **said(end)}
