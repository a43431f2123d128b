"""The public board of a survey (票箱公示): fixed before the vote, completed after the close.

The page is rendered once per state and then served as a file: to read a box of 100,000 ballots for every
visitor would overload the server.
"""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from disclosure.models import Publication
from office.files import stored
from surveys import queries, services


@require_safe
@cache_control(public=True, max_age=60)
def board(request: HttpRequest, public_id: str) -> HttpResponse:
    survey = queries.board_stamp(public_id)
    if not survey:
        raise Http404
    publication = _publication(public_id)
    name = queries.board_page_name(public_id, _name(survey, publication))
    if not stored.published().exists(name):
        _render(public_id, publication, name)
    return HttpResponse(stored.take(stored.published(), name))


def _name(survey: str, publication: Publication | None) -> str:
    """Name one file per state of survey and publication, and per release of what the page loads and names."""
    shown = (publication.pk, publication.rendered_at) if publication else None
    loads = [static(name) for name in ("site/site.css", "ballot/board.js")]
    return sha256(repr((survey, shown, loads, queries.custodian_page_digest())).encode()).hexdigest()[:16]


def _render(public_id: str, publication: Publication | None, name: str) -> None:
    """Write the page of this state, and remove those of former states."""
    found = queries.board(public_id)
    if found is None:
        raise Http404
    content = queries.public_bundle(public_id) if publication else None
    context: dict[str, object] = {
        "board": found,
        "publication": publication,
        "counted": queries.counted(public_id) if publication else None,
        "custodian_page": queries.custodian_page_digest(),
        "digest": sha256(content).hexdigest() if content else "",
        "nav": "results",
    }
    services.write_board(name, render_to_string("disclosure/site/board.html", _around(context)))


def _around(context: dict[str, object]) -> dict[str, object]:
    return {**context, "county_name": settings.COUNTY_NAME, "demo": settings.DEMO}


@require_safe
@cache_control(public=True, max_age=60)
def public_bundle(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send the public part of the bundle; nothing before the publication."""
    content = queries.public_bundle(public_id) if _publication(public_id) else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="public-{public_id}.zip"'
    return response


def _publication(public_id: str) -> Publication | None:
    shown = Publication.objects.filter(is_current=True, rendered_at__isnull=False)
    return shown.filter(round__survey__public_id=public_id).first()
