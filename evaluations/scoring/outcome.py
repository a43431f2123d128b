"""The outcome of a round (结果): scores, grades, ranks and consequences with their derivations.

``to_json`` is the contract (``outcome.schema.json``); outcomes are stored in this form.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from evaluations.scoring.collecting import without_collecting
from evaluations.scoring.consequences import Proposal
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.ranking import Lists
from office.definitions.numbers import half_up, plain, shown

ENGINE = "4"
"""The version of the engine, kept with every outcome. It rises when the same scheme and facts give other
words, codes or derivations; only with its own version is a stored outcome compared in full (``agreement``).
"""


@dataclass(slots=True)
class Result:
    """The result of a section, member or subject; ``places`` is how many decimals its score has."""

    derivation: Derivation
    places: int
    name: str = ""

    @property
    def score(self) -> Fraction | None:
        """Rounded once: the value that is published, graded and ranked."""
        exact = self.derivation.exact
        return None if exact is None else half_up(exact, self.places)

    @property
    def withheld(self) -> str | None:
        """Why there is no score, as a code (``texts`` has the words)."""
        return self.derivation.withheld

    def to_json(self) -> dict[str, Any]:
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
    """A result with a grade and the consequences that follow from it."""

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
    """A proposed consequence and the ids of the members it addresses."""

    proposal: Proposal
    members: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Points are null where the policy's text leaves them open."""
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
    """A subject's result with its rank among its peers and the results of its sections and members."""

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
    """A scored round. The same scheme and facts give the same outcome, byte for byte."""

    scheme: str
    scheme_sha256: str
    period: str
    options: dict[str, Any]
    subjects: dict[str, SubjectResult]
    lists: dict[str, Lists]
    warnings: list[str]

    @without_collecting
    def to_json(self) -> dict[str, Any]:
        """Only text, whole numbers, booleans, null, lists and mappings, never a float."""
        return {
            "engine": ENGINE,
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
