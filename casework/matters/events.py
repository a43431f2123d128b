"""Write down what happened to a matter; clocks begin and end with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casework.matters import clocks
from casework.matters.clocks import Reckoner
from casework.models import Assignment, Matter, MatterEvent
from casework.procedure.words import Event
from office import audit
from office.models import User

Act = MatterEvent.Act
LONGEST = 1000
UNDONE = "undone"  # in the data of an event: which step came undone


def note(
    matter: Matter,
    act: MatterEvent.Act,
    *,
    now: datetime,
    by: User | None,
    assignment: Assignment | None = None,
    text: str = "",
    data: dict[str, Any] | None = None,
) -> MatterEvent:
    """Add an event and its audit row; neither says who reported."""
    event = MatterEvent(
        matter=matter, assignment=assignment, act=act, at=now, by=by, text=text[:LONGEST], data=data or {}
    )
    event.save()
    after = {"编号": matter.number, "状态": matter.get_state_display()}
    if assignment is not None:
        after["单位"] = str(assignment.unit)
    if text:
        after["说明"] = text[:200]
    audit.record(act.label, matter, acting_user=by, after=after)
    return event


def happened(
    matter: Matter,
    event: Event,
    *,
    now: datetime,
    by: User | None,
    reckoner: Reckoner | None = None,
    assignment: Assignment | None = None,
    text: str = "",
    data: dict[str, Any] | None = None,
) -> MatterEvent:
    """Note an event that clocks hang on: those it ends are ended, those it begins begin."""
    noted = note(matter, Act(event.value), now=now, by=by, assignment=assignment, text=text, data=data)
    reckoner = reckoner or Reckoner()
    clocks.end(matter, event, now=now, reckoner=reckoner, assignment=assignment)
    clocks.begin(matter, event, now=now, reckoner=reckoner, assignment=assignment)
    return noted
