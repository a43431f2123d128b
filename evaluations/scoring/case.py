"""One subject on its way through the steps: its facts, the round around it, and what earlier steps found."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evaluations.scoring.derivation import Derivation
from evaluations.scoring.facts import Facts, MemberFacts, SubjectFacts

if TYPE_CHECKING:
    from evaluations.scoring.scheme import Scheme


@dataclass(slots=True)
class Case:
    """Steps read it and never change it, but for ``flag``: the engine files what each step returns."""

    key: str
    facts: SubjectFacts
    around: Facts
    scheme: "Scheme"
    prepared: dict[str, Any]
    subject: dict[str, Derivation] = field(default_factory=dict)
    sections: dict[str, dict[str, Derivation]] = field(default_factory=dict)
    members: dict[str, dict[str, Derivation]] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)

    def flag(self, text: str) -> None:
        """Note once what a reader of the result must know."""
        if text not in self.flags:
            self.flags.append(text)

    def member_result(self, member: str) -> Derivation | None:
        """The result of the one step that judged this member, as the scheme's ``score`` names them."""
        for step in self.scheme.score.member:
            if found := self.members[step].get(member):
                return found
        return None

    def members_in(self, section: str) -> list[MemberFacts]:
        """The members of one section."""
        return [member for member in self.facts.members.values() if member.section == section]
