"""The catalogue as everybody reads it, without account, cookie or script; answers may be kept for minutes."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from benefits.catalogue.drafting import in_force
from benefits.catalogue.words import Vocabulary, amount
from benefits.claims.checking import platform_alone
from benefits.models import BenefitItem
from benefits.public import guide
from benefits.public.search import Search, kinds_of_firm
from benefits.rules import rules
from casework.procedures.stored import in_use
from departments.models import Department

KEPT = 300  # seconds
PER_PAGE = 20


@require_safe
@cache_control(public=True, max_age=KEPT)
def catalogue(request: HttpRequest) -> HttpResponse:
    today, words = timezone.localdate(), Vocabulary.stored()
    search = Search.read(request.GET, words.rules)
    page = Paginator(search.found(today), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "rules": words.rules,
        "search": search,
        "page": page,
        "rows": [(one, words.categories.get(one.category, "")) for one in page],
        "categories": words.categories.items(),
        "units": Department.objects.filter(pk__in=in_force(today).values("department")),
        "labels": [(one, search.firm.get(one.id, "")) for one in kinds_of_firm(words.rules)],
        "platform": platform_alone(),
        "nav": "benefits",
    }
    return render(request, "benefits/public/catalogue.html", context)


@require_safe
@cache_control(public=True, max_age=KEPT)
def item(request: HttpRequest, code: str, number: int | None = None) -> HttpResponse:
    """The guide that is in force, or the version that is asked for; gone (410) where it never is again."""
    found = get_object_or_404(BenefitItem, code=code)
    today, versions = timezone.localdate(), guide.versions_of(found)
    if number is None:
        version = guide.of_today(versions, today)
    else:
        version = next((one for one in versions if one.number == number), None)
    if version is None:
        raise Http404
    procedure_id, known = rules()
    procedure, words = in_use(procedure_id), Vocabulary.stored()
    standing = guide.standing(version, versions, procedure, today)
    level = known.level(version.level)
    context: dict[str, Any] = {
        "rules": known,
        "version": version,
        "standing": standing,
        "category": words.categories.get(version.category, ""),
        "kind": words.kinds.get(version.kind, ""),
        "level": level,
        "ceiling": amount(version.ceiling),
        "procedure": procedure.procedure,
        "limits": guide.limits_of(version, procedure, words),
        "last_day": guide.last_day(version),
        "versions": [(one, guide.last_day(one)) for one in versions],
        "nav": "benefits",
    }
    status = 410 if standing.is_over and number is None else 200
    return render(request, "benefits/public/item.html", context, status=status)
