"""What a year comes to for a unit or a person: each point once, totals as totals, and which runs go on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby, takewhile
from operator import attrgetter
from typing import Literal, NamedTuple

from evaluations.models import Disposition, ToleranceCase
from evaluations.models.consequences import effect_in_words
from evaluations.rounds import periods
from evaluations.scoring.consequences import LISTED_WORDS
from office.definitions.numbers import signed

State = Disposition.State
COUNTED = frozenset({State.DECIDED, State.SERVED, State.IN_FORCE, State.FULFILLED, State.LAPSED})
NOT_COUNTED_WORDS = {
    State.PROPOSED: "待决定，未计入",
    State.SET_ASIDE: "不予实施，不计",
    State.WITHDRAWN: "已撤销，不计",
}
PERSONAL = frozenset({"self", "supervisor_of_section", "principal", "own_section"})
NOTHING = Decimal(0)
Effect = Literal["in_force", "lapsed", "without_time"]


class Registered(NamedTuple):
    """A row of the register, as far as an account needs it; in the order of `queries.ENTRY`."""

    id: int
    register_year: int
    register_serial: int
    department: int
    staff_member: int | None
    person_name: str
    person_post: str
    target: str
    rule: str
    label: str
    because: str
    word: str
    kind: str
    points: Decimal | None
    points_are_total: bool
    year: int
    state: str
    body: str
    number: str
    decided_on: date | None
    effect_from: date | None
    effect_until: date | None
    reason: str
    round: int
    period: str
    round_title: str
    scheme: str
    scheme_title: str
    superior_body: str
    tolerance: str

    @property
    def register_number(self) -> str:
        return f"{self.register_year}-{self.register_serial:04d}"

    @property
    def is_about_a_person(self) -> bool:
        return self.target in PERSONAL

    @property
    def points_in_words(self) -> str:
        return "—" if self.points is None else _said(self.points)

    @property
    def counts(self) -> bool:
        """Decided and standing: a proposal has no effect, nor has what was set aside or withdrawn."""
        return self.state in COUNTED

    @property
    def state_in_words(self) -> str:
        return State(self.state).label

    @property
    def effect_in_words(self) -> str:
        return effect_in_words(self.effect_from, self.effect_until)

    @property
    def tolerance_in_words(self) -> str:
        """What was decided on tolerance; points and cards it changes by a new result alone."""
        return ToleranceCase.State(self.tolerance).label if self.tolerance else ""

    @property
    def standing_in_words(self) -> str:
        state = self.why_not_counted or self.state_in_words
        return f"{state}；{self.tolerance_in_words}" if self.tolerance else state

    @property
    def why_not_counted(self) -> str:
        return NOT_COUNTED_WORDS.get(State(self.state), "")

    def effect_on(self, day: date) -> Effect:
        """By its days, not by its state: what has run out is no longer in force, whoever noted it."""
        if self.effect_until is None:
            return "without_time"
        return "lapsed" if self.effect_until < day else "in_force"


class Stood(NamedTuple):
    """How a round left a unit or a person; in the order of `queries.STOOD`."""

    department: int
    staff_member: int | None
    round: int
    year: int
    ends_on: date
    grade: str
    score: str
    rank: int | None
    listed: str
    name: str
    period: str
    round_title: str
    scheme: str
    scheme_title: str

    @property
    def listed_in_words(self) -> str:
        return LISTED_WORDS.get(self.listed, "")

    @property
    def period_in_words(self) -> str:
        return periods.in_words(self.period)

    @property
    def said(self) -> str:
        """One round in a few words, for a table of many units."""
        place = f"第{self.rank}名" if self.rank and not self.grade else ""
        how = "，".join(one for one in (self.grade, place, self.listed_in_words) if one)
        return f"{self.round_title}：{how or '没有评定'}"


@dataclass(frozen=True, slots=True)
class Points:
    """What counts, and by how much it would change if everything that waits were decided as proposed."""

    counted: Decimal = NOTHING
    pending: Decimal = NOTHING

    @property
    def counted_in_words(self) -> str:
        return _said(self.counted)

    @property
    def pending_in_words(self) -> str:
        return _said(self.pending) if self.pending else "—"


def _said(points: Decimal) -> str:
    """−10, +0.5, 0: signed as the policies do, without idle zeros."""
    return signed(Fraction(points))


def points_of(entries: Iterable[Registered]) -> Points:
    """Reckon one unit's or person's points of one year.

    Points that are the year's total to date stand for all before them: of one rule the last counts, never
    the sum. A later total that waits counts as what it would add.
    """
    counted = pending = NOTHING
    totals: dict[tuple[str, str], list[Registered]] = {}
    for one in entries:
        if one.points is None:
            continue
        if one.points_are_total:
            totals.setdefault((one.scheme, one.rule), []).append(one)
        elif one.counts:
            counted += one.points
        elif one.state == State.PROPOSED:
            pending += one.points
    for rows in totals.values():
        rows.sort(key=lambda one: (one.period, one.round))
        stands = next((one.points or NOTHING for one in reversed(rows) if one.counts), NOTHING)
        last = next((one for one in reversed(rows) if one.counts or one.state == State.PROPOSED), None)
        counted += stands
        if last is not None and last.points is not None:
            pending += last.points - stands
    return Points(counted, pending)


def runs_of(stood: Sequence[Stood]) -> list[str]:
    """Say which runs go on at the end: the same list or grade in the last rounds of a scheme that had one.

    Only what is shown; whether a run sets anything off was for the scheme's own rule to say.
    """
    said = []
    by_scheme = attrgetter("scheme")
    for _, rows in groupby(sorted(stood, key=by_scheme), key=by_scheme):
        back = sorted(rows, key=attrgetter("ends_on", "round"), reverse=True)
        if back[0].listed:
            many = _run(back, "listed")
            said += [f"连续{many}次{back[0].listed_in_words}"] if many > 1 else []
        graded = [one for one in back if one.grade]
        if graded and (many := _run(graded, "grade")) > 1:
            said.append(f"连续{many}次评定为{graded[0].grade}")
    return said


def _run(back: list[Stood], what: str) -> int:
    read = attrgetter(what)
    return sum(1 for _ in takewhile(lambda one: read(one) == read(back[0]), back))


@dataclass
class Account:
    """One unit's or person's year."""

    department: int
    name: str
    staff_member: int | None = None
    post: str = ""
    year: int = 0
    stood: list[Stood] = field(default_factory=list)
    entries: list[Registered] = field(default_factory=list)
    behind: list[Stood] = field(default_factory=list)
    """Every round of all years, this one and later ones included."""

    @cached_property
    def runs(self) -> list[str]:
        return runs_of([one for one in self.behind if one.year <= self.year])

    @property
    def points(self) -> Points:
        return points_of(self.entries)

    @property
    def cards(self) -> int:
        return sum(1 for one in self.entries if one.kind == "card" and one.counts)

    @property
    def pending_cards(self) -> int:
        return sum(1 for one in self.entries if one.kind == "card" and one.state == State.PROPOSED)

    @property
    def times_best(self) -> int:
        return sum(1 for one in self.stood if one.listed == "best")

    @property
    def times_worst(self) -> int:
        return sum(1 for one in self.stood if one.listed == "worst")
