"""Who is linked and who was visited in a quarter: two figures, each with its fraction and its gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction

from django.db.models import Q
from django.utils import timezone

from casework.models import CoveredObject, OfficerLink, ServiceOfficer, Visit, VisitProblem
from casework.officers.linking import Standing, standing_at
from casework.officers.quarters import Quarter
from casework.procedure.officers import OfficerRules
from office.definitions.numbers import shown

Way, Answer = Visit.Way, Visit.Answer


@dataclass(frozen=True)
class Share:
    """So many of so many; under all of them it never reads 100.00."""

    part: int
    whole: int

    @property
    def percent(self) -> str:
        if not self.whole:
            return "—"
        rounded = shown(Fraction(100 * self.part, self.whole), 2)
        return "99.99" if rounded == "100.00" and self.part < self.whole else rounded

    @property
    def fraction(self) -> str:
        return f"{self.part}/{self.whole}"

    @property
    def is_full(self) -> bool:
        return self.whole > 0 and self.part == self.whole

    def __str__(self) -> str:
        return f"{self.percent}%（{self.fraction}）" if self.whole else "—"


def counts(visit: Visit, stored: OfficerRules) -> bool:
    """Whether it is a visit at all: on site, and not denied by the firm."""
    if visit.way not in stored.visits.counts or visit.answer == Answer.FALSE:
        return False
    return visit.answer == Answer.TRUE or not stored.visits.only_confirmed


@dataclass
class ObjectRow:
    """An object in a quarter; whoever visited, it was visited."""

    covered: CoveredObject
    standing: Standing
    needed: int
    kind: str
    days: set[date] = field(default_factory=set)
    own_days: set[date] = field(default_factory=set)
    contacts: int = 0
    confirmed: int = 0
    last: date | None = None

    @property
    def is_linked(self) -> bool:
        return self.standing.is_linked

    @property
    def is_visited(self) -> bool:
        return len(self.days) >= self.needed

    @property
    def gap(self) -> str:
        """Say what is missing; nothing where nothing is."""
        wants = [] if self.is_linked else ["无人挂联"]
        if not self.is_visited:
            wants.append(
                "未走访" if not self.days else f"走访{len(self.days)}次，少{self.needed - len(self.days)}次"
            )
        return "，".join(wants)


@dataclass
class OfficerRow:
    """An officer in a quarter; only their own visits on site count for them."""

    officer: ServiceOfficer
    objects: list[ObjectRow] = field(default_factory=list)
    visits: int = 0
    late: int = 0
    contacts: int = 0
    confirmed: int = 0
    stars: list[int] = field(default_factory=list)
    problems: int = 0
    open_problems: int = 0
    visited_ids: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))

    @property
    def share(self) -> Share:
        done = [one for one in self.objects if len(self.visited_ids[one.covered.pk]) >= one.needed]
        return Share(len(done), len(self.objects))

    @property
    def missing(self) -> list[ObjectRow]:
        return [one for one in self.objects if len(self.visited_ids[one.covered.pk]) < one.needed]

    @property
    def star_mean(self) -> str:
        return shown(Fraction(sum(self.stars), len(self.stars)), 1) if self.stars else "—"


@dataclass(frozen=True)
class Coverage:
    quarter: Quarter
    as_of: datetime
    objects: Sequence[ObjectRow]
    officers: Sequence[OfficerRow]
    too_many: Sequence[Visit]
    denied: Sequence[Visit]

    @property
    def linked(self) -> Share:
        return Share(sum(one.is_linked for one in self.objects), len(self.objects))

    @property
    def visited(self) -> Share:
        return Share(sum(one.is_visited for one in self.objects), len(self.objects))

    @property
    def is_full(self) -> bool:
        return self.linked.is_full and self.visited.is_full

    @property
    def gaps(self) -> list[ObjectRow]:
        return [one for one in self.objects if one.gap]

    @property
    def by_kind(self) -> list[tuple[str, Share, Share]]:
        """Return the two figures of each kind, in the order of the list."""
        found: dict[str, list[ObjectRow]] = {}
        for one in self.objects:
            found.setdefault(one.kind, []).append(one)
        return [
            (
                kind,
                Share(sum(r.is_linked for r in rows), len(rows)),
                Share(sum(r.is_visited for r in rows), len(rows)),
            )
            for kind, rows in found.items()
        ]


def coverage(quarter: Quarter, *, stored: OfficerRules, now: datetime) -> Coverage:
    """Count a quarter: as it stands now, or as it ended; six queries whatever its size."""
    end = timezone.make_aware(datetime.combine(quarter.last, time(23, 59)))
    as_of = min(now, end)
    day = max(timezone.localdate(as_of), quarter.first)
    covered = CoveredObject.objects.filter(active_from__lte=day).filter(
        Q(ended_on=None) | Q(ended_on__gte=day)
    )
    people = ("officer__user", "officer__unit", "deputy__user", "deputy__unit")
    links: dict[int, list[OfficerLink]] = defaultdict(list)
    for link in OfficerLink.objects.filter(from_day__lte=day).select_related(*people):
        links[link.object_id].append(link)
    order = {one.id: number for number, one in enumerate(stored.kinds)}
    rows = {
        one.pk: ObjectRow(
            one,
            standing_at(links[one.pk], as_of, stored),
            stored.visits.a_quarter,
            stored.label_of_kind(one.kind),
        )
        for one in sorted(
            covered.select_related("town"), key=lambda one: (order.get(one.kind, 99), one.name, one.pk)
        )
    }
    visits = _visits_of(quarter)
    officers = _officers(rows.values(), visits, quarter)
    for visit in visits:
        _count(visit, rows.get(visit.object_id), officers, stored)
    listed = sorted(
        officers.values(), key=lambda one: (one.officer.unit.order, str(one.officer), one.officer.pk)
    )
    return Coverage(
        quarter,
        as_of,
        list(rows.values()),
        listed,
        [one for one in visits if one.in_month >= stored.over_visiting.reason_from],
        [one for one in visits if one.answer == Answer.FALSE],
    )


def _visits_of(quarter: Quarter) -> list[Visit]:
    span = (quarter.first, quarter.last)
    found = Visit.objects.filter(Q(counts_on__range=span)).select_related(
        "object", "officer__user", "officer__unit", "unit"
    )
    return list(found.order_by("on", "pk"))


def _officers(rows: Iterable[ObjectRow], visits: Iterable[Visit], quarter: Quarter) -> dict[int, OfficerRow]:
    found: dict[int, OfficerRow] = {}
    for one in ServiceOfficer.objects.filter(left_on=None).select_related("user", "unit"):
        found[one.pk] = OfficerRow(one)
    for row in rows:
        if (link := row.standing.link) is not None:
            found.setdefault(link.officer_id, OfficerRow(link.officer)).objects.append(row)
    for visit in visits:
        if visit.officer is not None:
            found.setdefault(visit.officer.pk, OfficerRow(visit.officer))
    heard = VisitProblem.objects.filter(visit__counts_on__range=(quarter.first, quarter.last))
    for officer_id, closed_at in heard.values_list("visit__officer", "matter__closed_at"):
        if officer_id in found:
            found[officer_id].problems += 1
            found[officer_id].open_problems += closed_at is None
    return found


def _count(
    visit: Visit, row: ObjectRow | None, officers: dict[int, OfficerRow], stored: OfficerRules
) -> None:
    own = officers.get(visit.officer_id or 0) if visit.is_own else None
    if visit.way not in stored.visits.counts:
        for one in (row, own):
            if one is not None:
                one.contacts += 1
    if not counts(visit, stored):
        return
    is_confirmed = visit.answer == Answer.TRUE
    if row is not None:
        row.days.add(visit.on)
        row.confirmed += is_confirmed
        row.last = max(row.last or visit.on, visit.on)
        if own is not None:
            row.own_days.add(visit.on)
    if own is not None:
        own.visits += 1
        own.late += visit.is_late
        own.confirmed += is_confirmed
        own.visited_ids[visit.object_id].add(visit.on)
        if visit.stars:
            own.stars.append(visit.stars)
