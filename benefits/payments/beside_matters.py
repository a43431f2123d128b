"""Tell the desks of matters what completes a claim: money on the account, or a right in effect."""

from __future__ import annotations

from datetime import datetime

from benefits.claims.queries import claim_of
from benefits.payments.completing import require_completion
from casework.matters import beside
from casework.models import Matter
from casework.procedure.words import Event


@beside.needs
def money_or_right_first(matter: Matter, event: Event, _: str, now: datetime) -> None:
    claim = claim_of(matter) if event == Event.COMPLETED else None
    if claim is not None:
        require_completion(claim, now)
