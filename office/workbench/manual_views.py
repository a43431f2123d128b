"""Reading the manuals inside the workbench."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from office.workbench import manuals
from office.workbench.pages import show


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    own = manuals.manuals_of(getattr(request.user, "role", ""))
    others = [manual for manual in manuals.manuals() if manual not in own]
    return show(request, "office/workbench/manuals.html", "使用手册", own=own, others=others)


@require_GET
def manual(request: HttpRequest, slug: str) -> HttpResponse:
    found = next((one for one in manuals.manuals() if one.slug == slug), None)
    if found is None:
        raise Http404
    return show(request, "office/workbench/manual.html", found.title, html=manuals.rendered(found))


@require_GET
def image(request: HttpRequest, name: str) -> HttpResponseBase:
    path = manuals.image(name)
    if path is None:
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/png")
    response["Cache-Control"] = "private, max-age=86400"
    return response
