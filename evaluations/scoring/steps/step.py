"""The base of all steps: each returns one value with its derivation."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from evaluations.scoring.case import Case, SchemeOfSteps
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.facts import Facts
from office.definitions.rule import Id, Rule, Words

Level = Literal["subject", "section", "member"]


@dataclass(slots=True)
class Needs:
    """What a step reads from the facts; facts are checked against it."""

    answers: dict[tuple[Level, str], "AnswerNeed"] = field(default_factory=dict)
    marks: dict[str, "MarkNeed"] = field(default_factory=dict)
    occurrences: dict[str, "OccurrenceNeed"] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    """A condition → the one that it excludes."""
    measures: dict[str, str] = field(default_factory=dict)
    placements: dict[str, "PlacementNeed"] = field(default_factory=dict)
    external: dict[str, "ExternalNeed"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerNeed:
    """Answers on a scale to these questions, and to any other if ``others``."""

    scale: str
    questions: dict[str, str]
    others: bool
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkNeed:
    """Marks from 0 to ``full``; ``aspects`` maps each aspect to its own full marks.

    ``single``: one mark by the office instead of a panel's.
    """

    label: str
    full: Fraction
    aspects: dict[str, Fraction] = field(default_factory=dict)
    single: bool = False
    all_or_nothing: bool = False


@dataclass(frozen=True, slots=True)
class OccurrenceNeed:
    """An item of a ledger; ``optional`` if it may not apply to a subject."""

    label: str
    points: Fraction
    optional: bool = False


@dataclass(frozen=True, slots=True)
class PlacementNeed:
    """Tiers with the points allowed in each, best first.

    ``holes_open``: points between two tiers belong to the lower one.
    """

    label: str
    tiers: tuple[tuple[Fraction, Fraction], ...]
    holes_open: bool = False

    def fits(self, tier: int, points: Fraction) -> bool:
        """Tiers are counted from 1."""
        low, high = self.tiers[tier - 1]
        below_better = self.holes_open and tier > 1 and points < self.tiers[tier - 2][0]
        return low <= points and (points <= high or below_better)


@dataclass(frozen=True, slots=True)
class ExternalNeed:
    """Figures from elsewhere, one per indicator; empty ``names`` allows any indicator."""

    label: str
    names: dict[str, str]
    full: Fraction


class Step(Rule):
    """One step of the scheme; other rules and the facts refer to it by its ``id``."""

    id: Id
    label: Words
    level: Level = "subject"
    roles: tuple[str, ...] = ()
    """The roles whose members this step judges; empty means all."""

    def needs(self) -> Needs:
        return Needs()

    def prepare(self, facts: Facts, scheme: SchemeOfSteps) -> Any:
        """Called once per round, for steps where a subject's value depends on the others."""
        return None

    def warnings(self, prepared: Any) -> list[str]:
        """Sentences for the centre, from what ``prepare`` returned."""
        return []

    def of_subject(self, case: Case) -> Derivation:
        raise NotImplementedError

    def of_section(self, case: Case, section: str) -> Derivation:
        raise NotImplementedError

    def of_member(self, case: Case, member: str) -> Derivation:
        raise NotImplementedError

    def judges(self, role: str) -> bool:
        return not self.roles or role in self.roles

    def withheld(
        self, reason: str, because: str, *parts: Derivation, answers: int | None = None
    ) -> Derivation:
        """No value; ``reason`` is a code, ``because`` the sentence."""
        return Derivation(
            label=self.label,
            clause=self.clause,
            exact=None,
            because=because,
            parts=parts,
            withheld=reason,
            readings=self.readings,
            answers=answers,
        )

    def found(
        self, value: Fraction, because: str, *parts: Derivation, answers: int | None = None
    ) -> Derivation:
        return Derivation(
            label=self.label,
            clause=self.clause,
            exact=value,
            because=because,
            parts=parts,
            readings=self.readings,
            answers=answers,
        )


class SubjectStep(Step):
    """A step with a value for whole subjects only."""

    level: Literal["subject"] = "subject"
