"""Tell the desks of matters what is kept of a claim: its page, its intake, what its steps need first."""

from __future__ import annotations

from django.urls import reverse

from benefits.claims import deciding, withdrawing
from benefits.models import Claim
from benefits.rules import rules
from casework.matters import beside
from casework.matters.beside import Beside
from casework.models import Matter
from casework.procedure.words import Event

DONE_BY_CLAIMS = frozenset({Event.REPLIED, Event.COMPLETED})


def _claim(matter: Matter) -> Claim | None:
    if matter.procedure_id != rules()[0]:
        return None
    return Claim.objects.select_related("matter").filter(matter=matter).first()


@beside.keeps
def page_of(matter: Matter) -> Beside | None:
    claim = _claim(matter)
    if claim is None:
        return None
    return Beside("申请、审批和兑现", reverse("benefits:claim", args=[claim.pk]), DONE_BY_CLAIMS)


@beside.needs
def decision_first(matter: Matter, event: Event, outcome: str) -> None:
    claim = _claim(matter)
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
    claim = _claim(matter)
    return reverse("benefits:firm-claim", args=[claim.pk]) if claim is not None else ""


@beside.holds
def not_once_paid(matter: Matter) -> None:
    claim = _claim(matter)
    if claim is not None:
        withdrawing.require_not_paid(claim, matter)
