"""Lists of 办件编号: each is the right to one rating, kept as a hash until its last day (GY-R4).

A list leaves the day's numbers alone: it need not be whole.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models

from departments.models import Department
from office.models import User
from office.workbooks.dates import day_of, not_a_day
from office.workbooks.sheets import Fault, ReportProgress
from office.workbooks.tables import Row, Table
from ratings.incoming import numbers
from ratings.incoming.lists import ListPlan, RatingList
from ratings.incoming.places import HEADINGS as PLACES
from ratings.incoming.places import Places
from ratings.models import Ticket, TicketBatch
from ratings.tickets.rolls import store_tickets

HEADINGS = {
    **numbers.HEADINGS,
    **PLACES,
    "day": ("办结日期", "办结时间", "办理日期", "完成日期", "完成时间"),
}


@dataclass
class CasesPlan(ListPlan):
    new: dict[str, tuple[Department, date]] = field(default_factory=dict)


def _read(table: Table, rules_id: str, today: date, progress: ReportProgress) -> CasesPlan:
    plan, places = CasesPlan(rules_id, today), Places()
    read: dict[str, tuple[Row, Department, date]] = {}
    for row in table.rows(progress):
        if row.is_blank() or table.leaves_out(row):
            continue
        plan.count("行数")
        place, day = places.of(table, row), day_of(row.own["day"] or row.shown["day"])
        found: list[Fault] = [*row.faults]
        if isinstance(place, Fault):
            found.append(place)
        if day is None or day > today:
            text = "办结日期晚于今天，请核对。" if day else not_a_day(row.shown["day"])
            found.append(table.fault(row.number, "day", "not a day", text))
        mark = "" if found else numbers.mark_in(plan, table, row)
        plan.faults += found
        if not mark or day is None or isinstance(place, Fault):
            continue
        if mark in read:
            plan.skip("的办件编号在前面已经出现，略过", row)
        else:
            read[mark] = (row, place.unit, day)
    _compare(plan, read)
    return plan


def _compare(plan: CasesPlan, read: dict[str, tuple[Row, Department, date]]) -> None:
    stored = numbers.known(read)
    units: Counter[str] = Counter()
    within = timedelta(days=plan.rules.tickets.rate_within_days)
    for mark, (row, unit, day) in read.items():
        if mark in stored:
            plan.skip("的办件编号先前已经导入或者评价，略过", row)
        elif day + within < plan.today:
            plan.skip(f"办结已超过{within.days}日，不能再评价，略过", row)
        else:
            plan.new[mark] = (unit, day + within)
            units[str(unit)] += 1
            plan.sealed.update(f"{mark}{unit.pk}{day}".encode())
    plan.count("新增", len(plan.new))
    plan.count("略过", sum(map(len, plan.skipped.values())))
    plan.changes += [f"{unit}　新增{n}件" for unit, n in sorted(units.items())]


def _write(plan: CasesPlan, user: User) -> models.Model:
    batch = TicketBatch.objects.create(
        rules_id=plan.rules_id,
        kind=TicketBatch.Kind.CASES,
        size=len(plan.new),
        made_on=plan.today,
        made_by=user,
    )
    store_tickets(
        [
            Ticket(batch=batch, mark=mark, unit=unit, last_day=last_day)
            for mark, (unit, last_day) in plan.new.items()
        ]
    )
    return batch


CASES = RatingList(
    what="办件编号",
    action="rating.ticket",
    headings=HEADINGS,
    needed=("number", "unit", "day"),
    days=("day",),
    read=_read,
    write=_write,
)
