"""One subject on its way through the steps: its facts, its round, and the values of earlier steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from evaluations.scoring.derivation import Derivation
from evaluations.scoring.facts import Facts, MemberFacts, SubjectFacts
from evaluations.scoring.scales import Scale


class StepOfScheme(Protocol):
    """What a step may know of the other steps."""

    @property
    def label(self) -> str: ...

    @property
    def level(self) -> str: ...

    def judges(self, role: str) -> bool: ...


class SchemeOfSteps(Protocol):
    """What a step may ask its scheme. A scheme is made of steps, so no step can import ``scheme.Scheme``."""

    @property
    def answer_scales(self) -> Mapping[str, Scale]: ...

    @property
    def steps(self) -> Sequence[StepOfScheme]: ...

    def step(self, step_id: str) -> StepOfScheme: ...

    def role_label(self, role: str) -> str: ...


@dataclass(slots=True)
class Case:
    """Steps only read it and call ``flag``; the engine stores what each step returns.

    ``subject``: step id → value; ``sections`` and ``members``: step id → section or member id → value.
    ``prepared``: step id → what the step's ``prepare`` returned for the round.
    """

    key: str
    facts: SubjectFacts
    round_facts: Facts
    scheme: SchemeOfSteps
    prepared: dict[str, Any]
    subject: dict[str, Derivation] = field(default_factory=dict)
    sections: dict[str, dict[str, Derivation]] = field(default_factory=dict)
    members: dict[str, dict[str, Derivation]] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)

    def flag(self, text: str) -> None:
        """Record once a code that readers of the result must see (``texts.FLAGS`` has the words)."""
        if text not in self.flags:
            self.flags.append(text)

    def members_in(self, section: str) -> list[MemberFacts]:
        return [member for member in self.facts.members.values() if member.section == section]
