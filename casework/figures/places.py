"""Sums of plates: a place is told only from so many matters up, so that no firm is guessed from it."""

from __future__ import annotations

from django.db.models import Count

from casework.figures.counting import Scope, accepted


def by_place(scope: Scope) -> list[tuple[str, int]]:
    """Return the places with enough matters in the months; what is less is not told at all."""
    least = scope.procedure.visibility.place_sums_from
    rows = accepted(scope).exclude(plate=None).order_by().values("plate__place")
    found = rows.annotate(count=Count("pk")).filter(count__gte=least).order_by("-count", "plate__place")
    return [(row["plate__place"], row["count"]) for row in found]
