"""What one's own unit hands in again and again, and what came of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from departments.access import own_unit
from evaluations.gathering.ledger.overdue import expected
from office.workbench.pages import require, show

AHEAD = 31  # days


@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    user = require(request, "result.view_own")
    unit, today = own_unit(user), timezone.localdate()
    found = expected(today, ahead=AHEAD, unit=unit) if unit else []
    rows = [(one, one.is_late(today)) for one in reversed(found)]
    return show(request, "evaluations/gathering/ledger/own_duties.html", "本单位定期报送", rows=rows)
