"""The list of receipts for phones: always the whole list, so nobody learns which one is sought."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from surveys.box import public_board
from surveys.voting.refusals import NotTaken
from surveys.voting.views import for_voters

KEPT = 3600  # seconds; a finished list never changes


@for_voters
@gzip_page
@require_GET
def tracker_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """All trackers of a closed survey, sorted; a voter's page looks for its own on the phone itself."""
    trackers = public_board.trackers(public_id)
    if trackers is None:
        raise NotTaken("not_published")
    response = JsonResponse({"survey": public_id, "trackers": trackers})
    response["Cache-Control"] = "public, max-age=60"
    return response


@for_voters
@require_GET
def tracker_table(request: HttpRequest, public_id: str) -> HttpResponse:
    """All receipts of a closed survey, sorted, 16 bytes each."""
    table = public_board.tracker_table(public_id)
    if table is None:
        raise NotTaken("not_published")
    response = HttpResponse(table, content_type="application/octet-stream")
    response["Cache-Control"] = f"public, max-age={KEPT}"
    return response
