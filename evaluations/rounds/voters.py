"""Who votes by ballot in a round: everybody as one, kinds that hold shares, or panels that give marks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from evaluations.models import Channel, Round
from evaluations.rounds.channels import holds_shares
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.steps.mark_mean import MarkMean
from office.definitions.numbers import plain
from surveys import queries

MARKS = "marks."


@dataclass(frozen=True)
class VoterPanel:
    """A panel whose marks come from slips; `who` names its voters, as the scheme does."""

    id: str
    label: str
    who: str
    full: Fraction
    step: Fraction

    def marks(self) -> list[Fraction]:
        """Every mark it may give, the highest first; a mark below the last whole step is 0."""
        steps = int(self.full / self.step)
        found = {self.step * at for at in range(steps + 1)} | {self.full}
        return sorted(found, reverse=True)

    @property
    def full_text(self) -> str:
        return plain(self.full)

    @property
    def step_text(self) -> str:
        return plain(self.step)

    def words(self) -> list[str]:
        return [plain(mark) for mark in self.marks()]


def panels_by_ballot(round: Round) -> list[VoterPanel]:
    """Return the panels that mark by slip in this round, in the order of its scheme."""
    scheme = scheme_of(round)
    by_slip = set(
        round.channels.filter(kind=Channel.Kind.BALLOT, need__startswith=MARKS).values_list("need", flat=True)
    )
    steps = {step.panel: step for step in scheme.steps if isinstance(step, MarkMean)}
    found = []
    for need, rule in scheme.needs():
        if need.key in by_slip:
            step = steps[need.name]
            who = rule.who if rule else need.label
            grain = Fraction(step.step) if step.step else Fraction(1)
            found.append(VoterPanel(need.name, need.label, who, Fraction(step.full), grain))
    names = [one.who for one in found]
    if len(set(names)) < len(names):  # two panels of the same people: told apart by what they are called
        return [VoterPanel(one.id, one.label, one.label, one.full, one.step) for one in found]
    return found


def voter_kinds(round: Round) -> dict[str, str]:
    """Return {kind of voter: its name}; each kind has slips of its own."""
    if panels := panels_by_ballot(round):
        return {one.id: one.who for one in panels}
    return queries.voter_kinds(shares=holds_shares(round))
