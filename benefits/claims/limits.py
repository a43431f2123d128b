"""The limit of the text beside the item's own; which one judges hangs on whose policy it is (GY-R14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from benefits.models import Claim, ItemVersion
from benefits.rules import rules
from casework.matters.clocks import last_minute, rule_of
from casework.models import Clock
from casework.procedure.words import Event
from office.calendar import days
from office.calendar.deadlines import Clock as Reckoning
from office.calendar.deadlines import Pause, Span, Unit


@dataclass(frozen=True)
class LimitBeside:
    """The limit that stands beside the one that judges, from the same moment and with the same stops."""

    label: str
    words: str
    due_at: datetime | None
    why: str
    is_late: bool


def is_literal(claim: Claim) -> bool:
    """Whether the text's limit judges; a guide without a limit leaves it to the text."""
    level = rules()[1].level(claim.version.level)
    return span_of_guide(claim.version) is None or (level is not None and level.literal_limit)


def span_of_guide(version: ItemVersion) -> Span | None:
    if version.limit_count is None or version.limit_unit not in list(Unit):
        return None
    return Span(version.limit_count, Unit(version.limit_unit))


def decision_clock(claim: Claim) -> Clock | None:
    """The clock of the text that ends with the decision, of the assignment in charge and this time round."""
    matter = claim.matter
    ids = [one.id for one in matter.procedure.clocks if Event.REPLIED in one.ends]
    running = matter.clocks.filter(rule__in=ids, cycle=matter.times_reopened, assignment__is_lead=True)
    return running.order_by("-pk").first()


def limit_beside(claim: Claim, now: datetime, reckoning: Reckoning | None = None) -> LimitBeside | None:
    """Return the guide's limit where the text judges, else the text's; None where the guide has none."""
    own, clock = span_of_guide(claim.version), decision_clock(claim)
    if own is None or clock is None:
        return None
    rule = rule_of(claim.matter.procedure, clock)
    span = own if is_literal(claim) else rule.span_for(claim.matter.category) if rule else None
    if span is None:
        return None
    pauses = [
        Pause(date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for first, last in clock.pauses
    ]
    limit = (reckoning or days.clock()).limit(days.local(clock.began_at), span, pauses)
    late = limit.ends_at is not None and not limit.is_met_by(days.local(clock.met_at or now))
    label = "指南时限" if is_literal(claim) else "文件时限"
    return LimitBeside(label, str(span), last_minute(limit), limit.why(clock.event), late)
