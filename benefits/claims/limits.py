"""The limit of the text beside the item's own; which one judges hangs on whose policy it is (GY-R14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from benefits.models import Claim
from benefits.rules import rules
from casework.matters.clocks import last_minute
from casework.models import Clock
from casework.procedure.words import Event
from office.calendar import days
from office.calendar.deadlines import Clock as Reckoning
from office.calendar.deadlines import Pause, Span, Unit


@dataclass(frozen=True)
class OwnLimit:
    """The guide's own limit of a decision, from the same moment and with the same stops as the text's."""

    words: str
    due_at: datetime | None
    why: str
    is_late: bool


def is_literal(claim: Claim) -> bool:
    """Whether the text's limit judges; a guide without a limit leaves it to the text."""
    level = rules()[1].level(claim.version.level)
    return claim.version.limit_count is None or (level is not None and level.literal_limit)


def decision_clock(claim: Claim) -> Clock | None:
    """The clock of the text that ends with the decision, of the assignment in charge and this time round."""
    matter = claim.matter
    ids = [one.id for one in matter.procedure.clocks if Event.REPLIED in one.ends]
    running = matter.clocks.filter(rule__in=ids, cycle=matter.times_reopened, assignment__is_lead=True)
    return running.order_by("-pk").first()


def own_limit(claim: Claim, now: datetime, reckoning: Reckoning | None = None) -> OwnLimit | None:
    """Return the guide's limit of a claim that was assigned; None where the guide has none."""
    version, clock = claim.version, decision_clock(claim)
    if version.limit_count is None or version.limit_unit not in list(Unit) or clock is None:
        return None
    span = Span(version.limit_count, Unit(version.limit_unit))
    pauses = [
        Pause(date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for first, last in clock.pauses
    ]
    limit = (reckoning or days.clock()).limit(days.local(clock.began_at), span, pauses)
    due = last_minute(limit)
    at = clock.met_at or now
    late = due is not None and not limit.is_met_by(days.local(at))
    return OwnLimit(str(span), due, limit.why(clock.event), late)
