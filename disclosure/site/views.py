"""Pages of the public site: 亮身份 and 亮职责 (YC-R1, YC-R2), home and search."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from departments.models import Department
from disclosure.results import latest
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
    online = latest.latest()
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
        "published": online[0] if online else None,
        "others": online[1:],
        "rounds": len(latest.online()),
        "a": results.as_published(online[0]) if online else None,
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
        "results": _results_of([found.department]).get(found.department.pk, []),
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


def _results_of(departments: list[Department]) -> dict[int, list[tuple[str, str]]]:
    """Titles and addresses of what each scheme published last of each unit; some were never judged."""
    if not departments:
        return {}
    online = latest.online()
    main = [latest.scheme_of(one) for one in latest.latest_of(online)]
    online.sort(key=lambda one: main.index(latest.scheme_of(one)))
    found: dict[int, dict[str, tuple[str, str]]] = {one.pk: {} for one in departments}
    for publication in online:
        for one in departments:
            file = f"{department_key(one.pk)}.html"
            if file in publication.manifest:
                link = publication.round.title, reverse("published", args=[publication.pk, file])
                found[one.pk].setdefault(latest.scheme_of(publication), link)
    return {pk: list(links.values()) for pk, links in found.items()}


def _photo_time(request: HttpRequest, pk: int) -> datetime | None:
    try:
        return stored.media().get_modified_time(_photo_of(pk)).astimezone(UTC)
    except FileNotFoundError as error:
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
