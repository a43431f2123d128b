"""Durable jobs: nothing lost when a worker dies, progress to see, a second try by hand."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError as DatabaseBusy
from django.db import transaction
from django.utils import timezone

from office.errors import Refused
from office.jobs import services as jobs
from office.models import AuditBlock, AuditEntry, Job, TimedRun
from office.roles import Role
from tests.kit.people import person, sign_in
from tests.kit.worker import Worker, eventually
from tests.office.slow.handlers import GO_ON, HANGS

LONG_AGO = timedelta(seconds=1)
SLOW = "tests.office.slow.settings"


def enqueued(kind: str) -> Job:
    with transaction.atomic():
        return jobs.enqueue(kind, {}, acting_user=None)


def state_of(job: Job) -> str:
    job.refresh_from_db()
    return job.state


@pytest.fixture
def go_on() -> Iterator[None]:
    """The waiting job waits at first."""
    GO_ON.unlink(missing_ok=True)
    yield
    GO_ON.unlink(missing_ok=True)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_nothing(
    start_worker: Callable[..., Worker], go_on: None
) -> None:
    first = start_worker(DJANGO_SETTINGS_MODULE=SLOW)
    with transaction.atomic():
        job = jobs.enqueue("tests.slow", {}, acting_user=None)
    eventually(lambda: Job.objects.filter(pk=job.pk, done=1).exists())
    first.kill()
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - LONG_AGO)  # a minute goes by
    start_worker(DJANGO_SETTINGS_MODULE=SLOW)
    GO_ON.touch()
    jobs.sweep()
    done = eventually(lambda: Job.objects.filter(pk=job.pk, state=Job.State.DONE).first())
    assert (done.attempts, done.done, done.total, done.outcome) == (2, 2, 2, {"steps": 2})


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_job_that_hangs_is_ended_with_all_it_started_and_says_so(
    start_worker: Callable[..., Worker],
) -> None:
    HANGS.unlink(missing_ok=True)
    start_worker(DJANGO_SETTINGS_MODULE=SLOW)
    hanging, behind = enqueued("tests.hanging"), enqueued("no-such-kind")
    eventually(lambda: state_of(hanging) == Job.State.FAILED)
    assert "没有结束，已停止。请重新运行" in hanging.message
    started = Path(f"/proc/{HANGS.read_text()}/stat")
    eventually(lambda: not started.exists() or started.read_text().split()[2] == "Z")
    eventually(lambda: state_of(behind) == Job.State.FAILED)


@pytest.mark.django_db(transaction=True)
def test_jobs_that_hang_in_all_places_do_not_stop_the_sweep_nor_what_runs_by_the_clock(
    start_worker: Callable[..., Worker], go_on: None
) -> None:
    start_worker(DJANGO_SETTINGS_MODULE=SLOW)
    waiting = [enqueued("tests.slow") for _ in range(3)]
    eventually(lambda: Job.objects.filter(done=1).count() == 2)
    for task in (jobs.SWEEP, "office.seal_audit"):
        TimedRun.objects.update_or_create(name=task, defaults={"at": timezone.now() - timedelta(hours=1)})
    AuditEntry(actor_name="系统", verb="备份", object_type="系统").save()
    eventually(AuditBlock.objects.exists)
    eventually(lambda: jobs.condition().since_sweep < 60)  # type: ignore[operator]
    GO_ON.touch()
    eventually(lambda: all(state_of(job) == Job.State.DONE for job in waiting))


@pytest.mark.on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_job_tells_and_keeps_its_lease_while_its_transaction_is_open(
    start_worker: Callable[..., Worker], go_on: None
) -> None:
    start_worker(DJANGO_SETTINGS_MODULE=SLOW)
    job = enqueued("tests.writing")
    eventually(lambda: Job.objects.filter(pk=job.pk, message="正在写入").exists())
    assert jobs.renew(jobs.Progress(job.pk, attempt=1))
    GO_ON.touch()
    eventually(lambda: state_of(job) == Job.State.DONE)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_child_dies_with_its_worker(start_worker: Callable[..., Worker]) -> None:
    """No second attempt ever meets a first one that outlived the worker."""
    HANGS.unlink(missing_ok=True)
    worker = start_worker(DJANGO_SETTINGS_MODULE=SLOW, JOB_MINUTES="60")
    enqueued("tests.hanging")
    eventually(HANGS.exists)
    worker.kill()
    started = Path(f"/proc/{eventually(HANGS.read_text)}/stat")
    eventually(lambda: not started.exists() or started.read_text().split()[2] == "Z")


@pytest.mark.both_databases
@pytest.mark.django_db
def test_leases_go_by_the_clock_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job.objects.create(kind="x")
    jobs.take(job.pk)
    ahead = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    assert jobs.sweep() == 0
    assert state_of(job) == Job.State.RUNNING
    jobs.Progress(job.pk, attempt=1)(1, 2)
    job.refresh_from_db()
    assert job.lease_until
    assert job.lease_until < ahead


@pytest.mark.both_databases
@pytest.mark.django_db
def test_an_attempt_that_lost_its_job_cannot_store_what_it_did() -> None:
    job = Job.objects.create(kind="x", state=Job.State.RUNNING, attempts=2)
    with pytest.raises(jobs.Superseded):
        jobs.Progress(job.pk, attempt=1).write_outcome({"结果": "旧"})
    assert not jobs.renew(jobs.Progress(job.pk, attempt=1))
    assert jobs.renew(jobs.Progress(job.pk, attempt=2))


@pytest.mark.both_databases
@pytest.mark.django_db
def test_an_attempt_that_died_without_a_word_is_queued_at_once_until_the_fifth() -> None:
    job = Job.objects.create(kind="x", state=Job.State.RUNNING, attempts=4)
    jobs.give_back(job)
    assert state_of(job) == Job.State.QUEUED
    taken = jobs.take(job.pk)
    assert taken
    jobs.give_back(taken)
    assert state_of(job) == Job.State.FAILED


@pytest.mark.django_db
def test_a_job_that_met_a_busy_database_runs_again_and_fails_only_at_the_fifth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faults = [DatabaseBusy("database is locked"), DatabaseBusy("deadlock detected")]

    def busy_twice(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
        if faults:
            raise faults.pop()
        return {"结果": "已办"}

    monkeypatch.setitem(jobs.HANDLERS, "x", busy_twice)
    job = Job.objects.create(kind="x")
    for state in (Job.State.QUEUED, Job.State.QUEUED, Job.State.DONE):
        jobs.run(job.pk)
        assert state_of(job) == state
    faults += [DatabaseBusy("database or disk is full")]
    full = Job.objects.create(kind="x")
    jobs.run(full.pk)
    assert state_of(full) == Job.State.FAILED, "nothing passes by itself here"
    faults += [DatabaseBusy("database is locked")] * jobs.MAX_ATTEMPTS
    never = Job.objects.create(kind="x")
    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.run(never.pk)
    assert state_of(never) == Job.State.FAILED


@pytest.mark.django_db
def test_a_job_whose_shared_folder_was_away_runs_again_and_says_so_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faults = [OSError(errno.ESTALE, "Stale file handle")]

    def away(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
        if faults:
            raise RuntimeError("a page") from faults.pop()
        return {}

    monkeypatch.setitem(jobs.HANDLERS, "x", away)
    job = Job.objects.create(kind="x")
    for state in (Job.State.QUEUED, Job.State.DONE):
        jobs.run(job.pk)
        assert state_of(job) == state
    faults += [OSError(errno.ESTALE, "Stale file handle")] * jobs.MAX_ATTEMPTS
    never = Job.objects.create(kind="x")
    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.run(never.pk)
    assert (state_of(never), never.attempts) == (Job.State.FAILED, jobs.MAX_ATTEMPTS)
    assert "文件存储暂时无法读写" in never.message


@pytest.mark.django_db
def test_the_administrator_sees_a_worker_that_has_stopped() -> None:
    client = sign_in(person(Role.ADMINISTRATOR).username)
    assert "后台任务进程没有运行" in client.get("/office/").content.decode()
    jobs.sweep()
    Job.objects.create(kind="x", created_at=timezone.now() - timedelta(minutes=7))
    page = client.get("/office/").content.decode()
    assert "后台任务进程没有运行" not in page
    assert "7分钟" in page


@pytest.mark.both_databases
@pytest.mark.django_db
def test_the_sweep_leaves_a_job_alone_while_its_lease_runs() -> None:
    job = Job.objects.create(
        kind="x", state=Job.State.RUNNING, attempts=1, lease_until=timezone.now() + jobs.LEASE
    )
    assert jobs.sweep() == 0
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize(("attempts", "state"), [(4, Job.State.QUEUED), (5, Job.State.FAILED)])
def test_the_sweep_gives_up_after_five_attempts(attempts: int, state: str) -> None:
    late = timezone.now() - LONG_AGO
    job = Job.objects.create(kind="x", state=Job.State.RUNNING, attempts=attempts, lease_until=late)
    jobs.sweep()
    job.refresh_from_db()
    assert job.state == state


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_does_not_overwrite_its_successor() -> None:
    job = Job.objects.create(kind="x", state=Job.State.RUNNING, attempts=2)
    jobs.Progress(job.pk, attempt=1)(9, 10, "旧")
    job.refresh_from_db()
    assert (job.done, job.message) == (0, "")


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_job_nobody_took_is_sent_again() -> None:
    Job.objects.create(kind="x", created_at=timezone.now() - jobs.REQUEUE_AFTER - LONG_AGO)
    Job.objects.create(kind="x")
    assert jobs.sweep() == 1


@pytest.mark.django_db
def test_a_failed_job_is_run_again_from_its_list() -> None:
    operator = person(Role.CENTRE_OPERATOR)
    job = Job.objects.create(kind="x", state=Job.State.FAILED, message="出错了", total=4, done=1)
    client = sign_in(operator.username)
    page = client.get("/office/office/job/").content.decode()
    assert "出错了" in page
    assert "1/4" in page
    client.post("/office/office/job/", {"action": "retry", "_selected_action": [job.pk]})
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    assert AuditEntry.objects.filter(verb="重新运行任务", object_id=str(job.pk)).exists()


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_job_that_is_done_is_not_run_again() -> None:
    job = Job.objects.create(kind="x", state=Job.State.DONE)
    with pytest.raises(Refused, match="只有“未完成”的任务"):
        jobs.retry(job=job, acting_user=person(Role.CENTRE_OPERATOR))


@pytest.mark.django_db
def test_the_inspectorate_sees_jobs_but_does_not_run_them() -> None:
    job = Job.objects.create(kind="x", state=Job.State.FAILED)
    client = sign_in(person(Role.INSPECTORATE).username)
    assert "重新运行" not in client.get("/office/office/job/").content.decode()
    client.post("/office/office/job/", {"action": "retry", "_selected_action": [job.pk]})
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
