"""The window registers a claim."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from benefits.rules import rules
from office.workbench.pages import require, show


@never_cache
def claim_new(request: HttpRequest) -> HttpResponse:
    require(request, "benefit.claim")
    return show(request, "benefits/desk/claim_new.html", "登记申请", rules=rules()[1])
