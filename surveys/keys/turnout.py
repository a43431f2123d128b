"""How many have voted: a figure of each night, rounded down to ten, never live.

Of each night is kept what its board said to everybody: the rounded total, nothing by kind, town or hour.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
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
        "nights": survey.turnout.get("nights", []),
    }
    survey.save(update_fields=["turnout"])


def _down(number: int) -> int:
    return number - number % STEP


def store_turnouts() -> None:
    for survey in Survey.objects.filter(state=Survey.State.OPEN):
        store_turnout(survey)
        _keep_night(survey)


def _keep_night(survey: Survey) -> None:
    """Once a night, also where the task runs again because somebody held the database."""
    kept = survey.turnout
    if all(night != kept["as_of"] for night, _ in kept["nights"]):
        kept["nights"] = [*kept["nights"], [kept["as_of"], kept["total"]]]
        survey.save(update_fields=["turnout"])


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


@dataclass(frozen=True)
class Added:
    """By how much the rounded figure grew within some days, as a rule one; within ten of the truth."""

    first: date | None  # None: since the opening
    last: date
    ballots: int
    total: int

    @property
    def at_least(self) -> int:
        return max(self.ballots - STEP + 1, 0)


def added_by_day(survey: Survey) -> list[Added]:
    """A night's figure holds what came in before its day; that of the close, its own day as well."""
    kept = Survey.objects.values_list("turnout", flat=True).get(pk=survey.pk)
    nights = [(date.fromisoformat(night), total) for night, total in kept.get("nights", [])]
    ends = [(night, night - timedelta(days=1), total) for night, total in nights]
    if ends and survey.state in Survey.OVER:
        closed = date.fromisoformat(kept["as_of"])
        ends.append((closed + timedelta(days=1), closed, kept["total"]))
    found, first, before = [], None, 0
    for next_first, last, total in ends:
        found.append(Added(first, last, total - before, total))
        first, before = next_first, total
    return found
