"""Compare the votes of each kind with the intended shares (YC-R5, reading 5), during the vote and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from evaluations.models import Round
from evaluations.rounds.channels import holds_shares
from evaluations.rounds.state import survey_of
from evaluations.rounds.voters import voter_kinds
from evaluations.schemes.stored import option_of
from surveys import queries

DEFAULT_TOLERANCE = 5  # points of per cent


@dataclass(frozen=True)
class Share:
    """The share of one kind of voter, or of several joined because they were few, and what is due."""

    name: str
    number: int
    actual: Fraction
    due: int | None  # None where no shares are held
    strays: bool

    @property
    def percent(self) -> str:
        tenths = (self.actual * 10 + Fraction(1, 2)).__floor__()
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def is_short(self) -> bool:
        return self.strays and self.actual < (self.due or 0)


def tolerance_of(round: Round) -> Fraction:
    """Return how many points of per cent a share may stray (reading 5)."""
    return Fraction(str(option_of(round, "strata_tolerance") or DEFAULT_TOLERANCE))


def shares_of(round: Round, votes: Mapping[str, int]) -> list[Share]:
    """Return the share of each kind, in the order of the annexes; `votes` may join kinds with a plus sign."""
    total = sum(votes.values())
    if not holds_shares(round):
        return [
            Share(
                name, number, Fraction(100 * number, total) if total else Fraction(0), due=None, strays=False
            )
            for kind, name in voter_kinds(round).items()
            for number in [votes.get(kind, 0)]
        ]
    names = queries.entity_kinds()
    order = list(names)
    tolerance = tolerance_of(round)
    seen = {kind for joined in votes for kind in joined.split("+")}
    every = {**votes, **{kind: 0 for kind in round.shares if kind not in seen and round.shares[kind]}}
    found = []
    for joined, number in sorted(every.items(), key=lambda one: order.index(one[0].split("+")[0])):
        kinds = joined.split("+")
        due = sum(round.shares.get(kind, 0) for kind in kinds)
        actual = Fraction(100 * number, total) if total else Fraction(0)
        strays = bool(total) and abs(actual - due) > tolerance
        found.append(Share("、".join(names[kind] for kind in kinds), number, actual, due, strays))
    return found


def votes_of(round_: Round, turnout: queries.Turnout | None, *, counted: bool) -> dict[str, int]:
    """Return the votes by kind: those counted; while the box is open, last night's rounded figures."""
    if counted:
        return queries.valid_ballots(survey_of(round_))
    return turnout.by_kind if turnout else {}
