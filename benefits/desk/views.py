"""The page of one claim, for the window, its department and whoever watches."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from benefits.claims.queries import claims_for
from benefits.rules import rules
from office.workbench.pages import require, show


@never_cache
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    user = require(request, "benefit.view", "benefit.view_own")
    found = get_object_or_404(claims_for(user), pk=claim_id)
    return show(request, "benefits/desk/claim.html", found.matter.number, claim=found, rules=rules()[1])
