"""Durable background work: a Job row first, then a task that only carries its number.

A worker takes a job by a conditional update with a lease and renews it with every progress note;
`sweep` puts jobs whose lease ran out back in the queue, so a killed worker loses nothing whatever
the broker does. Handlers load by id, are idempotent, and write files under a temporary name first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from office import audit, roles
from office.errors import Refused
from office.models import Job, User

RUN = "office.run_job"  # the task of office/tasks.py, by name: tasks import jobs
LEASE = timedelta(seconds=60)
REQUEUE_AFTER = timedelta(seconds=20)
MAX_ATTEMPTS = 5

logger = logging.getLogger(__name__)


@dataclass
class Progress:
    """Handed to a handler so that it can say how far it is; each note renews the lease.

    `attempt` keeps a worker that came back from the dead from writing over its successor.
    """

    job_id: int
    attempt: int

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Store `done` of `total` steps and what is being done (Chinese)."""
        Job.objects.filter(pk=self.job_id, attempts=self.attempt, state=Job.State.RUNNING).update(
            done=done, total=total, message=message, lease_until=timezone.now() + LEASE
        )


Handler = Callable[[dict[str, Any], Progress], dict[str, Any] | None]
HANDLERS: dict[str, Handler] = {}
LABELS: dict[str, str] = {}


def handles(kind: str, label: str) -> Callable[[Handler], Handler]:
    """Register a handler for jobs of `kind`; `label` is its Chinese name in the admin."""

    def register(handler: Handler) -> Handler:
        if kind in HANDLERS:
            raise RuntimeError(f"two handlers for job kind {kind}")
        HANDLERS[kind] = handler
        LABELS[kind] = label
        return handler

    return register


def enqueue(kind: str, arguments: dict[str, Any], *, acting_user: User | None) -> Job:
    """Create the job in the caller's transaction and send it once that commits."""
    job = Job.objects.create(kind=kind, arguments=arguments, created_by=acting_user)
    transaction.on_commit(lambda: send(job.pk))
    return job


def send(job_id: int) -> None:
    """Send a job to a worker; if the broker is down, the sweep sends it again."""
    try:
        current_app.send_task(RUN, args=[job_id], ignore_result=True)
    except OperationalError:
        logger.warning("broker unreachable, job %s waits for the sweep", job_id)


def take(job_id: int) -> Job | None:
    """Take a queued job for this worker; None when another has it or it is finished."""
    now = timezone.now()
    taken = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    return Job.objects.get(pk=job_id) if taken else None


def run(job_id: int) -> None:
    """Take the job and run its handler; a fault is stored in words the office can act on."""
    job = take(job_id)
    if job is None:
        return
    try:
        outcome = HANDLERS[job.kind](job.arguments, Progress(job.pk, job.attempts)) or {}
    except Refused as refusal:
        finish(job, Job.State.FAILED, message=str(refusal))
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        finish(
            job,
            Job.State.FAILED,
            message="任务运行中出现故障，数据未受影响。请重新运行；如再次失败，请联系系统管理员。",
        )
    else:
        finish(job, Job.State.DONE, outcome=outcome)


def finish(job: Job, state: Job.State, *, message: str = "", outcome: dict[str, Any] | None = None) -> None:
    fields: dict[str, Any] = {"state": state, "lease_until": None, "finished_at": timezone.now()}
    if state == Job.State.DONE:
        fields["message"] = ""
        fields["outcome"] = outcome or {}
    else:
        fields["message"] = message
    Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING).update(**fields)


@transaction.atomic
def retry(*, job: Job, acting_user: User) -> None:
    roles.require(acting_user, "job.retry")
    changed = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
        state=Job.State.QUEUED, finished_at=None, message=""
    )
    if not changed:
        raise Refused("只有“未完成”的任务可以重新运行", "请刷新列表后再选择。")
    audit.record("重新运行任务", job, acting_user=acting_user)
    transaction.on_commit(lambda: send(job.pk))


def sweep() -> int:
    """Send lost jobs again: running ones without a lease, queued ones nobody took."""
    now = timezone.now()
    lost = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now)
    lost.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=Job.State.FAILED,
        lease_until=None,
        finished_at=now,
        message="任务多次中断，已停止。请联系系统管理员。",
    )
    lost.filter(attempts__lt=MAX_ATTEMPTS).update(state=Job.State.QUEUED, lease_until=None)
    waiting = Job.objects.filter(state=Job.State.QUEUED).filter(
        Q(attempts__gt=0) | Q(created_at__lt=now - REQUEUE_AFTER)
    )
    ids = list(waiting.values_list("pk", flat=True))
    for job_id in ids:
        send(job_id)
    return len(ids)
