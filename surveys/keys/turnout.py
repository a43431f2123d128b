"""How many have voted: a figure of last night, rounded down to ten, never live."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils import timezone

from surveys.models import Ballot, Slip, Survey

STEP = 10


def store_turnout(survey: Survey) -> None:
    """Store today's figures; called nightly and at the close only."""
    rows = Ballot.objects.filter(stratum__survey=survey).values("stratum__kind").annotate(n=Count("pk"))
    by_kind = Counter({row["stratum__kind"]: row["n"] for row in rows})
    on_paper = Slip.objects.filter(batch__survey=survey, state=Slip.State.PAPER)
    for row in on_paper.values("batch__stratum__kind").annotate(n=Count("pk")):
        by_kind[row["batch__stratum__kind"]] += row["n"]
    survey.turnout = {
        "as_of": timezone.localdate().isoformat(),
        "total": _down(sum(by_kind.values())),
        "by_kind": {kind: _down(number) for kind, number in sorted(by_kind.items())},
    }
    survey.save(update_fields=["turnout"])


def _down(number: int) -> int:
    return number - number % STEP


def store_turnouts() -> None:
    for survey in Survey.objects.filter(state=Survey.State.OPEN):
        store_turnout(survey)


@dataclass(frozen=True)
class Turnout:
    """Voters so far, rounded down to ten, as of one day; never live."""

    total: int
    by_kind: dict[str, int]
    as_of: date | None


def turnout_in(kept: dict[str, Any]) -> Turnout:
    if not kept:
        return Turnout(0, {}, None)
    return Turnout(kept["total"], kept["by_kind"], date.fromisoformat(kept["as_of"]))
