"""The ledger as a list: filtered by unit, item, state and period, and added up by unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Max, Min, QuerySet

from departments.models import Department
from evaluations.gathering.ledger.book import ITEM, Ledger, LedgerRule, rules_of, value_of
from evaluations.gathering.ledger.cost import Reckoning, Total, total_of
from evaluations.models import Occurrence
from evaluations.rounds import periods
from evaluations.scoring import InvalidInputError

State = Occurrence.State


@dataclass(frozen=True)
class Row:
    """An entry with its rule; None where the active scheme has no such item."""

    occurrence: Occurrence
    rule: LedgerRule | None

    @property
    def label(self) -> str:
        return self.rule.label if self.rule else self.occurrence.item

    @property
    def does_not_count(self) -> bool:
        """Whether its title has none of the words that the scheme asks for."""
        return self.rule is not None and not self.rule.takes(self.occurrence.title)


@dataclass(frozen=True)
class Filters:
    """What was chosen; what is not understood filters nothing."""

    unit: int | None = None
    value: str = ""
    state: str = ""
    period: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        unit, state, period = query.get("unit", ""), query.get("state", ""), query.get("period", "")
        return cls(
            unit=int(unit) if unit.isdecimal() and len(unit) < 10 else None,
            value=query.get("item", "") if ":" in query.get("item", "") else "",
            state=state if state in State.values else "",
            period=period if periods.is_period(period) else "",
        )

    def of(self, ledger: Ledger) -> QuerySet[Occurrence]:
        found = Occurrence.objects.filter(scheme_id=ledger.scheme_id)
        if self.unit is not None:
            found = found.filter(department=self.unit)
        if self.value:
            kind, _, item = self.value.partition(":")
            found = found.filter(item=item, is_veto=kind != ITEM)
        if self.state:
            found = found.filter(state=self.state)
        if self.period:
            found = found.filter(day__range=periods.days_of(self.period, ledger.cadence))
        return found.select_related("department", "entered_by", "confirmed_by", "withdrawn_by")

    def query(self) -> str:
        """Return the filters as an address has them."""
        given = {"unit": self.unit or "", "item": self.value, "state": self.state, "period": self.period}
        return urlencode({name: value for name, value in given.items() if value})


def rows_of(ledger: Ledger, found: QuerySet[Occurrence] | list[Occurrence]) -> list[Row]:
    rules = ledger.rules
    return [Row(one, rules.get(value_of(one.item, is_veto=one.is_veto))) for one in found]


def periods_there(ledger: Ledger, today: date) -> list[tuple[str, str]]:
    """Return the periods from the first entry to today, the newest first, with their words."""
    ends = Occurrence.objects.filter(scheme_id=ledger.scheme_id).aggregate(first=Min("day"), last=Max("day"))
    first, last = ends["first"] or today, max(ends["last"] or today, today)
    found = [
        text
        for year in range(first.year, last.year + 1)
        for text in periods.periods_of(year, ledger.cadence)
        if periods.days_of(text, ledger.cadence)[0] <= last
        and first <= periods.days_of(text, ledger.cadence)[1]
    ]
    return [(text, periods.in_words(text)) for text in reversed(found)]


@dataclass(frozen=True)
class UnitTotal:
    """A unit's entries of one period added up; `total` is None where they fit the scheme no more."""

    unit: Department
    confirmed: int
    waiting: int
    total: Total | None


def totals(reckoning: Reckoning, found: QuerySet[Occurrence] | list[Occurrence]) -> list[UnitTotal]:
    """Add up by unit what is confirmed; what waits is counted beside it."""
    by_unit: dict[Department, list[Occurrence]] = {}
    known = rules_of(reckoning.policy.decide(reckoning.options))
    for one in found:
        by_unit.setdefault(one.department, []).append(one)
    result = []
    for unit in sorted(by_unit, key=lambda unit: (unit.order, unit.pk)):
        confirmed = [one for one in by_unit[unit] if one.state == State.CONFIRMED]
        fitting = all(value_of(one.item, is_veto=one.is_veto) in known for one in confirmed)
        try:
            total = total_of(reckoning, unit.peer_group, confirmed) if fitting else None
        except InvalidInputError:
            total = None
        waiting = sum(one.state == State.ENTERED for one in by_unit[unit])
        result.append(UnitTotal(unit, len(confirmed), waiting, total))
    return result
