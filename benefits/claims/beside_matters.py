"""Tell the desks of matters what is kept of a claim: its page, its intake, what its steps need first."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from benefits.claims import deciding, limits, withdrawing
from benefits.claims.queries import claim_of
from benefits.rules import rules
from casework.matters import beside
from casework.matters.beside import Beside
from casework.models import Matter
from casework.procedure.parts import ClockRule
from casework.procedure.words import Event
from office.calendar.deadlines import Span
from office.models import User

DONE_BY_CLAIMS = frozenset({Event.REPLIED, Event.COMPLETED})


@beside.keeps
def page_of(matter: Matter) -> Beside | None:
    claim = claim_of(matter)
    if claim is None:
        return None
    return Beside("申请、审批和兑现", reverse("benefits:claim", args=[claim.pk]), DONE_BY_CLAIMS)


@beside.limits
def limit_of_the_guide(matter: Matter, rule: ClockRule) -> Span | None:
    """The guide's own limit judges the policies of levels above (二(六) is about those of the city)."""
    claim = claim_of(matter) if rule.id == rules()[1].guide.own_limit_beside else None
    return None if claim is None or limits.is_literal(claim) else limits.span_of_guide(claim.version)


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


@beside.merges
def one_firm_and_item_alone(ended: Matter, kept: Matter, by: User) -> None:
    claim, other = claim_of(ended), claim_of(kept)
    if claim is None and other is None:
        return
    withdrawing.require_same(claim, other)
    if claim is not None:
        withdrawing.end_requests(claim, ended, by, "并案")
