"""Reading the manuals inside the workbench."""

from __future__ import annotations

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from office.workbench import manuals


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the manuals, those of the reader's own role first."""
    own = manuals.manuals_of(getattr(request.user, "role", ""))
    others = [manual for manual in manuals.manuals() if manual not in own]
    context = {**admin.site.each_context(request), "title": "使用手册", "own": own, "others": others}
    return render(request, "office/workbench/manuals.html", context)


@require_GET
def manual(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one manual."""
    found = next((one for one in manuals.manuals() if one.slug == slug), None)
    if found is None:
        raise Http404
    context = {**admin.site.each_context(request), "title": found.title, "html": manuals.rendered(found)}
    return render(request, "office/workbench/manual.html", context)


@require_GET
def image(request: HttpRequest, name: str) -> HttpResponseBase:
    """Hand out a picture of the manuals."""
    path = manuals.image(name)
    if path is None:
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/png")
    response["Cache-Control"] = "private, max-age=86400"
    return response
