"""The public view of a result: a tree of what may be shown. Code that renders it adds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluations.publication.figures import TOO_FEW, Figure, Share
from evaluations.publication.rules import Saying

ALL, TOP_GRADES, NONE = "all", "top_grades", "none"
HIDDEN_PART, VETOED, NO_BALLOTS = "hidden_part", "vetoed", "no_ballots"
"""Why a shown score has no interval: a part that voters gave is not shown alone; the grade is by a veto; so
few ballots touched the unit (or nobody knows how many) that not even their band is shown."""


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """A person on the frozen list, in display order."""

    id: str
    name: str
    post: str
    section: str


@dataclass(frozen=True, slots=True)
class RosterDepartment:
    """A department on the frozen list, in 机构序列 order, with its people."""

    id: str
    name: str
    group: str
    persons: tuple[RosterPerson, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """One line of a public derivation: rule, clause, value as shown; never a count or an exact value."""

    label: str
    clause: str
    says: str
    value: str = ""
    parts: tuple[Node, ...] = ()
    because: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class PublicPerson:
    """A person with what may be shown of the result; `basis` is the rule behind the score."""

    id: str
    name: str
    post: str
    figure: Figure
    basis: Saying


@dataclass(frozen=True, slots=True)
class PublicSection:
    """A section's people and, if each has too few answers, the section's pooled figure."""

    id: str
    name: str
    persons: tuple[PublicPerson, ...]
    figure: Figure | None = None

    @property
    def listed(self) -> list[PublicPerson]:
        """Only who has something to show: names without it would say by elimination what they are not."""
        return [person for person in self.persons if person.figure.is_shown]


@dataclass(frozen=True, slots=True)
class StratumFigure:
    """The score that one stratum of voters gave a department."""

    stratum: str
    score: str
    band: str


@dataclass(frozen=True, slots=True)
class Likely:
    """How sure a published score is: its 95 % interval, whether the grade survives it, what ranks it leaves.

    Made from what is published and nothing else, so it says no more than that (`publication.likely`).
    """

    low: str
    high: str
    steady: bool | None = None  # None where there is no grade
    best_rank: int | None = None
    worst_rank: int | None = None

    @property
    def is_wide(self) -> bool:
        """False where nothing of the score was sampled."""
        return self.low != self.high


@dataclass(frozen=True, slots=True)
class SampledPart:
    """A published part of a unit's score that some answered and others might have: value, scale, fewest."""

    weight: str
    value: str
    low: str
    high: str
    fewest: int


@dataclass(frozen=True, slots=True)
class PublicDepartment:
    """A department's public result."""

    id: str
    name: str
    group: str
    figure: Figure
    rank: int | None
    tied: bool
    ranked_of: int
    distribution: tuple[Share, ...] | None
    strata: tuple[StratumFigure, ...] | None
    post_stratified: str | None
    derivation: Node
    sections: tuple[PublicSection, ...] = ()
    ballots: str | None = None  # the band of the ballots that say anything of it
    notes: tuple[str, ...] = ()
    is_ranked: bool = True  # False where the scheme gives no rank, such as after a veto
    likely: Likely | None = None
    sampled: tuple[SampledPart, ...] | None = None  # None where such a part is not published
    no_range: str = ""  # why a shown score has no interval, one of the codes above

    @property
    def persons(self) -> list[PublicPerson]:
        return [person for section in self.sections for person in section.persons]

    @property
    def listed(self) -> list[PublicPerson]:
        return [person for section in self.sections for person in section.listed]

    @property
    def others(self) -> str:
        """How many of the department's people are not listed, and why."""
        silent = [person.figure.note for person in self.persons if not person.figure.is_shown]
        if not silent:
            return ""
        which = "其余" if self.listed else ""
        if set(silent) == {TOO_FEW}:
            return f"{which}{len(silent)}人样本不足，不公布成绩。"
        return f"{which}{len(silent)}人的结果已送达本人或样本不足。"


@dataclass(frozen=True, slots=True)
class PublicGroup:
    """A peer group; departments by rank, tied and unranked ones in 机构序列 order."""

    name: str
    departments: tuple[PublicDepartment, ...]

    @property
    def has_bands(self) -> bool:
        return any(one.figure.band for one in self.departments)


@dataclass(frozen=True, slots=True)
class PublicList:
    """The best and the worst of those ranked together, by name."""

    pool: str
    best: tuple[str, ...]
    worst: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicView:
    """Everything the public sees of a round; fields with defaults are for schemes without persons."""

    groups: tuple[PublicGroup, ...]
    persons_public: str
    judges_persons: bool = True
    has_grades: bool = True
    lists: tuple[PublicList, ...] = ()
    unit: str = "单位"

    @property
    def departments(self) -> list[PublicDepartment]:
        return [department for group in self.groups for department in group.departments]


@dataclass(frozen=True, slots=True)
class Shown:
    """A view that readers have or will have of the same round, and what it was made from."""

    outcome: Mapping[str, Any]
    facts: Mapping[str, Any]
    view: PublicView
