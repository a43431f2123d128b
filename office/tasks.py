"""Celery's way in: one task runs any job, one sweeps."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from office.accounts.sessions import SessionStore
from office.auditing import chain as audit_chain
from office.exports import lists as list_exports
from office.imports import files as import_files
from office.jobs import services as jobs


@shared_task(name="office.run_job", ignore_result=True)
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="office.sweep_jobs", ignore_result=True)
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
