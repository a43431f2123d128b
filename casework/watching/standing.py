"""What the leading group and the inspectorate look at: what came up, what is late, what was not accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Prefetch, QuerySet
from django.utils import timezone

from casework.matters.acceptance import refusal_in_words
from casework.matters.events import Act
from casework.matters.state import OVER
from casework.models import Assignment, Clock, Matter, MatterEvent, ReporterOpening
from departments.models import Department

RUNNING = Clock.State.RUNNING
OF_A_YEAR = 12


@dataclass(frozen=True)
class Late:
    """A unit with what it has overdue; without a unit it is the window or the centre itself."""

    unit: Department | None
    name: str
    count: int
    since: datetime


@dataclass(frozen=True)
class NotAccepted:
    matter: Matter
    on: date
    why: str


def referred() -> QuerySet[Matter]:
    """Return what waits for the leading group, what came first in front."""
    given = Assignment.objects.exclude(state__in=OVER).select_related("unit").order_by("-is_lead", "pk")
    rows = Matter.objects.filter(referred_at__isnull=False).select_related("version", "about")
    return rows.prefetch_related(Prefetch("assignments", given, to_attr="given")).order_by(
        "referred_at", "pk"
    )


def decided_since(first: date) -> QuerySet[MatterEvent]:
    """Return what the leading group has decided, the newest first."""
    rows = MatterEvent.objects.filter(act=Act.DECIDED, at__gte=_start(first))
    return rows.select_related("matter__version", "by").order_by("-pk")


def late_by_unit(now: datetime) -> list[Late]:
    """Return the units with overdue assignments, the most first; window and centre last."""
    minute = now.replace(second=0, microsecond=0)
    over = Clock.objects.filter(state=RUNNING, due_at__lt=minute)
    of_units = over.filter(assignment__isnull=False).values("assignment__unit")
    counted = of_units.annotate(count=Count("assignment", distinct=True), since=Min("due_at"))
    found = {row["assignment__unit"]: row for row in counted}
    units = Department.objects.filter(pk__in=found)
    rows = [Late(unit, unit.name, found[unit.pk]["count"], found[unit.pk]["since"]) for unit in units]
    rows.sort(key=lambda one: (-one.count, one.since))
    own = over.filter(assignment=None).aggregate(count=Count("matter", distinct=True), since=Min("due_at"))
    return [*rows, Late(None, "窗口和评价中心", own["count"], own["since"])] if own["count"] else rows


def not_accepted(first: date) -> list[NotAccepted]:
    """Return what was not accepted in a month, with the reason and who proposed and confirmed it."""
    who = ("version", "refusal_proposed_by", "refusal_confirmed_by")
    state = Matter.State.REFUSED
    rows = Matter.objects.filter(
        state=state, closed_at__gte=_start(first), closed_at__lt=_start(after(first))
    )
    return [
        NotAccepted(one, timezone.localdate(one.closed_at), refusal_in_words(one))
        for one in rows.select_related(*who).order_by("-closed_at")
        if one.closed_at
    ]


def openings(first: date) -> int:
    """Return how often somebody looked at who reported, in a month."""
    return ReporterOpening.objects.filter(at__gte=_start(first), at__lt=_start(after(first))).count()


def month_of(text: str) -> date:
    """Return the first day of the month asked for; this month for anything else."""
    today = timezone.localdate()
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return min(found, today.replace(day=1))


def after(first: date) -> date:
    return date(first.year + first.month // OF_A_YEAR, first.month % OF_A_YEAR + 1, 1)


def before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
