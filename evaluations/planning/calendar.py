"""The year's rounds of every active scheme: which there are, are due or late, and when to begin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from evaluations.models import Round, SchemeVersion
from evaluations.rounds import periods
from evaluations.rounds.state import ENDED
from evaluations.schemes.stored import policy_of
from evaluations.scoring.scheme import Scheme
from office.calendar import days
from office.calendar.working_time import Calendar
from office.definitions.faults import InvalidInputError

GATHERING_TAKES = 15  # working days before a period ends, a suggestion
COMPUTING_TAKES = 10  # working days after it has ended, a suggestion
FIRST_YEAR, LAST_YEAR = 2020, 2100


class Stage(StrEnum):
    """Where a period is: with a round, or without one."""

    DONE = "done"
    RUNNING = "running"
    OVERRUN = "overrun"
    LATE = "late"
    DUE = "due"
    LATER = "later"
    BEFORE = "before"

    @property
    def in_words(self) -> str:
        return STAGES[self]


STAGES = {
    Stage.DONE: "已公布",
    Stage.RUNNING: "办理中",
    Stage.OVERRUN: "办理中，已过建议日期",
    Stage.LATE: "应评未评，已逾期",
    Stage.DUE: "现在应建立",
    Stage.LATER: "未到时间",
    Stage.BEFORE: "未评",
}


@dataclass(frozen=True)
class Planned:
    """One period of a scheme, the days suggested for its round, and the rounds it has."""

    period: str
    begin_on: date
    finish_on: date
    rounds: list[Round]
    stage: Stage

    @property
    def words(self) -> str:
        return periods.in_words(self.period)

    @property
    def is_late(self) -> bool:
        return self.stage in (Stage.LATE, Stage.OVERRUN)

    @property
    def wants_a_round(self) -> bool:
        return self.stage in (Stage.LATE, Stage.DUE)


@dataclass(frozen=True)
class YearOfScheme:
    """The year of one scheme; where its text names no number of rounds, only those that there are."""

    version: SchemeVersion
    scheme: Scheme
    lines: list[Planned]
    last: Round | None  # the one a new round is made from
    is_used: bool

    @property
    def is_open(self) -> bool:
        return self.scheme.cadence.rounds_per_year is None


def year_of(year: int, today: date) -> list[YearOfScheme]:
    """Return the year of every active scheme, those in use first: three queries."""
    versions = SchemeVersion.objects.filter(is_active=True).order_by("title", "scheme_id")
    rounds: dict[str, list[Round]] = {}
    kept = Round.objects.exclude(state=Round.State.VOID).select_related("scheme_version").order_by("pk")
    for one in kept.defer("scheme_version__text"):
        rounds.setdefault(one.scheme_version.scheme_id, []).append(one)
    working_days = days.calendar()
    found = []
    for version in versions:
        if (scheme := _readable(version)) is None:
            continue
        there = rounds.get(version.scheme_id, [])
        lines = _lines(scheme, there, year, today, working_days)
        found.append(YearOfScheme(version, scheme, lines, there[-1] if there else None, bool(there)))
    return sorted(found, key=lambda one: not one.is_used)


def _readable(version: SchemeVersion) -> Scheme | None:
    try:
        return policy_of(version).defaults
    except InvalidInputError:
        return None


def _lines(
    scheme: Scheme, rounds: list[Round], year: int, today: date, working_days: Calendar
) -> list[Planned]:
    cadence = scheme.cadence.rounds_per_year
    by_period: dict[str, list[Round]] = {}
    for one in rounds:
        if periods.is_period(one.period):
            by_period.setdefault(one.period, []).append(one)
    wanted = [] if cadence is None else list(periods.periods_of(year, cadence))
    strange = [text for text in by_period if text[:4] == str(year) and text not in wanted]
    begun = min((periods.days_of(text, cadence)[0] for text in by_period), default=date.max)
    within = any(rule and rule.within_period for _, rule in scheme.needs())
    lines = []
    for period in [*wanted, *sorted(strange)]:
        first, last = periods.days_of(period, cadence)
        after = working_days.step(last, 1)
        begin_on = max(working_days.step(after, -GATHERING_TAKES), first)
        finish_on = working_days.step(after, -1) if within else working_days.step(last, COMPUTING_TAKES)
        there = by_period.get(period, [])
        stage = _stage(there, begin_on, finish_on, today, expected=first >= begun)
        lines.append(Planned(period, begin_on, finish_on, there, stage))
    return lines


def _stage(there: Iterable[Round], begin_on: date, finish_on: date, today: date, *, expected: bool) -> Stage:
    """A scheme is expected to go on from its first round; what was before that is nobody's fault."""
    states = [Round.State(one.state) for one in there]
    if states and all(state in ENDED for state in states):
        return Stage.DONE
    if states:
        return Stage.OVERRUN if finish_on < today else Stage.RUNNING
    if today < begin_on:
        return Stage.LATER
    if not expected:
        return Stage.BEFORE
    return Stage.LATE if finish_on < today else Stage.DUE


def years_around(year: int) -> tuple[int | None, int | None]:
    before, after = year - 1, year + 1
    return before if before >= FIRST_YEAR else None, after if after <= LAST_YEAR else None
