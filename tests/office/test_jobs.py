"""Durable jobs: nothing lost when a worker dies, progress to see, a second try by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from celery import current_app
from django.db import transaction
from django.utils import timezone

from office.errors import Refused
from office.jobs import services as jobs
from office.models import AuditEntry, Job
from office.roles import Role
from tests.kit.people import person, sign_in
from tests.kit.worker import Worker, eventually
from tests.office.slow.handlers import GO_ON

LONG_AGO = timedelta(seconds=1)


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
    first = start_worker(DJANGO_SETTINGS_MODULE="tests.office.slow.settings")
    with transaction.atomic():
        job = jobs.enqueue("tests.slow", {}, acting_user=None)
    eventually(lambda: Job.objects.filter(pk=job.pk, done=1).exists())
    first.kill()
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - LONG_AGO)  # a minute goes by
    GO_ON.touch()
    start_worker(DJANGO_SETTINGS_MODULE="tests.office.slow.settings")
    current_app.send_task("office.sweep_jobs")
    done = eventually(lambda: Job.objects.filter(pk=job.pk, state=Job.State.DONE).first())
    assert (done.attempts, done.done, done.total, done.outcome) == (2, 2, 2, {"steps": 2})


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
