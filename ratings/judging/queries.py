"""What waits to be judged: held ratings by place and reason, and what was proposed for another to settle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Value

from departments.models import Department
from office.models import User
from ratings.follow_up.making import left_waiting
from ratings.judging.services import MOST_AT_ONCE
from ratings.models import Judgment, Rating, RatingCode
from ratings.rules import all_rules, rules_of

PROPOSED = Judgment.State.PROPOSED
OPEN = Judgment.objects.filter(rating=OuterRef("pk"), state=PROPOSED)


@dataclass(frozen=True)
class HeldGroup:
    """Ratings of one place that are held for one reason."""

    code: RatingCode
    because: str
    number: int
    first: date
    last: date
    is_late: bool


@dataclass
class OpenGroup:
    """What somebody proposed together: the same act, reason and words on the same day."""

    first: Judgment
    rows: list[Judgment] = field(default_factory=list)

    @property
    def places(self) -> str:
        return "、".join(dict.fromkeys(str(one.rating.code) for one in self.rows))

    @property
    def reason(self) -> str:
        return reason_label(self.first)

    @property
    def act(self) -> str:
        return act_in_words(self.first)


def act_in_words(judgment: Judgment) -> str:
    label = judgment.get_act_display()
    return f"{label}：{judgment.to_code}" if judgment.to_code else str(label)


def reason_label(judgment: Judgment) -> str:
    """Return the words of a reason; a rule that is gone meanwhile leaves its id."""
    found = rules_of(judgment.rating.code.rules_id).excluding.reason(judgment.reason)
    return found.label if found else judgment.reason


def held_ratings(today: date) -> QuerySet[Rating]:
    """Return the held ratings of past days about which nobody has proposed anything yet."""
    rows = Rating.objects.filter(state=Rating.State.HELD, day__lt=today, code__rules_id__in=all_rules())
    return rows.filter(~Exists(OPEN))


def held_groups(rows: QuerySet[Rating], today: date) -> list[HeldGroup]:
    """Return what is held by place and reason, what waits longest in front; two queries."""
    found = rows.order_by().values("code", "held_because")
    counted = list(found.annotate(number=Count("pk"), first=Min("day"), last=Max("day")))
    codes = RatingCode.objects.select_related("window__hall", "unit", "hall").in_bulk(
        {row["code"] for row in counted}
    )
    groups = [
        HeldGroup(
            code=codes[row["code"]],
            because=row["held_because"],
            number=row["number"],
            first=row["first"],
            last=row["last"],
            is_late=row["first"] < latest_day(codes[row["code"]].rules_id, today),
        )
        for row in counted
    ]
    return sorted(groups, key=lambda one: (one.first, str(one.code), one.because))


def latest_day(rules_id: str, today: date) -> date:
    """Return the first day whose held ratings are still within the days the rules give."""
    return today - timedelta(days=rules_of(rules_id).holding.judge_within_days)


def waiting(user: User, today: date) -> dict[str, int]:
    """Return how many ratings are held, held too long, wait for `user` to settle, or left a number behind.

    One query: the start page asks for it each time.
    """
    too_long = Q(pk__in=())
    for one in all_rules():
        too_long |= Q(code__rules_id=one, day__lt=latest_day(one, today))
    held = held_ratings(today)
    rows = {
        "held": held,
        "late": held.filter(too_long),
        "open": Judgment.objects.filter(state=PROPOSED).exclude(proposed_by=user),
        "left": left_waiting(today),
    }
    first, *others = [
        found.order_by()
        .annotate(kind=Value(kind))
        .values("kind")
        .annotate(n=Count("pk"))
        .values_list("kind", "n")
        for kind, found in rows.items()
    ]
    return {"held": 0, "late": 0, "open": 0, "left": 0, **dict(first.union(*others, all=True))}


def open_groups() -> list[OpenGroup]:
    """Return what waits for another person, what was proposed first in front."""
    rows = Judgment.objects.filter(state=PROPOSED).select_related(
        "rating__code__window__hall",
        "rating__code__unit",
        "to_code__window__hall",
        "to_code__unit",
        "proposed_by",
    )
    groups: dict[tuple[object, ...], OpenGroup] = {}
    for one in rows.order_by("proposed_on", "pk")[:MOST_AT_ONCE]:
        key = (one.proposed_by_id, one.proposed_on, one.act, one.reason, one.words, one.to_code_id)
        groups.setdefault(key, OpenGroup(one)).rows.append(one)
    return list(groups.values())


def live_codes(rules_ids: Sequence[str]) -> list[RatingCode]:
    """Return the codes that can be rated now, in the order of halls and windows."""
    rows = RatingCode.objects.filter(rules_id__in=rules_ids, ended_on=None)
    rows = rows.exclude(kind=RatingCode.Kind.WALL).select_related("window__hall", "unit", "hall")
    return [one for one in rows if not one.is_dead]


def units_of_codes(codes: Iterable[RatingCode]) -> list[Department]:
    found = {one.unit_id: one.unit for one in codes if one.unit is not None}
    return sorted(found.values(), key=lambda one: (one.order, one.pk))
