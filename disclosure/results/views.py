"""Serves published files: only what a manifest names, byte for byte as it was rendered."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from departments.models import StaffMember
from disclosure.models import PERSONS_SUFFIX, Publication
from office.files import stored

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
}
MAX_AGE = 300


def online() -> list[Publication]:
    found = Publication.objects.filter(is_current=True, rendered_at__isnull=False).select_related("round")
    return list(found.order_by("-round__published_at", "-pk"))


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    publications = online()
    if publications:
        return redirect("published", publication_id=publications[0].pk, file="index.html")
    return _page(request, "empty")


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    return _page(request, "archive", publications=online())


@require_safe
def published(request: HttpRequest, publication_id: int, file: str) -> HttpResponse:
    """Send one file of a publication, or lead from a corrected publication to its correction.

    Only names in the manifest are opened, so no path leads out of the directory.
    """
    publication = get_object_or_404(Publication.objects.select_related("round"), pk=publication_id)
    if not publication.is_current:
        newer = Publication.objects.filter(round_id=publication.round_id, is_current=True).first()
        if newer is None:
            raise Http404
        return redirect("published", publication_id=newer.pk, file="index.html")
    entry = publication.manifest.get(file)
    if entry is None:
        return _not_there(request, publication, file)
    if file.endswith((PERSONS_SUFFIX, ".pdf")) and _taken_down(entry):
        return _page(request, "renewing", status=HTTPStatus.SERVICE_UNAVAILABLE)
    return _file(request, publication, file, entry["sha256"])


def _taken_down(entry: dict[str, Any]) -> bool:
    """Whether a file names somebody who is no longer shown; it stays closed until it is rendered again."""
    ids = entry["persons"]
    return bool(ids) and StaffMember.objects.filter(pk__in=ids, is_shown=False).exists()


def _file(request: HttpRequest, publication: Publication, file: str, digest: str) -> HttpResponse:
    etag = quote_etag(digest[:32])
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        content = stored.take(stored.published(), f"{publication.directory}/{file}")
        response = HttpResponse(content, content_type=TYPES[file.rpartition(".")[2]])
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    if file.endswith((PERSONS_SUFFIX, ".pdf")):
        response["Cache-Control"] = "no-cache"
        response["X-Robots-Tag"] = "noindex, noarchive"
    return response


def _not_there(request: HttpRequest, publication: Publication, file: str) -> HttpResponse:
    department = file.removesuffix(PERSONS_SUFFIX) + ".html"
    if file.endswith(PERSONS_SUFFIX) and department in publication.manifest:
        return _page(
            request, "withdrawn", status=HTTPStatus.GONE, department=department, publication=publication
        )
    raise Http404


def _page(request: HttpRequest, name: str, *, status: int = HTTPStatus.OK, **context: object) -> HttpResponse:
    context |= {"county_name": settings.COUNTY_NAME, "demo": settings.DEMO, "nav": "results"}
    return render(request, f"disclosure/results/{name}.html", context, status=status)
