"""What papers are made from a round: found and said once for all of them."""

from __future__ import annotations

from django.urls import reverse

from evaluations.models import Round
from reports.documents.kinds import Subject, register_subject
from reports.documents.services import About

ROUND = "round"
PUBLIC_STATES = (Round.State.APPEALS_ENDED, Round.State.PUBLISHED)


def appeals_not_over(round_: Round) -> str:
    """Scores and ranks leave the house when the appeals have ended, no earlier."""
    if round_.state in PUBLIC_STATES:
        return ""
    return f"本轮次{round_.get_state_display()}，申诉期结束后才能制发。"


register_subject(
    ROUND,
    Subject(
        label="轮次",
        find=lambda pk: Round.objects.select_related("scheme_version", "survey").filter(pk=pk).first(),
        said=str,
        url=lambda found: reverse("cockpit:round", args=[found.pk]),
        concerns=lambda found: About(ROUND, found.pk),
    ),
)
