"""Count what was rated in a period: one query however many ratings, then sums by unit or by window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.db.models import Count, Q

from ratings.models import Rating, RatingCode
from ratings.rules import RatingRules

State = Rating.State


@dataclass
class Tally:
    """What one place, window or unit was given; nothing is turned into a score here.

    `counted` is {(with ticket, level, aspects): how many}; `received` and `received_bad` are what
    came for this place, moved and excluded ones included, as the register goes on showing them; what is
    excluded counts against the place it came for, too, wherever it was moved meanwhile.
    """

    counted: Counter[tuple[bool, str, str]] = field(default_factory=Counter)
    held: int = 0
    excluded: int = 0
    excluded_bad: int = 0
    received: int = 0
    received_bad: int = 0
    moved_away: int = 0
    moved_here: int = 0

    def add(self, other: Tally) -> None:
        self.counted.update(other.counted)
        for name in (
            "held",
            "excluded",
            "excluded_bad",
            "received",
            "received_bad",
            "moved_away",
            "moved_here",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def number(self) -> int:
        return sum(self.counted.values())

    @property
    def with_ticket(self) -> int:
        return sum(n for (has_ticket, _, _), n in self.counted.items() if has_ticket)

    @property
    def without_ticket(self) -> int:
        return self.number - self.with_ticket

    def levels(self, rules: RatingRules, *, tickets_only: bool = False) -> dict[str, int]:
        """Return {level: how many}, best first, zeros included."""
        found = dict.fromkeys(rules.words, 0)
        for (has_ticket, level, _), n in self.counted.items():
            if (has_ticket or not tickets_only) and level in found:
                found[level] += n
        return found

    def bad(self, rules: RatingRules) -> int:
        return sum(self.levels(rules)[word] for word in rules.bad_words)

    def excluded_share(self) -> Fraction | None:
        """Which part of the bad ratings that came was excluded; None where none came."""
        return Fraction(self.excluded_bad, self.received_bad) if self.received_bad else None

    def is_watched(self, rules: RatingRules) -> bool:
        """Whether so many bad ratings were excluded that the inspectorate is told."""
        share = self.excluded_share()
        return share is not None and share * 100 > rules.excluding.watch_above_percent

    def answers(self, rules: RatingRules, *, tickets_only: bool = False) -> dict[str, dict[str, int]]:
        """Return {question: {level: how many}} as a round's facts have it.

        Where a scheme asks about aspects, who did not rate an aspect apart is counted there with the level
        of the whole; without aspects the question is `overall`.
        """
        if not rules.aspect_ids:
            return {"overall": self.levels(rules, tickets_only=tickets_only)}
        found = {one: dict.fromkeys(rules.words, 0) for one in rules.aspect_ids}
        for (has_ticket, level, aspects), n in self.counted.items():
            if tickets_only and not has_ticket:
                continue
            apart = read_aspects(aspects)
            for one in rules.aspect_ids:
                said = apart.get(one, level)
                if said in found[one]:
                    found[one][said] += n
        return found


def read_aspects(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if part)
    return {name: level for name, _, level in pairs}


def aspects_in_words(rules: RatingRules, text: str) -> list[tuple[str, str]]:
    """Return what was rated apart, each with its label."""
    labels = {one.id: one.label for one in rules.aspects.items} if rules.aspects else {}
    return [(labels.get(one, one), level) for one, level in read_aspects(text).items()]


def tallies(
    first: date, last: date, rules_id: str, rules: RatingRules, only: Collection[int] | None = None
) -> dict[int, Tally]:
    """Return {code: its tally} for a period, both days included, codes that died in it as well.

    With `only`, what came to these codes or was moved to them; tallies of other codes are then not whole.
    """
    rated = Rating.objects.filter(day__range=(first, last), code__rules_id=rules_id)
    if only is not None:
        rated = rated.filter(Q(code__in=only) | Q(moved_from__in=only))
    rows = (
        rated.order_by()
        .values_list("code_id", "moved_from_id", "state", "has_ticket", "level", "aspects")
        .annotate(n=Count("pk"))
    )
    found: dict[int, Tally] = {}
    for code, moved_from, state, has_ticket, level, aspects, n in rows:
        tally = found.setdefault(code, Tally())
        came_to = tally if moved_from is None else found.setdefault(moved_from, Tally())
        is_bad = level in rules.bad_words
        came_to.received += n
        came_to.received_bad += n * is_bad
        if moved_from is not None:
            came_to.moved_away += n
            tally.moved_here += n
        if state == State.COUNTED:
            tally.counted[has_ticket, level, aspects] += n
        elif state == State.HELD:
            tally.held += n
        else:
            came_to.excluded += n
            came_to.excluded_bad += n * is_bad
    return found


def by_unit(found: Mapping[int, Tally], codes: Iterable[RatingCode]) -> dict[int, Tally]:
    """Return {unit: its tally}; a window counts for the unit that staffs it and for itself as one judged."""
    sums: dict[int, Tally] = {}
    for code in codes:
        tally = found.get(code.pk)
        if tally is None:
            continue
        judged = {code.unit_id, code.window.unit_id if code.window else None}
        for unit in judged - {None}:
            sums.setdefault(int(unit or 0), Tally()).add(tally)
    return sums


def codes_of(rules_id: str) -> list[RatingCode]:
    """Return every code that can be rated under these rules, dead ones as well."""
    rows = RatingCode.objects.filter(rules_id=rules_id).exclude(kind=RatingCode.Kind.WALL)
    return list(rows.select_related("window__hall", "window__department", "unit"))


def units_tallies(first: date, last: date, rules_id: str, rules: RatingRules) -> dict[int, Tally]:
    return by_unit(tallies(first, last, rules_id, rules), codes_of(rules_id))
