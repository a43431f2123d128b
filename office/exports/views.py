"""Pages of the user's own exports: progress and downloads."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from office.exports import documents
from office.exports import lists as list_exports
from office.files import stored
from office.jobs import views as job_views
from office.models import Job
from office.workbench.pages import show
from office.workbooks.writing import XLSX

MOST_SHOWN = 20


def _own(request: HttpRequest) -> QuerySet[Job]:
    """Return the user's jobs in the present role: a new role opens nothing of the old one."""
    role = getattr(request.user, "role", "")
    return Job.objects.filter(created_by=request.user.pk, arguments__role=role)


@require_safe
@never_cache
def exports(request: HttpRequest) -> HttpResponse:
    since = timezone.now() - timedelta(days=list_exports.KEPT_DAYS)
    kinds = [list_exports.KIND, documents.KIND]
    mine = _own(request).filter(kind__in=kinds, created_at__gt=since)
    asked = [job_views.told(job) for job in mine[:MOST_SHOWN]]
    working = next((job for job in asked if job.state in (Job.State.QUEUED, Job.State.RUNNING)), None)
    return show(
        request,
        "office/exports/exports.html",
        "我的导出",
        asked=asked,
        job=working,
        kept_days=list_exports.KEPT_DAYS,
        list_kind=list_exports.KIND,
    )


@require_safe
@never_cache
def download(request: HttpRequest, job_id: int) -> FileResponse:
    job = get_object_or_404(_own(request), pk=job_id, kind=list_exports.KIND, state=Job.State.DONE)
    try:
        content = stored.private().open(list_exports.name_of(job.pk))
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{job.arguments['title']}.xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
@never_cache
def document(request: HttpRequest, job_id: int) -> FileResponse:
    job = get_object_or_404(_own(request), pk=job_id, kind=documents.KIND, state=Job.State.DONE)
    try:
        return documents.answer(job.arguments["digest"], job.arguments["title"])
    except FileNotFoundError as error:
        raise Http404 from error
