"""The public check of a paper by the code printed on it.

It says that a paper is genuine, by number, title, issuer, day and state, and nothing of what is in it. A
paper about a person is answered like a code that does not exist.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reports.documents import services

LONGEST = 40


@require_safe
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    code = request.GET.get("code", "").strip()[:LONGEST]
    found = services.by_code(code) if code else None
    if found is not None and found.concerns_person:
        found = None
    whole = found is not None and services.is_whole(found)
    context = {"code": code, "document": found, "is_whole": whole, "nav": "check"}
    return render(request, "disclosure/site/check.html", context)
