"""Write what an export brings, many rows at once: one series of numbers, one reading of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils import timezone

from casework.incoming.plan import Change, IncomingPlan
from casework.incoming.rows import Row
from casework.matters import clocks, due, numbers
from casework.matters.clocks import Reckoner
from casework.matters.events import Act
from casework.matters.registration import text_mark
from casework.matters.state import WAITS_AT, State
from casework.models import Clock, HigherRecord, Matter, MatterEvent, Reporter
from casework.procedure import Procedure
from casework.procedure.words import EVENT_LABELS, Event, Stage
from casework.reporters.sealing import reporter_of
from departments.models import Department
from office.models import User

AT_ONCE = 500
ENDED_ABOVE = "上级平台已办结"


def write(plan: IncomingPlan, *, now: datetime, by: User) -> None:
    """Store everything of a plan; the caller holds the series of numbers and the transaction."""
    _add(plan, now, by)
    _update(plan, now, by)


def _add(plan: IncomingPlan, now: datetime, by: User) -> None:
    if not plan.new:
        return
    procedure = plan.version.procedure
    year = timezone.localtime(now).year
    serial = numbers.next_serial(plan.version, year)
    made = [
        _matter(plan, row, unit, year=year, serial=serial + place, by=by)
        for place, (row, unit) in enumerate(plan.new)
    ]
    matters = Matter.objects.bulk_create(made, batch_size=AT_ONCE)
    rows = [row for row, _ in plan.new]
    _records(plan, rows, matters, now)
    _seal(rows, matters)
    source = procedure.intake.channels[plan.channel]
    events, running = [], []
    for row, matter in zip(rows, matters, strict=True):
        events.append(_event(matter, Act.REGISTERED, now, by, f"来源：{source}（导入）"))
        if row.is_closed:
            events.append(_event(matter, Act.CLOSED, now, by, ENDED_ABOVE))
        else:
            running.append(matter)
    MatterEvent.objects.bulk_create(events, batch_size=AT_ONCE)
    Clock.objects.bulk_create(_clocks(procedure, running, now), batch_size=AT_ONCE)
    _refresh([matter.pk for matter in running])


def _refresh(matters: list[int]) -> None:
    for start in range(0, len(matters), AT_ONCE):
        due.refresh(matters[start : start + AT_ONCE])


def _matter(
    plan: IncomingPlan, row: Row, unit: Department | None, *, year: int, serial: int, by: User
) -> Matter:
    procedure = plan.version.procedure
    category = procedure.first_category
    return Matter(
        version=plan.version,
        procedure_id=plan.version.procedure_id,
        year=year,
        serial=serial,
        number=numbers.written(procedure.prefix, year, serial),
        higher_number=row.number,
        source=plan.channel,
        state=State.CLOSED if row.is_closed else first_state(procedure),
        title=row.title,
        text=row.text,
        about=unit,
        is_anonymous=not any(row.identity.values()),
        text_mark=text_mark(row.text),
        category=category,
        first_category=category,
        received_at=row.received_at,
        received_on=timezone.localdate(row.received_at),
        accepted_at=row.received_at if row.is_closed else None,
        closed_at=_end_of(row.closed_on, row) if row.is_closed else None,
        outcome=row.outcome,
        is_solved=_is_solved(procedure, row),
        registered_by=by,
    )


def _is_solved(procedure: Procedure, row: Row) -> bool:
    outcome = procedure.outcome(row.outcome)
    return outcome is not None and outcome.solved


def first_state(procedure: Procedure) -> Matter.State:
    """Where a matter waits that was just registered: for acceptance, or for what comes instead."""
    if procedure.has(Stage.ACCEPTANCE):
        return State.REGISTERED
    return WAITS_AT[procedure.after(Stage.REGISTRATION)]


def _end_of(day: date | None, row: Row) -> datetime:
    """A closing day has no hour; it is never before the matter came."""
    if day is None:
        return row.received_at
    return max(row.received_at, timezone.make_aware(datetime.combine(day, time())))


def _records(plan: IncomingPlan, rows: Sequence[Row], matters: Sequence[Matter], now: datetime) -> None:
    HigherRecord.objects.bulk_create(
        [
            _record(plan.channel, row, matter, now, brought_it=True)
            for row, matter in zip(rows, matters, strict=True)
        ],
        batch_size=AT_ONCE,
    )


def _record(
    channel: str, row: Row, matter: Matter, now: datetime, *, brought_it: bool = False
) -> HigherRecord:
    return HigherRecord(
        matter=matter,
        channel=channel,
        brought_it=brought_it,
        state=row.state,
        closed_on=row.closed_on,
        unit_name=row.unit,
        first_seen_at=now,
        seen_at=now,
    )


def _seal(rows: Sequence[Row], matters: Sequence[Matter]) -> None:
    sealed = []
    for row, matter in zip(rows, matters, strict=True):
        said = row.identity
        more = "，".join(filter(None, (said.get("papers"), said.get("address"))))
        found = reporter_of(
            matter=matter,
            name=said.get("name", ""),
            phone=said.get("phone", ""),
            firm=said.get("firm", ""),
            more=more,
        )
        if found is not None:
            sealed.append(found)
    Reporter.objects.bulk_create(sealed, batch_size=AT_ONCE)


def _event(matter: Matter, act: Act, now: datetime, by: User, text: str) -> MatterEvent:
    return MatterEvent(matter=matter, act=act, at=now, by=by, text=text)


def _clocks(procedure: Procedure, matters: Sequence[Matter], now: datetime) -> list[Clock]:
    """The clocks that begin with the registration here: one limit for all, because they begin together."""
    reckoner, made = Reckoner(), []
    for rule in procedure.clocks:
        if rule.begins != Event.REGISTERED or not matters:
            continue
        span = rule.span_for(procedure.first_category)
        if span is None:
            continue
        facts = {
            "rule": rule.id,
            "label": rule.label,
            "event": EVENT_LABELS[rule.begins],
            "began_at": now,
            "count": span.count,
            "unit": str(span.unit),
            "ends": str(span.ends),
        }
        first = reckoner.put(Clock(matter=matters[0], **facts))
        limit = {
            name: getattr(first, name)
            for name in ("due_at", "state", "why", "is_provisional", "rests_on", "follow_at")
        }
        made += [Clock(matter=matter, **facts, **limit) for matter in matters]
    return made


def _update(plan: IncomingPlan, now: datetime, by: User) -> None:
    """Write what the platform above owns: its state and closing day; nothing else of the matter."""
    if not plan.changes:
        return
    new, known, matters, events, ended = [], [], [], [], []
    for one in plan.changes:
        text = f"上级平台状态：{one.row.state or '—'}"
        if one.record is None:
            new.append(_record(plan.channel, one.row, one.matter, now))
        else:
            one.record.state, one.record.seen_at = one.row.state, now
            one.record.closed_on = one.row.closed_on or one.record.closed_on
            known.append(one.record)
        if one.is_first:
            one.matter.higher_number = one.row.number
            text = f"补记上级平台编号 {one.row.number}；{text}"
        if one.takes_unit:
            one.matter.about = one.about
        events.append(_event(one.matter, Act.NOTED, now, by, text))
        if one.closes:
            ended.append(one.matter.pk)
            events.append(_closed(one, now, by))
        matters.append(one.matter)
    HigherRecord.objects.bulk_create(new, batch_size=AT_ONCE)
    HigherRecord.objects.bulk_update(known, ["state", "closed_on", "seen_at"], batch_size=AT_ONCE)
    columns = ["higher_number", "about", "state", "accepted_at", "closed_at", "outcome", "is_solved"]
    Matter.objects.bulk_update(matters, columns, batch_size=AT_ONCE)
    MatterEvent.objects.bulk_create(events, batch_size=AT_ONCE)
    for start in range(0, len(ended), AT_ONCE):
        running = Clock.objects.filter(matter__in=ended[start : start + AT_ONCE], state__in=clocks.OPEN)
        running.update(state=Clock.State.VOID, asked_at=None)
    _refresh(ended)


def _closed(one: Change, now: datetime, by: User) -> MatterEvent:
    matter = one.matter
    matter.state, matter.accepted_at = State.CLOSED, matter.accepted_at or matter.received_at
    matter.closed_at = _end_of(one.row.closed_on, one.row)
    matter.outcome, matter.is_solved = one.row.outcome, _is_solved(matter.procedure, one.row)
    return _event(matter, Act.CLOSED, now, by, ENDED_ABOVE)
