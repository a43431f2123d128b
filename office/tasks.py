"""Celery's way in: one task runs any job, one sweeps."""

from __future__ import annotations

from celery import shared_task

from office import jobs


@shared_task(name="office.run_job", ignore_result=True)
def run_job(job_id: int) -> None:
    """Run one durable job."""
    jobs.run(job_id)


@shared_task(name="office.sweep_jobs", ignore_result=True)
def sweep_jobs() -> None:
    """Put interrupted jobs back to work; sent by beat every 15 seconds."""
    jobs.sweep()
