"""How rectifications stand at a moment: what is late, for how long, what follows. All from the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from evaluations.models import Rectification, RectificationEvent, RectificationItem
from evaluations.rectification.case import RUNNING, Act, ItemState, State
from evaluations.rectification.limits import IN_TIME, Lateness, lateness_of_item, lateness_of_plan
from office.calendar import days
from office.calendar.deadlines import Clock
from office.models import User

DONE = (ItemState.CLOSED, ItemState.HELD, ItemState.REOPENED)
LATENESS = {
    "late": "已逾期",
    "supervise": "应督办",
    "leading_group": "应提交领导小组",
    "look_back": "应回头看",
}


@dataclass(frozen=True)
class ItemStanding:
    """An item with how late it is."""

    item: RectificationItem
    late: Lateness


@dataclass(frozen=True)
class Standing:
    """A rectification with its items, and where it stands."""

    one: Rectification
    items: list[ItemStanding]
    late: Lateness
    unknown_years: list[int] = field(default_factory=list)
    acts: dict[str, datetime] = field(default_factory=dict)  # the last chase, supervision, submission

    @property
    def closed(self) -> int:
        return sum(each.item.state in DONE for each in self.items)

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def due_at(self) -> datetime:
        return self.one.plan_due_at if self.one.state == State.PLANNING else self.one.done_due_at

    @property
    def must_supervise(self) -> bool:
        return self._is_over(self.one.supervision_days) and Act.SUPERVISED not in self.acts

    @property
    def must_go_to_the_leading_group(self) -> bool:
        return self._is_over(self.one.leading_group_days) and Act.TO_LEADING_GROUP not in self.acts

    def _is_over(self, working_days: int) -> bool:
        return bool(self.late) and self.late.working_days >= working_days

    @property
    def what_follows(self) -> str:
        """The next step of the centre, in words; empty where nothing is late."""
        if self.must_go_to_the_leading_group and Act.SUPERVISED in self.acts:
            return "应提交领导小组"
        if self.must_supervise:
            return "应督办"
        return "应催办" if self.late and Act.CHASED not in self.acts else ""

    def look_backs_due(self, today: date) -> list[RectificationItem]:
        closed = (each.item for each in self.items if each.item.state == ItemState.CLOSED)
        return [item for item in closed if item.look_back_on and item.look_back_on <= today]


def seen_with_items(rows: QuerySet[Rectification]) -> QuerySet[Rectification]:
    """Everything that a standing needs: three queries whatever the number."""
    return rows.select_related(
        "department", "disposition", "disposition__round", "disposition__subject"
    ).prefetch_related("items__papers", "items__checked_by", "items__planned_by")


def standings(rows: Iterable[Rectification], now: datetime, clock: Clock | None = None) -> list[Standing]:
    found, clock = list(rows), clock or days.clock()
    acts = _last_acts([one.pk for one in found])
    return [_standing(one, clock, now, acts.get(one.pk, {})) for one in found]


def standing_of(one: Rectification, now: datetime) -> Standing:
    [found] = standings([one], now)
    return found


def _standing(one: Rectification, clock: Clock, now: datetime, acts: dict[str, datetime]) -> Standing:
    runs = one.state == State.UNDER_WAY
    items = [ItemStanding(item, lateness_of_item(clock, item, now, runs=runs)) for item in one.items.all()]
    late = lateness_of_plan(clock, one, now)
    if runs:
        open_ones = [each.late for each in items if each.item.state == ItemState.OPEN and each.late]
        late = max(open_ones, key=lambda each: each.working_days, default=IN_TIME)
    today = timezone.localdate(now)
    years = sorted({one.notice_on.year, timezone.localdate(one.done_due_at).year, today.year})
    unknown = [year for year in years if not clock.calendar.knows(year)] if one.state in RUNNING else []
    return Standing(one, items, late, unknown, acts)


def _last_acts(numbers: list[int]) -> dict[int, dict[str, datetime]]:
    found: dict[int, dict[str, datetime]] = {}
    wanted = (Act.CHASED, Act.SUPERVISED, Act.TO_LEADING_GROUP)
    rows = RectificationEvent.objects.filter(rectification__in=numbers, act__in=wanted).order_by()
    for row in rows.values("rectification", "act").annotate(last=Max("at")):
        found.setdefault(row["rectification"], {})[row["act"]] = row["last"]
    return found


def maybe_late(today: date) -> Q:
    """Narrow to what can be late on a day, for the database; whether it is, the clock says."""
    plan = Q(state=State.PLANNING, plan_due_at__date__lte=today)
    done = Q(state=State.UNDER_WAY, items__state=ItemState.OPEN, items__due_on__lte=today)
    return plan | done


def late_ones(rows: QuerySet[Rectification], now: datetime) -> list[Standing]:
    """Those of `rows` that are late, the latest first."""
    narrowed = list(
        rows.filter(maybe_late(timezone.localdate(now)))
        .distinct()
        .select_related("department", "disposition")
        .prefetch_related("items")
    )
    found = [one for one in standings(narrowed, now) if one.late] if narrowed else []
    return sorted(found, key=lambda one: -one.late.working_days)


@dataclass(frozen=True)
class Waiting:
    """How many plans, requests and look backs wait for one person of the centre, and what may be late."""

    plans: int
    requests: int
    look_backs: int
    maybe_late: int


def waiting_for(user: User, today: date) -> Waiting:
    """What this person may check, in one query: nothing of their own."""
    asked = Q(items__state=ItemState.ASKED, state=State.UNDER_WAY)
    asked &= ~Q(items__asked_by=user) & ~Q(items__planned_by=user)
    closed = Q(items__state=ItemState.CLOSED, items__look_back_on__lte=today)
    plans = Q(state=State.HANDED_IN) & ~Q(plan_handed_in_by=user)
    found = Rectification.objects.order_by().aggregate(
        plans=Count("pk", filter=plans, distinct=True),
        requests=Count("items", filter=asked, distinct=True),
        look_backs=Count("items", filter=closed, distinct=True),
        maybe_late=Count("pk", filter=maybe_late(today), distinct=True),
    )
    return Waiting(**found)
