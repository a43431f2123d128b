"""亮身份 and 亮职责: who works where and what each section is for (YC-R1, YC-R2)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from disclosure.models import Publication
from disclosure.site import shown as published
from evaluations.models import Round
from office.files import stored

NO_CACHE = cache_control(no_cache=True)  # who is taken down is gone at the next look


@require_safe
@NO_CACHE
def home(request: HttpRequest) -> HttpResponse:
    """Lead to what is shown, and say whether a round is running."""
    running = Round.objects.filter(state=Round.State.OPEN).select_related("survey").order_by("-id").first()
    newest = Publication.objects.filter(is_current=True).select_related("round").order_by("-id").first()
    units = published.county()
    totals = {
        "departments": len(units),
        "people": sum(len(unit.people) for unit in units),
        "items": sum(unit.item_count for unit in units),
    }
    context = {
        "totals": totals,
        "groups": published.groups(units),
        "running": running,
        "published": newest,
        "nav": "home",
    }
    return render(request, "disclosure/site/home.html", context)


@require_safe
@NO_CACHE
def departments(request: HttpRequest) -> HttpResponse:
    """List the departments in 机构序列 order (YC-R4)."""
    context = {"groups": published.groups(published.county()), "nav": "departments"}
    return render(request, "disclosure/site/departments.html", context)


@require_safe
@NO_CACHE
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a department's people by section, leaders first (YC-R1)."""
    unit = published.department(pk)
    if unit is None:
        raise Http404
    context = {
        "department": unit.department,
        "desks": [desk for desk in unit.desks if desk.people or not desk.is_leadership],
        "people_count": len(unit.people),
        "nav": "departments",
    }
    return render(request, "disclosure/site/department.html", context)


@require_safe
@NO_CACHE
def section(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a section's duty sheet (YC-R2)."""
    found = published.section(pk)
    if found is None:
        raise Http404
    return render(request, "disclosure/site/section.html", {"section": found, "nav": "duties"})


@require_safe
@NO_CACHE
def duties(request: HttpRequest) -> HttpResponse:
    """List the sections of every department, which lead to their duty sheets (YC-R2)."""
    units = [unit for unit in published.county() if unit.working_desks]
    return render(request, "disclosure/site/duties.html", {"units": units, "nav": "duties"})


@require_safe
@NO_CACHE
def search(request: HttpRequest) -> HttpResponse:
    """Search by name or pinyin initials."""
    text = request.GET.get("q", "").strip()[: published.LONGEST_QUERY]
    context = {"q": text, "hits": published.search(text), "most": published.MOST_HITS, "nav": "search"}
    return render(request, "disclosure/site/search.html", context)


def _photo_time(request: HttpRequest, pk: int) -> datetime | None:
    try:
        return stored.media().get_modified_time(_photo_of(pk)).astimezone(UTC)
    except OSError as error:
        raise Http404 from error


def _photo_of(pk: int) -> str:
    file = published.photo_file(pk)
    if file is None:
        raise Http404
    return file


@require_safe
@NO_CACHE
@condition(last_modified_func=_photo_time)
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """Serve the photo of someone who is shown, and of nobody else: files have no public address."""
    return FileResponse(stored.media().open(_photo_of(pk)), content_type="image/jpeg")
