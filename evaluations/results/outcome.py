"""A stored result read by name instead of by string.

Nothing is converted: every part keeps what is stored as it is, keys that this version does not know included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evaluations.models import Result
from evaluations.rounds.subject_keys import department_key

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredPart:
    """What came out for a section; without a score, `withheld` says why."""

    stored: Json

    @property
    def name(self) -> str:
        return str(self.stored["name"])

    @property
    def score(self) -> str | None:
        """The score rounded as it is published, in figures."""
        return self.stored["score"]

    @property
    def exact(self) -> str | None:
        """The score before rounding: a decimal or a fraction."""
        return self.stored["exact"]

    @property
    def withheld(self) -> str | None:
        return self.stored.get("withheld")

    @property
    def valid_answers(self) -> int | None:
        return self.stored["valid_answers"]

    @property
    def derivation(self) -> Json:
        return self.stored["derivation"]

    @property
    def flags(self) -> list[str]:
        return self.stored.get("flags", [])


@dataclass(frozen=True, slots=True)
class StoredMember(StoredPart):
    """What came out for a person, beside the facts it came from."""

    facts: Json

    @property
    def grade(self) -> str | None:
        return self.stored.get("grade")

    @property
    def grade_because(self) -> str | None:
        return self.stored.get("grade_because")

    @property
    def rank(self) -> int | None:
        return self.stored.get("rank")

    @property
    def listed(self) -> str | None:
        """On which list of the scheme the name stands: `best` or `worst`."""
        return self.stored.get("listed")

    @property
    def last(self) -> bool:
        return self.stored.get("last") is True

    @property
    def consequences(self) -> list[StoredConsequence]:
        return [StoredConsequence(one) for one in self.stored.get("consequences", [])]

    @property
    def role(self) -> str:
        return str(self.facts["role"])

    @property
    def section(self) -> str:
        """The key of the person's section; empty where the facts name none."""
        return str(self.facts.get("section", ""))


@dataclass(frozen=True, slots=True)
class StoredSubject(StoredMember):
    """What came out for a department, with its sections and members by their keys."""

    @property
    def group(self) -> str:
        return str(self.stored["group"])

    @property
    def ranked_of(self) -> int | None:
        return self.stored.get("ranked_of")

    @property
    def beside(self) -> list[Json]:
        """Derivations for information, which are no scores."""
        return list(self.stored.get("beside", {}).values())

    @property
    def post_stratified(self) -> str | None:
        """The figure weighted by the intended shares (reading 5)."""
        return (self.stored.get("beside", {}).get("post_stratified") or {}).get("value")

    @property
    def sections(self) -> dict[str, StoredPart]:
        return {key: StoredPart(one) for key, one in self.stored.get("sections", {}).items()}

    @property
    def members(self) -> dict[str, StoredMember]:
        facts = self.facts.get("members", {})
        stored = self.stored.get("members", {})
        return {key: StoredMember(one, facts.get(key, {})) for key, one in stored.items()}

    def section_name(self, key: str) -> str:
        return str(self.facts.get("sections", {}).get(key, {}).get("name", ""))


@dataclass(frozen=True, slots=True)
class StoredConsequence:
    """A proposal of the scheme: nothing is decided before the body with the power decides."""

    stored: Json

    @property
    def rule(self) -> str:
        """The id of the scheme's rule."""
        return str(self.stored["id"])

    @property
    def label(self) -> str:
        return str(self.stored["label"])

    @property
    def clause(self) -> str:
        return str(self.stored["clause"])

    @property
    def because(self) -> str:
        return str(self.stored["because"])

    @property
    def proposes(self) -> list[str]:
        return self.stored["proposes"]

    @property
    def targets(self) -> list[str]:
        return self.stored["targets"]

    @property
    def members(self) -> list[str]:
        """The keys of the persons it names."""
        return self.stored["members"]

    @property
    def annual_points(self) -> str | None:
        return self.stored.get("annual_points")

    @property
    def points_to_date(self) -> str | None:
        """The year's total after this round, where the scheme counts that way."""
        return self.stored.get("annual_points_to_date")


@dataclass(frozen=True, slots=True)
class StoredList:
    """The best and the worst of those ranked together, by their keys."""

    pool: str
    best: list[str]
    worst: list[str]
    to_confirm: list[str]


@dataclass(frozen=True, slots=True)
class StoredOutcome:
    """What was computed for a round."""

    stored: Json
    subjects: dict[str, StoredSubject]

    @classmethod
    def of(cls, result: Result) -> StoredOutcome:
        facts = result.facts.get("subjects", {})
        subjects = result.outcome["subjects"].items()
        return cls(result.outcome, {key: StoredSubject(one, facts.get(key, {})) for key, one in subjects})

    def department(self, department_id: int) -> StoredSubject:
        return self.subjects[department_key(department_id)]

    @property
    def period(self) -> str:
        return str(self.stored["period"])

    @property
    def options(self) -> Json:
        """The readings that counted: every option of the scheme with its value."""
        return self.stored["options"]

    @property
    def warnings(self) -> list[str]:
        return self.stored.get("warnings", [])

    def lists(self) -> Iterator[StoredList]:
        for pool, kept in self.stored["lists"].items():
            yield StoredList(pool, kept["best"], kept["worst"], kept["to_confirm"])
