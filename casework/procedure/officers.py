"""What a procedure says of officers who serve firms (首席服务官): links, visits, coverage."""

from typing import Literal

from pydantic import Field

from casework.procedure.parts import Provision, Time
from office.definitions.rule import Id, Part, Words

Way = Literal["on_site", "phone", "message"]


class ObjectKind(Provision):
    """A kind of what is to be covered; `has_code`: each of it has a credit code, checked as it comes in."""

    id: Id
    label: Words
    has_code: bool = False


class Links(Provision):
    """How officers are linked, and by when the next one follows who left (接任)."""

    objects_each: int = Field(ge=1)
    officers_each: int = Field(default=1, ge=1)
    handover: Time
    linked_meanwhile: bool = True


class Visits(Provision):
    """Which visits count: by way, one a day; entered late, for the quarter of the entry."""

    a_quarter: int = Field(ge=1)
    counts: tuple[Way, ...] = Field(min_length=1)
    entered_within: Time
    only_confirmed: bool = False


class OverVisiting(Provision):
    """From how many visits on site in a month a reason is asked; by whomever they are."""

    reason_from: int = Field(ge=1)


class Choice(Part):
    id: Id
    label: Words


class Asked(Provision):
    """What is asked on a visit; who was met is a role, never a name."""

    met: tuple[Choice, ...] = Field(min_length=1)
    topics: tuple[Choice, ...] = Field(min_length=1)
    levels: tuple[Choice, ...] = Field(min_length=1)


class FieldNames(Part):
    """Which fields of the procedure hold what a visit asks of a problem."""

    level: Id | None = None
    wish: Id | None = None
    deed: Id | None = None

    def given(self) -> dict[str, str]:
        return {name: field for name, field in self if field is not None}


class ProblemChain(Provision):
    """By when a problem is reported after the visit; later limits are the clocks of the procedure."""

    channel: Id
    into: FieldNames = FieldNames()
    report_within: Time


class OfficerRules(Provision):
    """All about officers: a part that a procedure may have."""

    kinds: tuple[ObjectKind, ...] = Field(min_length=1)
    links: Links
    visits: Visits
    over_visiting: OverVisiting
    asked: Asked
    problems: ProblemChain

    def kind(self, kind: str) -> ObjectKind | None:
        return next((one for one in self.kinds if one.id == kind), None)

    def label_of_kind(self, kind: str) -> str:
        found = self.kind(kind)
        return found.label if found else kind


def labels(choices: tuple[Choice, ...]) -> dict[str, str]:
    return {one.id: one.label for one in choices}
