"""What other rooms may read: turnout, counts after the tally, batches; never a ballot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from surveys import bundles
from surveys.models import MarketEntity, SlipBatch, Survey


@dataclass(frozen=True)
class Turnout:
    """Voters so far, rounded down to ten, as of one day; never live."""

    total: int
    by_kind: dict[str, int]
    as_of: date | None


def turnout(survey: Survey) -> Turnout:
    """The figure of last night or of the close."""
    return turnout_in(Survey.objects.values_list("turnout", flat=True).get(pk=survey.pk))


def turnout_in(kept: dict[str, Any]) -> Turnout:
    """The figure that a survey at hand holds, for lists that have read it already."""
    if not kept:
        return Turnout(0, {}, None)
    return Turnout(kept["total"], kept["by_kind"], date.fromisoformat(kept["as_of"]))


def counts(survey: Survey) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    """{stratum kind: {subject: {question: {choice: n}}}} after the tally, else empty."""
    return dict(Survey.objects.values_list("counts", flat=True).get(pk=survey.pk))


def valid_ballots(survey: Survey) -> dict[str, int]:
    """{stratum kind: ballots counted} after the tally, else empty."""
    return dict(controls(survey).get("ballots", {}))


def controls(survey: Survey) -> dict[str, Any]:
    """The checks of box against slips made by the tally; `faults` names every broken one."""
    return dict(Survey.objects.values_list("controls", flat=True).get(pk=survey.pk))


def voters_by_town() -> dict[int, dict[str, int]]:
    """{town: {kind: market entities that may be invited}}, for slips in proportion."""
    rows = MarketEntity.objects.filter(is_active=True).values("town_id", "kind").annotate(n=Count("pk"))
    towns: dict[int, dict[str, int]] = {}
    for row in rows.order_by("town_id", "kind"):
        towns.setdefault(row["town_id"], {})[row["kind"]] = row["n"]
    return towns


def challenge(survey: Survey) -> str:
    """The challenge of the rehearsal, for the custodian of the tally key."""
    kept = Survey.objects.values_list("rehearsal", flat=True).get(pk=survey.pk)
    return str(kept.get("challenge", ""))


def trackers(public_id: str) -> list[str] | None:
    """The sorted trackers of a closed survey; None before its box is sorted out."""
    survey = Survey.objects.filter(public_id=public_id).first()
    if survey is None or not bundles.path_of(survey).exists():
        return None
    return bundles.read(survey).trackers()


def batches(survey: Survey, *, town_ids: Iterable[int] | None = None) -> QuerySet[SlipBatch]:
    """The valid batches of a survey, of some towns only if asked."""
    found = SlipBatch.objects.filter(survey=survey, is_void=False).select_related("town", "stratum", "survey")
    return found if town_ids is None else found.filter(town_id__in=town_ids)
