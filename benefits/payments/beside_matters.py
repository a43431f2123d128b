"""Tell the desks of matters what completes a claim: money on the account, or a right in effect."""

from __future__ import annotations

from datetime import datetime

from benefits.claims.queries import claim_of
from benefits.payments.completing import require_completion, require_true_end
from casework.matters import beside
from casework.models import Matter
from casework.procedure.words import Event


@beside.needs
def money_or_right_first(matter: Matter, event: Event, outcome: str, now: datetime) -> None:
    claim = claim_of(matter) if event in (Event.COMPLETED, Event.CLOSED) else None
    if claim is None:
        return
    if event == Event.COMPLETED:
        require_completion(claim, now)
    else:
        require_true_end(claim, outcome, now)
