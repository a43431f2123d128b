"""Progress of a job, for the user who started it."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from office.jobs import services as jobs
from office.models import Job


def told(job: Job) -> Job:
    job.title = jobs.LABELS.get(job.kind, "后台任务")  # type: ignore[attr-defined]
    job.said = _said(job)  # type: ignore[attr-defined]
    return job


def _said(job: Job) -> str:
    if job.state != Job.State.RUNNING:
        return str(job.get_state_display())
    count = f"（{min(job.done, job.total)}/{job.total}）" if job.total else ""
    return f"{job.message or '正在处理'}{count}"


@require_safe
@never_cache
def progress(request: HttpRequest, job_id: int) -> JsonResponse:
    """Report a job's progress, only to the user who started it."""
    job = get_object_or_404(Job, pk=job_id, created_by=request.user.pk)
    ended = job.state in (Job.State.DONE, Job.State.FAILED)
    return JsonResponse({"ended": ended, "done": job.done, "total": job.total, "said": _said(job)})
