"""Many papers as one file (zip of PDFs): a job, shared among processes, with its progress."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from office import audit
from office.exports import lists as list_exports
from office.exports import typeset
from office.files import stored
from office.jobs import services as jobs
from office.jobs import views as job_views
from office.models import Job, User
from office.workbench.pages import require, show
from reports.documents.files import safe_name
from reports.documents.pdf import paper_html
from reports.documents.services import content_of
from reports.documents.views import visible_to
from reports.models import OfficialDocument

KIND = "reports.documents_together"
MOST = 500


def name_of(job_id: int) -> str:
    return f"exports/documents-{job_id}.zip"


@require_POST
def ask_for_all(request: HttpRequest, about: str, about_id: int) -> HttpResponse:
    """Have all papers about one thing set together."""
    user = require(request, "document.view")
    rows = visible_to(user).filter(about=about, about_id=about_id)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])
    if not ids:
        raise Http404
    return redirect("documents-together", ask(ids, acting_user=user).pk)


def ask(ids: Sequence[int], *, acting_user: User) -> Job:
    arguments = {
        "documents": list(ids),
        "title": f"公文{len(ids)}件",
        "role": acting_user.role,
        "user": acting_user.pk,
    }
    with transaction.atomic():
        return jobs.enqueue(KIND, arguments, acting_user=acting_user)


@jobs.handles(KIND, "排版一批公文")
def set_together(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    list_exports.forget_old()
    found = list(OfficialDocument.objects.filter(pk__in=arguments["documents"]).order_by("pk"))
    with stored.workshop() as work:
        made = list(set_papers(found, work, progress))
        whole = work / "papers.zip"
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, name in made:
                archive.write(path, name)
        stored.put_file(stored.private(), name_of(progress.job_id), whole)
        with transaction.atomic():
            asked_by = User.objects.get(pk=arguments["user"])
            for one in found:
                audit.record("下载公文", one, acting_user=asked_by, after={"格式": "压缩包"})
    return {"件数": len(made)}


def set_papers(found: Sequence[OfficialDocument], work: Path, progress: Any) -> Iterator[tuple[Path, str]]:
    """Set papers in as many processes as there are processors; yields file and name as they are done."""
    names = {work / f"{one.pk}.pdf": f"{safe_name(f'{one.number} {one.title}')}.pdf" for one in found}
    texts = {
        path: paper_html(content_of(one), demo=settings.DEMO) for path, one in zip(names, found, strict=True)
    }
    for done, path in enumerate(typeset.typeset(texts), start=1):
        progress(done, len(texts), "正在排版")
        yield path, names[path]


@require_safe
@never_cache
def together(request: HttpRequest, job_id: int) -> HttpResponse:
    job = _own(request, job_id)
    return show(request, "reports/documents/together.html", "下载公文", job=job_views.told(job))


@require_safe
@never_cache
def together_file(request: HttpRequest, job_id: int) -> FileResponse:
    job = _own(request, job_id)
    try:
        content = stored.private().open(name_of(job.pk))
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{job.arguments['title']}.zip"
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/zip")


def _own(request: HttpRequest, job_id: int) -> Job:
    """A job of one's own, in the role in which it was asked for."""
    user = require(request, "document.view")
    return get_object_or_404(Job, pk=job_id, kind=KIND, created_by=user, arguments__role=user.role)
