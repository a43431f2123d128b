"""The grid of slips."""

from __future__ import annotations

from typing import Any

from django import forms

from departments.models import Town
from evaluations.models import Round
from evaluations.rounds.channels import holds_shares
from evaluations.rounds.voters import voter_kinds


class SlipsForm(forms.Form):
    """Shares of the kinds and a grid of slips, towns by kinds (YC-R5, YC-R6)."""

    total = forms.IntegerField(label="票数合计", min_value=1, max_value=100_000, required=False)

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = list(Town.objects.all())
        self.holds_shares = holds_shares(round)
        self.kinds = voter_kinds(round)
        for kind, label in self.kinds.items() if self.holds_shares else ():
            self.fields[f"share-{kind}"] = forms.IntegerField(
                label=label, min_value=0, max_value=100, initial=round.shares.get(kind, 0)
            )
        for town in self.towns:
            planned = round.slips_plan.get(str(town.pk), {})
            for kind, label in self.kinds.items():
                field = forms.IntegerField(
                    label=f"{town}{label}票数",
                    min_value=0,
                    max_value=50_000,
                    initial=planned.get(kind, 0),
                    required=False,
                )
                self.fields[f"n-{town.pk}-{kind}"] = field

    def shares(self) -> dict[str, int]:
        if not self.holds_shares:
            return dict.fromkeys(self.kinds, 100)
        return {kind: self.cleaned_data[f"share-{kind}"] for kind in self.kinds}

    def plan(self) -> dict[int, dict[str, int]]:
        """Return the slips as filled in; an empty cell is 0."""
        return {
            town.pk: {kind: self.cleaned_data[f"n-{town.pk}-{kind}"] or 0 for kind in self.kinds}
            for town in self.towns
        }

    def share_fields(self) -> list[forms.BoundField]:
        return [self[f"share-{kind}"] for kind in self.kinds if self.holds_shares]

    def rows(self) -> list[dict[str, Any]]:
        rows = []
        for town in self.towns:
            cells = [self[f"n-{town.pk}-{kind}"] for kind in self.kinds]
            rows.append({"town": town, "cells": cells, "sum": sum(int(cell.value() or 0) for cell in cells)})
        return rows
