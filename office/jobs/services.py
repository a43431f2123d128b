"""Durable background work: a Job row first; whoever carries it out takes the row by a lease.

The row is the queue. Without Redis a worker asks the table itself (office.jobs.worker); with Redis Celery
carries the number of the job to one. While a job is at work its lease is renewed from outside
(office.jobs.handling), by the database's clock; `sweep` queues again what has lost it, so a killed worker
loses nothing. Handlers load by id, are idempotent, and write files under a temporary name first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import OperationalError as DatabaseBusy
from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Min, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from office import audit, roles, trace
from office.errors import DISK_FULL_IN_WORDS, FILES_AWAY_IN_WORDS, Refused, is_disk_full, is_folder_away
from office.models import Job, TimedRun, User

RUN = "office.run_job"  # the tasks of office/tasks.py, by name: tasks import jobs
SWEEP = "office.sweep_jobs"
LEASE = timedelta(seconds=60)
REQUEUE_AFTER = timedelta(seconds=20)
SILENCE = 20.0
"""Seconds without another try after a broker did not answer: the sweep sends what was not sent."""
MAX_ATTEMPTS = 5
INTERRUPTED = "任务多次中断，已停止。请联系系统管理员。"
FAULT = "任务运行中出现故障，数据未受影响。请重新运行；如再次失败，请联系系统管理员。"

logger = logging.getLogger(__name__)
_silent_until = 0.0


def after(span: timedelta) -> ExpressionWrapper:
    """A time by the database's clock: those of several machines need not agree."""
    return ExpressionWrapper(Now() + span, output_field=DateTimeField())


class Superseded(Exception):  # noqa: N818 - no fault of the attempt: another one has its job
    """The attempt has lost its lease to a later one and may not write any more."""


@dataclass
class Progress:
    """Handed to a handler so that it can say how far it is.

    `attempt` keeps an attempt that came back from the dead from writing over its successor. `tell` takes
    the note elsewhere: from a process of its own to the one that watches it.
    """

    job_id: int
    attempt: int
    tell: Callable[[int, int, str], None] | None = None
    last: tuple[int, int] = (0, 0)

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Note `done` of `total` steps and what is being done (Chinese)."""
        self.last = (done, total)
        if self.tell:
            self.tell(done, total, message)
        else:
            note(self, done, total, message)

    def write_outcome(self, outcome: dict[str, Any]) -> None:
        """Store the outcome in the transaction of what was done, so that no later attempt does it again."""
        if not mine(self).update(outcome=outcome):
            raise Superseded


def mine(progress: Progress) -> QuerySet[Job]:
    """The row of a job as long as this attempt has it."""
    return Job.objects.filter(pk=progress.job_id, attempts=progress.attempt, state=Job.State.RUNNING)


def note(progress: Progress, done: int, total: int, message: str) -> None:
    mine(progress).update(done=done, total=total, message=message, lease_until=after(LEASE))


def renew(progress: Progress) -> bool:
    """Renew the lease; False where the attempt has lost it.

    A row that the handler's own transaction has locked is proof enough that it lives.
    """
    with transaction.atomic():
        for job in mine(progress).select_for_update(skip_locked=True):
            Job.objects.filter(pk=job.pk).update(lease_until=after(LEASE))
    return mine(progress).exists()


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
    job = Job.objects.create(kind=kind, arguments=arguments, created_by=acting_user, trace=trace.number())
    transaction.on_commit(lambda: send(job.pk))
    return job


def send(job_id: int) -> None:
    """Send a job to a worker; if the broker is down or mute, the sweep sends it again."""
    global _silent_until  # noqa: PLW0603 - what this process knows of the broker
    if not settings.REDIS_URL or monotonic() < _silent_until:
        return
    from redis.exceptions import RedisError  # noqa: PLC0415 - slow to import, and a small county has none

    try:
        current_app.send_task(RUN, args=[job_id], ignore_result=True, retry=False)
    except (OperationalError, RedisError, OSError):
        _silent_until = monotonic() + SILENCE
        logger.warning("broker unreachable, job %s waits for the sweep", job_id)


def take(job_id: int) -> Job | None:
    """Take a queued job for this worker; None when another has it or it is finished."""
    taken = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, lease_until=after(LEASE), attempts=F("attempts") + 1
    )
    return Job.objects.get(pk=job_id) if taken else None


def run(job_id: int) -> None:
    """Take the job and run its handler in this process, with nobody to watch it."""
    if job := take(job_id):
        carry_out(job, Progress(job.pk, job.attempts))


def carry_out(job: Job, progress: Progress) -> None:
    """Run the handler; a fault is stored in words the office can act on.

    A database that was locked, restarted or undid a transaction is no fault of the job, nor is a shared
    folder whose server was: it is queued again.
    What is logged meanwhile has the number of the request that started the job.
    """
    with trace.under(job.trace, job=job.pk):
        _carry_out(job, progress)


def _carry_out(job: Job, progress: Progress) -> None:
    try:
        outcome = HANDLERS[job.kind](job.arguments, progress) or {}
    except Superseded:
        logger.warning("job %s (%s): a later attempt has it", job.pk, job.kind)
    except Refused as refusal:
        finish(job, Job.State.FAILED, message=str(refusal))
    except DatabaseBusy as error:
        if is_disk_full(error):
            finish(job, Job.State.FAILED, message=DISK_FULL_IN_WORDS)
        else:
            logger.warning("job %s (%s): the database was busy (%s), again", job.pk, job.kind, error)
            give_back(job)
    except Exception as error:
        if is_folder_away(error) and job.attempts < MAX_ATTEMPTS:
            logger.warning("job %s (%s): its files were away (%s), again", job.pk, job.kind, error)
            give_back(job)
        else:
            logger.exception("job %s (%s) failed", job.pk, job.kind)
            finish(job, Job.State.FAILED, message=_in_words(error))
    else:
        done, total = progress.last  # its last note may not have been read any more
        finish(job, Job.State.DONE, outcome=outcome, done=done, total=total)


def _in_words(error: Exception) -> str:
    if is_disk_full(error):
        return DISK_FULL_IN_WORDS
    return FILES_AWAY_IN_WORDS if is_folder_away(error) else FAULT


def limit_of(kind: str) -> timedelta:
    """How long a job of this kind may run before it is ended."""
    return timedelta(minutes=settings.JOB_MINUTES_OF.get(kind, settings.JOB_MINUTES))


def end_too_long(job: Job) -> None:
    minutes = round(limit_of(job.kind).total_seconds() / 60)
    finish(
        job,
        Job.State.FAILED,
        message=f"任务运行超过{minutes}分钟没有结束，已停止。请重新运行；如再次超时，请联系系统管理员。",
    )


def give_back(job: Job) -> None:
    """Queue a job again whose attempt ended without a word, at once, until it has had its attempts."""
    interrupted = mine(Progress(job.pk, job.attempts))
    if job.attempts >= MAX_ATTEMPTS:
        finish(job, Job.State.FAILED, message=INTERRUPTED)
    elif interrupted.update(state=Job.State.QUEUED, lease_until=None):
        send(job.pk)


def finish(
    job: Job, state: Job.State, *, message: str = "", outcome: dict[str, Any] | None = None, **counts: int
) -> None:
    fields: dict[str, Any] = {"state": state, "lease_until": None, "finished_at": timezone.now()}
    if state == Job.State.DONE:
        fields["message"] = ""
        fields |= {"outcome": outcome or {}, **counts}
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
    with transaction.atomic():
        # A row locked by its handler's transaction is not lost, whatever its lease says.
        late = Job.objects.select_for_update(skip_locked=True).filter(
            state=Job.State.RUNNING, lease_until__lt=Now()
        )
        lost = Job.objects.filter(pk__in=[job.pk for job in late], state=Job.State.RUNNING)
        lost.filter(attempts__gte=MAX_ATTEMPTS).update(
            state=Job.State.FAILED, lease_until=None, finished_at=timezone.now(), message=INTERRUPTED
        )
        lost.filter(attempts__lt=MAX_ATTEMPTS).update(state=Job.State.QUEUED, lease_until=None)
    waiting = Job.objects.filter(state=Job.State.QUEUED).filter(
        Q(attempts__gt=0) | Q(created_at__lt=after(-REQUEUE_AFTER))
    )
    ids = list(waiting.values_list("pk", flat=True))
    for job_id in ids:
        send(job_id)
    TimedRun.objects.update_or_create(name=SWEEP, defaults={"at": Now()})
    return len(ids)


@dataclass(frozen=True)
class Condition:
    """Whether background work goes on: seconds since the last sweep, and those the oldest job has waited."""

    since_sweep: int | None
    oldest_waiting: int
    oldest_running: int

    @property
    def is_standing_still(self) -> bool:
        return self.since_sweep is None or self.since_sweep > settings.WORKER_SILENT_SECONDS


def condition() -> Condition:
    since = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    swept = TimedRun.objects.filter(name=SWEEP).annotate(since=since).values_list("since", flat=True).first()
    oldest = dict(
        Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
        .order_by()
        .values("state")
        .annotate(since=ExpressionWrapper(Now() - Min("created_at"), output_field=DurationField()))
        .values_list("state", "since")
    )
    waited = {state: max(0, int(span.total_seconds())) for state, span in oldest.items()}
    return Condition(
        None if swept is None else max(0, int(swept.total_seconds())),
        waited.get(Job.State.QUEUED, 0),
        waited.get(Job.State.RUNNING, 0),
    )
