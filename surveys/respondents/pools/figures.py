"""Pools in numbers: how full, how fresh, how much of it was handed in, and what departments handed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q

from departments.models import Department
from office.calendar.working_time import after_months
from surveys.models import HandedInSample, Pool, PoolCell, PoolMember, PoolStratum
from surveys.respondents.pools.sample_import import quarter_of


@dataclass(frozen=True)
class CellRow:
    name: str
    size: int
    there: int
    handed_in: int
    due: int

    @property
    def missing(self) -> int:
        return max(0, self.size - self.there)


@dataclass(frozen=True)
class StratumRow(CellRow):
    stratum: PoolStratum
    cells: tuple[CellRow, ...]

    @property
    def can_fill(self) -> bool:
        return bool(self.missing) and self.stratum.source != PoolStratum.Source.LIST


def pools() -> list[Pool]:
    return list(Pool.objects.filter(strata__isnull=False).distinct())


def strata_of(pool: Pool, today: date) -> list[StratumRow]:
    """Two queries, however large the pool is."""
    active = Q(members__left_on=None, members__isnull=False)
    cells = PoolCell.objects.filter(stratum__pool=pool).select_related("stratum")
    counted = cells.annotate(
        there=Count("members", filter=active),
        handed=Count("members", filter=active & Q(members__source=PoolMember.Source.HANDED_IN)),
        due=Count("members", filter=active & Q(members__renew_on__lte=today)),
    ).order_by("stratum__order", "stratum", "order", "id")
    rows: dict[PoolStratum, list[CellRow]] = {}
    for cell in counted:
        row = CellRow(cell.name, cell.size, cell.there, cell.handed, cell.due)
        rows.setdefault(cell.stratum, []).append(row)
    return [
        StratumRow(
            stratum.name,
            sum(row.size for row in below),
            sum(row.there for row in below),
            sum(row.handed_in for row in below),
            sum(row.due for row in below),
            stratum,
            tuple(below) if len(below) > 1 else (),
        )
        for stratum, below in rows.items()
    ]


@dataclass(frozen=True)
class HandedInRow:
    department: Department
    number: int
    wanted: int

    @property
    def is_short(self) -> bool:
        return self.number < self.wanted


def handed_in_by_department(today: date, wanted: int) -> Iterator[HandedInRow]:
    found = HandedInSample.objects.filter(period=quarter_of(today), is_withdrawn=False)
    numbers = Counter(found.values_list("department", flat=True))
    for department in Department.objects.filter(is_active=True):
        yield HandedInRow(department, numbers[department.pk], wanted)


def samples_missing(department: Department, today: date) -> int:
    """How many samples a department still owes; none where no pool takes any."""
    pools = Pool.objects.filter(most_handed_in__gt=0, strata__source=PoolStratum.Source.REGISTER)
    wanted = pools.aggregate(most=Max("samples_wanted"))["most"] or 0
    if not wanted or not department.is_active:
        return 0
    there = HandedInSample.objects.filter(
        department=department, period=quarter_of(today), is_withdrawn=False
    ).count()
    return max(0, wanted - there)


def quarter_ends(today: date) -> date:
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return after_months(first, 3) - timedelta(days=1)
