"""“一类事” by cause for a quarter (practice 1d): what keeps coming, and where it went wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Q

from casework.figures.counting import CLOSED, SOLVED, Scope, accepted, lead_unit
from casework.figures.shares import Share
from departments.models import Department

MOST_UNITS = 5


@dataclass
class Cause:
    """The matters of one cause; units by how many of them they were in charge of."""

    label: str
    count: int = 0
    closed: int = 0
    solved: int = 0
    units: Counter[str] = field(default_factory=Counter)

    @property
    def solved_share(self) -> Share:
        return Share(self.solved, self.count)

    def most(self) -> list[tuple[str, int]]:
        return self.units.most_common(MOST_UNITS)


def by_cause(scope: Scope) -> list[Cause]:
    """Count the cohort by cause and unit in charge: two statements."""
    names = dict(Department.objects.values_list("pk", "name"))
    found = {cause: Cause(cause) for cause in scope.procedure.causes}
    rows = accepted(scope).annotate(in_charge=lead_unit()).order_by().values("cause", "in_charge")
    for row in rows.annotate(
        count=Count("pk"), closed=Count("pk", filter=Q(CLOSED)), solved=Count("pk", filter=Q(SOLVED))
    ):
        one = found.setdefault(row["cause"], Cause(row["cause"] or "未标明"))
        one.count += row["count"]
        one.closed += row["closed"]
        one.solved += row["solved"]
        if row["in_charge"] in names:
            one.units[names[row["in_charge"]]] += row["count"]
    return sorted((one for one in found.values() if one.count), key=lambda one: -one.count)
