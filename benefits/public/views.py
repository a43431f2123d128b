"""The catalogue as everybody reads it, without account, cookie or script (GY-R12)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from benefits.catalogue.drafting import in_force
from benefits.rules import rules


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    found = in_force(timezone.localdate()).select_related("item", "department")
    context = {"rules": rules()[1], "items": found, "nav": "benefits"}
    return render(request, "benefits/public/catalogue.html", context)


@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """The guide that is in force today."""
    found = in_force(timezone.localdate()).select_related("item", "department")
    version = get_object_or_404(found, item__code=code)
    context = {"rules": rules()[1], "version": version, "nav": "benefits"}
    return render(request, "benefits/public/item.html", context)
