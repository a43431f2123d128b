"""Batches of slips; never a slip."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from surveys.models import SlipBatch, Survey


def batches(survey: Survey, *, town_ids: Iterable[int] | None = None) -> QuerySet[SlipBatch]:
    found = SlipBatch.objects.filter(survey=survey, is_void=False).select_related("town", "stratum", "survey")
    return found if town_ids is None else found.filter(town_id__in=town_ids)
