"""Tell the desks of matters what is kept of a claim: its page, its intake, what its steps need first."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from benefits.claims import deciding, withdrawing
from benefits.claims.queries import claim_of
from benefits.rules import rules
from casework.matters import beside
from casework.matters.beside import Beside
from casework.models import Matter
from casework.procedure.words import Event
from office.models import User

DONE_BY_CLAIMS = frozenset({Event.REPLIED, Event.COMPLETED})


@beside.keeps
def page_of(matter: Matter) -> Beside | None:
    claim = claim_of(matter)
    if claim is None:
        return None
    return Beside("申请、审批和兑现", reverse("benefits:claim", args=[claim.pk]), DONE_BY_CLAIMS)


@beside.needs
def decision_first(matter: Matter, event: Event, outcome: str, now: datetime) -> None:
    claim = claim_of(matter)
    if claim is not None:
        deciding.require_for_step(claim, event, outcome)


@beside.takes_in
def intake(procedure_id: str, is_public: bool) -> str:
    if procedure_id != rules()[0]:
        return ""
    return reverse("benefits:catalogue") if is_public else reverse("benefits:claim-new")


@beside.acts_at
def firms_page(matter: Matter) -> str:
    """A firm supplements paper by paper, so it does that signed in and not by the common form."""
    claim = claim_of(matter)
    return reverse("benefits:firm-claim", args=[claim.pk]) if claim is not None else ""


@beside.withdraws
def no_payment_goes_on(matter: Matter, by: User | None) -> None:
    claim = claim_of(matter)
    if claim is not None:
        withdrawing.end_requests(claim, matter, by)
