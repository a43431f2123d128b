"""A real worker finds the jobs: in the table, or by Redis where the tests have it."""

from collections.abc import Callable

import pytest

from office.jobs import services as jobs
from office.models import Job
from tests.kit.worker import Worker, eventually

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def test_a_job_of_unknown_kind_ends_in_words(worker: Worker) -> None:
    job = Job.objects.create(kind="no-such-kind")
    jobs.send(job.pk)
    finished = eventually(lambda: Job.objects.filter(pk=job.pk, state=Job.State.FAILED).first())
    assert "数据未受影响" in finished.message


def test_a_killed_worker_leaves_the_job_to_the_next(start_worker: Callable[..., Worker]) -> None:
    start_worker().kill()
    job = Job.objects.create(kind="no-such-kind")
    jobs.send(job.pk)
    start_worker()
    eventually(lambda: Job.objects.filter(pk=job.pk, state=Job.State.FAILED).first())
