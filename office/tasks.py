"""What runs by the clock, and Celery's way to jobs.

Without Redis office.jobs.worker runs the same tasks, but for `run_job`.
"""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from office.accounts.sessions import SessionStore
from office.auditing import chain as audit_chain
from office.exports import lists as list_exports
from office.files import stored
from office.imports import files as import_files
from office.jobs import services as jobs
from office.jobs.handling import handle

A_DAY = timedelta(days=1)
A_WEEK = 7 * 24 * 60 * 60


@shared_task(name=jobs.RUN, ignore_result=True, time_limit=A_WEEK)
def run_job(job_id: int) -> None:
    """See a job to its end; its own limit is shorter than Celery's (`JOB_MINUTES`)."""
    handle(job_id)


@shared_task(name=jobs.SWEEP, ignore_result=True)
def sweep_jobs() -> None:
    """Requeue interrupted jobs; sent by beat every 15 seconds."""
    jobs.sweep()


@shared_task(name="office.seal_audit", ignore_result=True)
def seal_audit() -> None:
    """Seal new audit entries; sent by beat every five minutes."""
    audit_chain.seal(now=timezone.now())


@shared_task(name="office.forget_sessions", ignore_result=True)
def forget_sessions() -> None:
    """Delete expired sessions; sent by beat every night."""
    SessionStore.clear_expired()


@shared_task(name="office.forget_files", ignore_result=True)
def forget_files() -> None:
    """Delete old uploads and exports; sent by beat every night."""
    import_files.forget_old()
    list_exports.forget_old()
    stored.forget_unfinished(older_than=A_DAY)
