"""亮身份 and 亮职责: who works where and what each section is for (YC-R1, YC-R2)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from departments import queries
from departments.models import StaffMember
from disclosure.models import Publication
from evaluations.models import Round

NO_CACHE = cache_control(no_cache=True)  # who is taken down is gone at the next look


@require_safe
@NO_CACHE
def home(request: HttpRequest) -> HttpResponse:
    """Lead to what is shown, and say whether a round is running."""
    running = Round.objects.filter(state=Round.State.OPEN).select_related("survey").order_by("-id").first()
    published = Publication.objects.filter(is_current=True).select_related("round").order_by("-id").first()
    context = {
        "totals": queries.totals(),
        "groups": queries.directory(),
        "running": running,
        "published": published,
        "nav": "home",
    }
    return render(request, "disclosure/home.html", context)


@require_safe
@NO_CACHE
def departments(request: HttpRequest) -> HttpResponse:
    """List the departments in 机构序列 order (YC-R4)."""
    context = {"groups": queries.directory(), "nav": "departments"}
    return render(request, "disclosure/departments.html", context)


@require_safe
@NO_CACHE
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a department's people by section, leaders first (YC-R1)."""
    unit = get_object_or_404(queries.departments_in_scope(), pk=pk)
    sections = queries.sections_of(unit)
    context = {
        "department": unit,
        "sections": [entry for entry in sections if entry.people or not entry.section.is_leadership],
        "people_count": sum(len(entry.people) for entry in sections),
        "nav": "departments",
    }
    return render(request, "disclosure/department.html", context)


@require_safe
@NO_CACHE
def section(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a section's duty sheet (YC-R2)."""
    found = queries.section_with_duties(pk)
    if found is None:
        raise Http404
    context = {"section": found, "people": queries.people_of(found), "nav": "duties"}
    return render(request, "disclosure/section.html", context)


@require_safe
@NO_CACHE
def duties(request: HttpRequest) -> HttpResponse:
    """List the sections of every department, which lead to their duty sheets (YC-R2)."""
    return render(request, "disclosure/duties.html", {"units": queries.duties(), "nav": "duties"})


@require_safe
@NO_CACHE
def search(request: HttpRequest) -> HttpResponse:
    """Search by name or pinyin initials."""
    text = request.GET.get("q", "").strip()[: queries.LONGEST_QUERY]
    context = {"q": text, "hits": queries.search(text), "most": queries.MOST_HITS, "nav": "search"}
    return render(request, "disclosure/search.html", context)


def _photo_time(request: HttpRequest, pk: int) -> datetime | None:
    photo = _with_photo(pk).photo
    try:
        return photo.storage.get_modified_time(str(photo.name)).astimezone(UTC)
    except OSError as error:
        raise Http404 from error


def _with_photo(pk: int) -> StaffMember:
    person = get_object_or_404(StaffMember.objects.shown(), pk=pk)
    if not person.has_public_photo:
        raise Http404
    return person


@require_safe
@NO_CACHE
@condition(last_modified_func=_photo_time)
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """Serve the photo of someone who is shown, and of nobody else: files have no public address."""
    return FileResponse(_with_photo(pk).photo.open("rb"), content_type="image/jpeg")
