"""Pages of the public site: 亮身份 and 亮职责 (YC-R1, YC-R2), home and search."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from departments.models import Department
from disclosure.models import Publication
from disclosure.results import shown as results
from disclosure.site import shown
from evaluations.models import Round
from evaluations.rounds.subject_keys import department_key
from office.files import stored
from surveys import queries

NO_CACHE = cache_control(no_cache=True)  # somebody taken down must be gone when the page is opened again


@require_safe
@NO_CACHE
def home(request: HttpRequest) -> HttpResponse:
    voting = Round.objects.filter(state=Round.State.OPEN, survey__isnull=False).select_related("survey")
    running = voting.order_by("-id").first()
    newest = (
        Publication.objects.filter(is_current=True)
        .select_related("round")
        .order_by("-round__published_at", "-pk")
        .first()
    )
    departments = shown.county()
    totals = {
        "departments": len(departments),
        "people": sum(len(each.people) for each in departments),
        "items": sum(each.item_count for each in departments),
    }
    context = {
        "totals": totals,
        "groups": shown.by_peer_group(departments),
        "running": running,
        "published": newest,
        "rounds": Publication.objects.filter(is_current=True).values("round").distinct().count(),
        "a": results.as_published(newest) if newest else None,
        "nav": "home",
    }
    return render(request, "disclosure/site/home.html", context)


@require_safe
@NO_CACHE
def departments(request: HttpRequest) -> HttpResponse:
    """List the departments in 机构序列 order (YC-R4)."""
    context = {"groups": shown.by_peer_group(shown.county()), "nav": "departments"}
    return render(request, "disclosure/site/departments.html", context)


@require_safe
@NO_CACHE
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a department's people by section, leaders first (YC-R1)."""
    found = shown.department(pk)
    if found is None:
        raise Http404
    context = {
        "department": found.department,
        "sections": [one for one in found.sections if one.people or not one.is_leadership],
        "people_count": len(found.people),
        "nav": "departments",
    }
    return render(request, "disclosure/site/department.html", context)


@require_safe
@NO_CACHE
def section(request: HttpRequest, pk: int) -> HttpResponse:
    found = shown.section(pk)
    if found is None:
        raise Http404
    return render(request, "disclosure/site/section.html", {"section": found, "nav": "duties"})


@require_safe
@NO_CACHE
def duties(request: HttpRequest) -> HttpResponse:
    """List the sections of every department, which lead to their duty sheets (YC-R2)."""
    departments = [each for each in shown.county() if each.sections_with_duties]
    return render(request, "disclosure/site/duties.html", {"departments": departments, "nav": "duties"})


@require_safe
@NO_CACHE
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[: shown.LONGEST_QUERY]
    hits = shown.search(text)
    context = {
        "q": text,
        "hits": hits,
        "results": _results_of(hits.departments),
        "most": shown.MOST_HITS,
        "nav": "search",
    }
    return render(request, "disclosure/site/search.html", context)


def _results_of(departments: list[Department]) -> dict[int, str]:
    """Where each unit's newest published result is; a unit that was never judged has none."""
    if not departments:
        return {}
    online = Publication.objects.filter(is_current=True, rendered_at__isnull=False)
    found: dict[int, str] = {}
    for pk, manifest in online.order_by("-round__published_at", "-pk").values_list("pk", "manifest"):
        for one in departments:
            file = f"{department_key(one.pk)}.html"
            if one.pk not in found and file in manifest:
                found[one.pk] = reverse("published", args=[pk, file])
        if len(found) == len(departments):
            break
    return found


def _photo_time(request: HttpRequest, pk: int) -> datetime | None:
    try:
        return stored.media().get_modified_time(_photo_of(pk)).astimezone(UTC)
    except OSError as error:
        raise Http404 from error


def _photo_of(pk: int) -> str:
    file = shown.photo_file(pk)
    if file is None:
        raise Http404
    return file


@require_safe
@NO_CACHE
@condition(last_modified_func=_photo_time)
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """Serve the photo of somebody who is shown; the files themselves have no public address."""
    return FileResponse(stored.media().open(_photo_of(pk)), content_type="image/jpeg")


@require_safe
@cache_control(public=True, max_age=60)
def custodian_page(request: HttpRequest) -> HttpResponse:
    """Print the digest of the custodian's page before any round has a board: a key is made with that file."""
    context = {"custodian_page": queries.custodian_page_digest()}
    return render(request, "disclosure/site/custodian.html", context)
