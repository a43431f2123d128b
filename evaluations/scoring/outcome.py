"""The outcome of a round (结果): scores, grades, ranks and consequences, each with its derivation.
``to_json`` is the contract.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from evaluations.scoring.collecting import without_collecting
from evaluations.scoring.consequences import Proposal
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.numbers import half_up, plain, shown
from evaluations.scoring.ranking import Lists


@dataclass(slots=True)
class Result:
    """What came out for a section, a member or a subject; without a score, ``withheld`` says why."""

    derivation: Derivation
    places: int
    name: str = ""

    @property
    def score(self) -> Fraction | None:
        """The score, rounded once: what is published, graded and ranked."""
        exact = self.derivation.exact
        return None if exact is None else half_up(exact, self.places)

    @property
    def withheld(self) -> str | None:
        """Why there is no score."""
        return self.derivation.withheld

    def to_json(self) -> dict[str, Any]:
        """Score, unrounded score, reason without one, answers and derivation."""
        exact = self.derivation.exact
        return {
            "name": self.name,
            "score": None if exact is None else shown(exact, self.places),
            "exact": None if exact is None else plain(exact),
            "withheld": self.withheld,
            "valid_answers": self.derivation.answers,
            "derivation": self.derivation.to_json(self.places),
        }


@dataclass(slots=True)
class GradedResult(Result):
    """A result with a grade and what follows from it."""

    grade: str | None = None
    grade_because: str | None = None
    consequences: list["AddressedProposal"] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return Result.to_json(self) | {
            "grade": self.grade,
            "grade_because": self.grade_because,
            "consequences": [consequence.to_json() for consequence in self.consequences],
            "flags": list(self.flags),
        }


@dataclass(frozen=True, slots=True)
class AddressedProposal:
    """A proposal consequence and the members it reaches by name."""

    proposal: Proposal
    members: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As the contract has it; the points that the text leaves open are null."""
        rule, to_date = self.proposal.rule, self.proposal.points_to_date
        return {
            "id": rule.id,
            "label": rule.label,
            "clause": rule.clause,
            "because": self.proposal.because,
            "targets": list(rule.targets),
            "members": list(self.members),
            "proposes": list(rule.proposes),
            "annual_points": None if rule.annual_points is None else plain(rule.annual_points),
            "annual_points_to_date": None if to_date is None else plain(to_date),
        }


@dataclass(slots=True)
class SubjectResult(GradedResult):
    """A subject's result with its place among its peers and the results of its sections and members."""

    group: str = ""
    rank: int | None = None
    ranked_of: int | None = None
    listed: str | None = None
    last: bool = False
    beside: dict[str, Derivation] = field(default_factory=dict)
    sections: dict[str, Result] = field(default_factory=dict)
    members: dict[str, GradedResult] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return GradedResult.to_json(self) | {
            "group": self.group,
            "rank": self.rank,
            "ranked_of": self.ranked_of,
            "listed": self.listed,
            "last": self.last,
            "beside": {key: figure.to_json(self.places) for key, figure in self.beside.items()},
            "sections": {key: section.to_json() for key, section in self.sections.items()},
            "members": {key: member.to_json() for key, member in self.members.items()},
        }


@dataclass(slots=True)
class Outcome:
    """A whole round, scored. The same scheme and facts always give the same outcome, byte for byte."""

    scheme: str
    scheme_sha256: str
    period: str
    options: dict[str, Any]
    subjects: dict[str, SubjectResult]
    lists: dict[str, Lists]
    warnings: list[str]

    @without_collecting
    def to_json(self) -> dict[str, Any]:
        """The outcome as plain values: text, whole numbers, lists and mappings, never a float."""
        return {
            "scheme": self.scheme,
            "scheme_sha256": self.scheme_sha256,
            "period": self.period,
            "options": self.options,
            "subjects": {key: subject.to_json() for key, subject in self.subjects.items()},
            "lists": {
                pool: {"best": found.best, "worst": found.worst, "to_confirm": found.to_confirm}
                for pool, found in self.lists.items()
            },
            "warnings": self.warnings,
        }
