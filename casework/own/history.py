"""What a unit reads of what happened: its own steps with their hours, the matter's with days, no reporter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from casework.models import Assignment, MatterEvent
from office import dates

Act = MatterEvent.Act
OF_THE_MATTER = frozenset(
    {
        Act.ACCEPTED,
        Act.JUDGED,
        Act.STOPPED,
        Act.RESUMED,
        Act.REOPENED,
        Act.REFERRED,
        Act.DECIDED,
        Act.ROSE,
        Act.RECOLORED,
        Act.CHASED,
        Act.SUPERVISED,
        Act.COUNTERSIGNED,
        Act.CLOSED,
        Act.WITHDRAWN,
        Act.TRANSFERRED,
    }
)
"""Steps of the whole matter that a unit needs to know of; filing, telling and calls are not among them."""
WITHOUT_WORDS = frozenset({Act.ACCEPTED, Act.WITHDRAWN, Act.TRANSFERRED, Act.RESUMED})
"""Their words were written for others: a unit reads only that it happened."""


@dataclass(frozen=True)
class Step:
    what: str
    text: str
    when: str
    who: str


def steps_of(assignment: Assignment) -> list[Step]:
    """Return what a unit may read of its matter, the newest first."""
    mine = Q(assignment=assignment) | Q(assignment=None, act__in=OF_THE_MATTER)
    found = assignment.matter.events.filter(mine).select_related("by").order_by("-pk")
    return list(_steps(found, assignment))


def _steps(found: Iterable[MatterEvent], assignment: Assignment) -> Iterable[Step]:
    for event in found:
        own = event.assignment_id == assignment.pk
        act = Act(event.act)
        yield Step(
            what=act.label,
            text="" if act in WITHOUT_WORDS else event.text,
            when=dates.moment(event.at) if own else dates.day(event.at),
            who=str(event.by) if own and event.by else "",
        )
