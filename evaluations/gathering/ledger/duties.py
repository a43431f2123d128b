"""The calendar of what units hand in again and again: what is due, what came, what is proposed as late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from departments.models import Department
from evaluations.gathering.ledger.book import ITEM, Ledger, find_ledger, lies_in
from evaluations.gathering.ledger.services import Draft, enter_occurrence
from evaluations.models import DutyRecord, NotApplicable, Occurrence, Round
from evaluations.rounds import periods
from evaluations.scoring.duties import Duty
from office import audit, dates, roles
from office.calendar import days
from office.calendar.working_time import Calendar
from office.errors import Refused
from office.models import User

PARTS_IN_A_YEAR = {"month": 12, "quarter": 4, "half": 2, "year": 1}
LOOK_BACK = 120  # days: the longest a duty may be due after its time


@dataclass(frozen=True)
class UnitLine:
    """What came of one duty of one unit."""

    unit: Department
    record: DutyRecord | None
    applies: bool
    is_late: bool

    @property
    def is_open(self) -> bool:
        """Whether something is still to be said of it."""
        return self.applies and (self.record is None or self.record.came_on is None)


@dataclass(frozen=True)
class Due:
    """One duty for one period, with all units; `trouble` says why its day is not known."""

    duty: Duty
    period: str
    due_on: date | None
    trouble: str = ""
    lines: list[UnitLine] = field(default_factory=list)

    @property
    def period_in_words(self) -> str:
        return periods.in_words(self.period)

    @property
    def came(self) -> int:
        return sum(bool(line.record and line.record.came_on) for line in self.lines)

    @property
    def expected(self) -> int:
        return sum(line.applies for line in self.lines)


def due_on(duty: Duty, period: str, calendar: Calendar) -> date:
    """Return the day by which it must have come; refuse where the calendar of that year is missing."""
    _, last = periods.days_of(period, None)
    return days.step_known(calendar, last, duty.working_days) if duty.working_days else last


def _about(duty: Duty, period: str, calendar: Calendar) -> date:
    """Return the day by the week alone, to show the trouble in its month."""
    return calendar.step(periods.days_of(period, None)[1], duty.working_days)


def due_in(ledger: Ledger, first: date, last: date, today: date) -> list[Due]:
    """Return what is due between two days, in the order of the scheme's duties."""
    units = ledger.units()
    records = {
        (one.duty, one.period, one.department_id): one
        for one in DutyRecord.objects.filter(
            scheme_id=ledger.scheme_id, due_on__range=(first, last)
        ).select_related("occurrence", "noted_by")
    }
    excused, calendar = _excused(ledger), days.calendar()
    found = []
    for duty in ledger.scheme.duties:
        for period in periods_before(duty, first, last):
            try:
                day = due_on(duty, period, calendar)
            except Refused as refusal:
                if first <= _about(duty, period, calendar) <= last:
                    found.append(Due(duty, period, None, str(refusal)))
                continue
            if not first <= day <= last:
                continue
            lines = []
            for unit in units:
                record = records.get((duty.id, period, unit.pk))
                applies = not any(lies_in(one, day) for one in excused.get((duty.late, unit.pk), ()))
                late = day < today and (record is None or record.came_on is None)
                lines.append(UnitLine(unit, record, applies, applies and late))
            found.append(Due(duty, period, day, "", lines))
    return found


def periods_before(duty: Duty, first: date, last: date) -> Iterator[str]:
    """Yield the periods that ended shortly before the last day, so that they may be due between the two."""
    for year in range(first.year - 1, last.year + 1):
        for period in periods.periods_of(year, PARTS_IN_A_YEAR[duty.every]):
            _, ends = periods.days_of(period, None)
            earliest = first - timedelta(days=LOOK_BACK if duty.working_days else 0)
            if earliest <= ends <= last:
                yield period


def _excused(ledger: Ledger) -> dict[tuple[str, int], list[Round]]:
    """Return the rounds in which an item does not apply to a unit."""
    late = [duty.late for duty in ledger.scheme.duties]
    marks = NotApplicable.objects.filter(
        item__in=late, subject__round__scheme_version__scheme_id=ledger.scheme_id
    ).exclude(subject__round__state=Round.State.VOID)
    found: dict[tuple[str, int], list[Round]] = {}
    for mark in marks.select_related("subject__round__scheme_version"):
        found.setdefault((mark.item, mark.subject.department_id), []).append(mark.subject.round)
    return found


@transaction.atomic
def tick_off(
    *,
    scheme_id: str,
    duty_id: str,
    period: str,
    departments: Iterable[Department],
    came_on: date,
    today: date,
    now: datetime,
    acting_user: User,
) -> list[DutyRecord]:
    """Note on which day it came; what came after its day is proposed as an entry of the ledger."""
    roles.require(acting_user, "gathering.enter")
    ledger, duty = _duty(scheme_id, duty_id)
    day = _due_of(duty, period)
    first, _ = periods.days_of(period, None)
    if not first <= came_on <= today:
        raise Refused(f"报送日期{dates.day(came_on)}不在{dates.day(first)}至今天之间", "请核对日期。")
    records = []
    for unit in _those(departments):
        record = _record(ledger, duty, period, day, unit)
        if record.came_on:
            raise Refused(f"{unit}的{duty.label}（{periods.in_words(period)}）已登记报送", "请刷新页面查看。")
        record.came_on, record.noted_by, record.noted_at = came_on, acting_user, now
        if came_on > day and record.occurrence is None:
            said = f"应于{dates.day(day)}前报送，{dates.day(came_on)}报送"
            record.occurrence = _propose(
                ledger, duty, record, said=said, today=today, now=now, acting_user=acting_user
            )
        record.save()
        after = {"报送日期": came_on.isoformat(), **_in_words(ledger, record)}
        audit.record("登记报送", record, acting_user=acting_user, after=after)
        records.append(record)
    return records


@transaction.atomic
def propose_late(
    *,
    scheme_id: str,
    duty_id: str,
    period: str,
    departments: Iterable[Department],
    today: date,
    now: datetime,
    acting_user: User,
) -> list[DutyRecord]:
    """Propose an entry for each unit from which nothing came; a second person confirms it or not.

    Who ticks is who enters: a program enters nothing, and a person answers for the entry.
    """
    roles.require(acting_user, "gathering.enter")
    ledger, duty = _duty(scheme_id, duty_id)
    day = _due_of(duty, period)
    if day >= today:
        raise Refused(f"{duty.label}的期限是{dates.day(day)}，还没有过", "请在期限过后办理。")
    records = []
    for unit in _those(departments):
        record = _record(ledger, duty, period, day, unit)
        if record.occurrence or record.came_on:
            raise Refused(f"{unit}的{duty.label}（{periods.in_words(period)}）已办理", "请刷新页面查看。")
        record.noted_by, record.noted_at = acting_user, now
        said = f"应于{dates.day(day)}前报送，{dates.day(today)}仍未收到"
        record.occurrence = _propose(
            ledger, duty, record, said=said, today=today, now=now, acting_user=acting_user
        )
        record.save()
        audit.record("提出未按时报送", record, acting_user=acting_user, after=_in_words(ledger, record))
        records.append(record)
    return records


@transaction.atomic
def take_back_tick(*, record: DutyRecord, acting_user: User) -> None:
    """Remove what was noted by mistake; a proposed entry has to be withdrawn first."""
    roles.require(acting_user, "gathering.enter")
    current = (
        DutyRecord.objects.select_for_update(of=("self",)).select_related("department").get(pk=record.pk)
    )
    proposed = current.occurrence
    if proposed and proposed.state != Occurrence.State.WITHDRAWN:
        raise Refused(f"这次报送已提出台账记录（编号{proposed.pk}）", "请先撤回那条记录。")
    ledger, _ = _duty(current.scheme_id, current.duty)
    audit.record("撤销报送登记", current, acting_user=acting_user, before=_in_words(ledger, current))
    current.delete()


def _duty(scheme_id: str, duty_id: str) -> tuple[Ledger, Duty]:
    ledger = find_ledger(scheme_id)
    duties = {duty.id: duty for duty in ledger.scheme.duties} if ledger else {}
    if ledger is None or duty_id not in duties:
        raise Refused("该评价方案没有这项定期报送", "请刷新页面后重新选择。")
    return ledger, duties[duty_id]


def _due_of(duty: Duty, period: str) -> date:
    fitting = periods.is_period(period) and period in periods.periods_of(
        int(period[:4]), PARTS_IN_A_YEAR[duty.every]
    )
    if not fitting:
        raise Refused("所属时期不正确", "请刷新页面后重新选择。")
    return due_on(duty, period, days.calendar())


def _those(departments: Iterable[Department]) -> list[Department]:
    """Lock them in one order: two who tick the same units do not wait for each other in a circle."""
    wanted = [one.pk for one in departments]
    if not wanted:
        raise Refused("没有选择单位", "请勾选单位。")
    return list(Department.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))


def _record(ledger: Ledger, duty: Duty, period: str, day: date, unit: Department) -> DutyRecord:
    known = DutyRecord.objects.filter(
        scheme_id=ledger.scheme_id, duty=duty.id, period=period, department=unit
    ).first()
    return known or DutyRecord(
        scheme_id=ledger.scheme_id, duty=duty.id, period=period, department=unit, due_on=day
    )


def _propose(
    ledger: Ledger,
    duty: Duty,
    record: DutyRecord,
    *,
    said: str,
    today: date,
    now: datetime,
    acting_user: User,
) -> Occurrence:
    draft = Draft(
        department=record.department,
        value=f"{ITEM}:{duty.late}",
        day=record.due_on,
        practice=f"{periods.in_words(record.period)}{duty.label}",
        remark=said,
    )
    return enter_occurrence(
        scheme_id=ledger.scheme_id, draft=draft, today=today, now=now, acting_user=acting_user
    )


def _in_words(ledger: Ledger, record: DutyRecord) -> dict[str, str]:
    labels = {duty.id: duty.label for duty in ledger.scheme.duties}
    return {
        "单位": record.department.name,
        "报送事项": labels.get(record.duty, record.duty),
        "所属时期": periods.in_words(record.period),
        "应报日期": record.due_on.isoformat(),
        **({"台账记录编号": str(record.occurrence_id)} if record.occurrence_id else {}),
    }
