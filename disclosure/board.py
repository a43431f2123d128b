"""What is posted of a survey for everybody: fixed before the vote, completed after the close."""

from __future__ import annotations

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from disclosure.models import Publication
from surveys import queries


@require_safe
@cache_control(public=True, max_age=60)
def board(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keys, fingerprint, printed slips, list of codes; then trackers and the public part of the bundle."""
    found = queries.board(public_id)
    if found is None:
        raise Http404
    publication = _publication(public_id)
    content = queries.public_bundle(public_id) if publication else None
    context = {
        "board": found,
        "publication": publication,
        "digest": sha256(content).hexdigest() if content else "",
        "nav": "results",
    }
    return render(request, "disclosure/board.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def public_bundle(request: HttpRequest, public_id: str) -> HttpResponse:
    """The public part of the bundle, from the publication on."""
    content = queries.public_bundle(public_id) if _publication(public_id) else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="public-{public_id}.zip"'
    return response


def _publication(public_id: str) -> Publication | None:
    shown = Publication.objects.filter(is_current=True, rendered_at__isnull=False)
    return shown.filter(round__survey__public_id=public_id).first()
