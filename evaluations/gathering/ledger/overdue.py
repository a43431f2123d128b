"""What units owe by their recurring duties in the rounds that go on; five queries, however many units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from departments.models import Department
from evaluations.gathering.ledger.book import Ledger, ledgers
from evaluations.gathering.ledger.duties import periods_before
from evaluations.models import DutyRecord, NotApplicable, Round, RoundDepartment
from evaluations.rounds import periods
from evaluations.rounds.state import ENDED
from evaluations.scoring.duties import Duty
from office.calendar import days
from office.calendar.working_time import Calendar


@dataclass(frozen=True)
class Expected:
    """One duty of one unit for one period, and what came of it."""

    ledger: Ledger
    duty: Duty
    period: str
    due_on: date
    unit: Department
    record: DutyRecord | None

    @property
    def words(self) -> str:
        return f"{self.duty.label}（{periods.in_words(self.period)}）"

    @property
    def came_on(self) -> date | None:
        return self.record.came_on if self.record else None

    def is_late(self, today: date) -> bool:
        return self.due_on < today and self.came_on is None

    def waits_for_the_centre(self, today: date) -> bool:
        """Neither noted as come nor proposed as an entry of the ledger."""
        return self.is_late(today) and (self.record is None or self.record.occurrence_id is None)


def expected(today: date, *, ahead: int = 0, unit: Department | None = None) -> list[Expected]:
    """Return what was due until today, or some days ahead, in rounds that are not yet published.

    A day that hangs on a year without a calendar is left out: lateness is never guessed.
    """
    found = {one.scheme_id: one for one in ledgers() if one.scheme.duties}
    listed = RoundDepartment.objects.filter(round__scheme_version__scheme_id__in=found)
    listed = listed.exclude(round__state__in=ENDED).order_by("round", "order", "pk")
    rows = listed.select_related("round__scheme_version", "department").defer("round__scheme_version__text")
    rounds: dict[int, Round] = {}
    units: dict[int, list[Department]] = {}
    for row in rows.filter(department=unit) if unit else rows:
        if periods.is_period(row.round.period):
            rounds[row.round_id] = row.round
            units.setdefault(row.round_id, []).append(row.department)
    if not rounds:
        return []
    ledger_of = {one.pk: found[one.scheme_version.scheme_id] for one in rounds.values()}
    spans = {key: periods.days_of(one.period, ledger_of[key].cadence) for key, one in rounds.items()}
    excused = set(
        NotApplicable.objects.filter(subject__round__in=rounds).values_list(
            "subject__round_id", "item", "subject__department_id"
        )
    )
    begins = min(first for first, _ in spans.values())
    noted = DutyRecord.objects.filter(scheme_id__in=found, due_on__gte=begins)
    records = {(one.scheme_id, one.duty, one.period, one.department_id): one for one in noted}
    calendar = days.calendar()
    owed: dict[tuple[str, str, str, int], Expected] = {}
    for key, (first, last) in spans.items():
        ledger = ledger_of[key]
        until = min(last, today + timedelta(days=ahead))
        for duty, period, day in _due(ledger, first, until, calendar):
            for each in units[key]:
                about = (ledger.scheme_id, duty.id, period, each.pk)
                if (key, duty.late, each.pk) not in excused:
                    owed[about] = Expected(ledger, duty, period, day, each, records.get(about))
    return sorted(owed.values(), key=lambda each: each.due_on)


def _due(ledger: Ledger, first: date, until: date, calendar: Calendar) -> list[tuple[Duty, str, date]]:
    found = []
    for duty in ledger.scheme.duties:
        for period in periods_before(duty, first, until):
            _, last = periods.days_of(period, None)
            day = calendar.step(last, duty.working_days)
            known = not duty.working_days or calendar.knows(day.year)
            if known and first <= day <= until:
                found.append((duty, period, day))
    return found
