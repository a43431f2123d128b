"""Whether those who answered keep the shares (YC-R5, reading 5): said while the box is open, and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from evaluations.models import Round
from evaluations.rounds.services import KINDS
from evaluations.schemes import stored as schemes
from surveys import queries

_KINDS = list(KINDS)  # in the order of the annexes
DEFAULT_TOLERANCE = 5  # points of per cent


@dataclass(frozen=True)
class Return:
    """One kind of voter, or several joined because they were few: what came back and what should."""

    name: str
    number: int
    actual: Fraction
    due: int
    strays: bool

    @property
    def percent(self) -> str:
        """Return the actual share as people write it."""
        tenths = (self.actual * 10 + Fraction(1, 2)).__floor__()
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def is_short(self) -> bool:
        """Return whether too few of this kind answered."""
        return self.strays and self.actual < self.due


def tolerance_of(round: Round) -> Fraction:
    """Return how many points of per cent a share may stray (reading 5)."""
    return Fraction(str(schemes.option_of(round, "strata_tolerance") or DEFAULT_TOLERANCE))


def returns_of(round: Round, numbers: Mapping[str, int]) -> list[Return]:
    """Compare the shares of the returns with those planned, with the scheme's tolerance."""
    total = sum(numbers.values())
    tolerance = tolerance_of(round)
    seen = {kind for joined in numbers for kind in joined.split("+")}
    every = {**numbers, **{kind: 0 for kind in round.shares if kind not in seen and round.shares[kind]}}
    found = []
    for joined, number in sorted(every.items(), key=lambda one: _KINDS.index(one[0].split("+")[0])):
        kinds = joined.split("+")
        due = sum(round.shares.get(kind, 0) for kind in kinds)
        actual = Fraction(100 * number, total) if total else Fraction(0)
        strays = bool(total) and abs(actual - due) > tolerance
        found.append(Return("、".join(KINDS[kind] for kind in kinds), number, actual, due, strays))
    return found


def returned(round_: Round, turnout: queries.Turnout | None, *, counted: bool) -> dict[str, int]:
    """Return the votes by kind: those counted, else last night's rounded figures."""
    if counted:
        return queries.valid_ballots(round_.survey)  # type: ignore[arg-type]
    return turnout.by_kind if turnout else {}
