"""Serves published files: only what a manifest names, byte for byte as it was rendered."""

from __future__ import annotations

import hashlib
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header, parse_etags, quote_etag
from django.views.decorators.http import require_safe

from departments.models import StaffMember
from disclosure.models import PERSONS_SUFFIX, Publication
from disclosure.results import marks, services, shown
from disclosure.results.latest import latest as of_schemes
from disclosure.results.rendering import page_of
from evaluations.models import Round
from office.files import stored
from office.workbench.pages import require
from reports.documents.files import safe_name

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "js": "text/javascript; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
SAVED = ("xlsx", "docx", "csv")
"""Saved under the name of the round; a browser would show none of them."""
INDEX = "index.html"
MAX_AGE = 300


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The last round of each scheme; where there is one scheme, its pages themselves."""
    found = of_schemes()
    if not found:
        return _page(request, "empty")
    if len(found) == 1:
        return redirect("published", publication_id=found[0].pk, file=INDEX)
    rows = [{"publication": one, "a": shown.as_published(one)} for one in found]
    return _page(request, "latest", rows=rows)


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """All rounds of all schemes with what was published of them; each publication under its number."""
    found = Publication.objects.exclude(rendered_at=None).select_related("round")
    rows = [
        {"publication": one, "a": shown.as_published(one)}
        for one in found.order_by("-round__published_at", "-number")
    ]
    return _page(request, "archive", rows=rows)


@require_safe
def preview(request: HttpRequest, round_id: int, file: str = "") -> HttpResponse:
    """What the public will see of a round if its result is published now, for those who see the result.

    Every page, sheet and file says that it is a preview: a copy of it must not pass for the published one.
    """
    require(request, "result.view")
    if not file:
        return redirect("publication-preview", round_id=round_id, file=INDEX)
    round_ = get_object_or_404(Round, pk=round_id)
    result = round_.results.filter(replaced_by=None).select_related("scheme_version").first()
    if result is None:
        raise Http404
    result.round = round_
    number = 1 + Publication.objects.filter(round=round_).count()
    announcement = shown.preview(
        result, number=number, decision=round_.correction_decision, now=timezone.now()
    )
    content = page_of(
        announcement, file, mark=partial(marks.as_preview, round_, is_sheet=file.endswith(".pdf"))
    )
    if content is None:
        raise Http404
    kind = file.rpartition(".")[2]
    response = HttpResponse(content, content_type=TYPES[kind])
    if kind in (*SAVED, "pdf", "json"):
        response["Content-Disposition"] = (
            content_disposition_header(
                as_attachment=kind != "pdf", filename=f"{marks.SAID}_{safe_name(round_.title)}_{file}"
            )
            or ""
        )
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response


@require_safe
def published(request: HttpRequest, publication_id: int, file: str = "") -> HttpResponse:
    """Send one file of a publication; a corrected one stays under its number.

    A page is also found by its address without `index.html` or `.html`, as people copy and type it.

    Only names in the manifest are opened, so no path leads out of the directory.
    """
    # Without what is only needed to render: it is many times as long as the rest.
    readable = Publication.objects.exclude(rendered_at=None).select_related("round").defer("shown")
    publication = get_object_or_404(readable, pk=publication_id)
    if (whole := f"{file}.html" if file else INDEX) in publication.manifest:
        return redirect("published", publication_id=publication_id, file=whole)
    entry = publication.manifest.get(file)
    if entry is None:
        return _not_there(request, publication, file)
    if file.endswith((PERSONS_SUFFIX, ".pdf")) and _may_not_be_named(publication, entry):
        return _page(request, "renewing", status=HTTPStatus.SERVICE_UNAVAILABLE)
    return _file(request, publication, file, entry["sha256"])


def _may_not_be_named(publication: Publication, entry: dict[str, Any]) -> bool:
    """Whether a file names somebody who is no longer shown; it stays closed until it is rendered again."""
    ids = entry["persons"]
    if ids and publication.corrected_by():
        return True
    return bool(ids) and StaffMember.objects.filter(pk__in=ids, is_shown=False).exists()


def _file(request: HttpRequest, publication: Publication, file: str, digest: str) -> HttpResponse:
    etag = quote_etag(digest[:32])
    kind = file.rpartition(".")[2]
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(_content(publication, file, digest), content_type=TYPES[kind])
        if kind in SAVED:
            response["Content-Disposition"] = (
                content_disposition_header(
                    as_attachment=True, filename=f"{safe_name(publication.round.title)}成绩单.{kind}"
                )
                or ""
            )
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    if file.endswith((PERSONS_SUFFIX, ".pdf")):
        response["Cache-Control"] = "no-cache"
        response["X-Robots-Tag"] = "noindex, noarchive"
    return response


def _content(publication: Publication, file: str, digest: str) -> bytes:
    """What is stored; a file that is lost is made again from what was published.

    Where the product renders it otherwise than on its day, the whole publication is rendered anew.
    """
    path = f"{publication.directory}/{file}"
    try:
        return stored.take(stored.published(), path)
    except FileNotFoundError:
        fresh = Publication.objects.select_related("round").get(pk=publication.pk)
        if fresh.directory != publication.directory:  # put online anew since this was asked for
            if file not in fresh.manifest:
                raise Http404 from None
            return _content(fresh, file, fresh.manifest[file]["sha256"])
        made = page_of(shown.to_render(fresh), file)
    if made is None:  # of an earlier version of the product, which wrote other files
        services.renew_lost(publication)
        raise Http404
    if hashlib.sha256(made).hexdigest() == digest:
        stored.put(stored.published(), path, made)
    else:
        services.renew_lost(publication)
    return made


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
