"""The facts of one round: what was answered, marked and recorded about every subject. Checked when read,
plain here.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Counts = dict[str, int]
Answers = dict[str, dict[str, Counts]]
"""source → question → choice → how many"""


@dataclass(frozen=True, slots=True)
class PastResult:
    """What an earlier round said (oldest first in a history); all None where that round gave no result."""

    period: str
    grade: str | None = None
    listed: str | None = None
    rank: int | None = None
    last: bool = False

    @property
    def is_result(self) -> bool:
        """A round without a result neither adds to a streak nor breaks it."""
        return not (self.grade is None and self.listed is None and self.rank is None)


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A person who is judged (评价对象之人员)."""

    name: str
    role: str
    section: str | None = None
    answers: Answers = field(default_factory=dict)
    answers_by_stratum: dict[str, Answers] = field(default_factory=dict)
    history: tuple[PastResult, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """A section (科室) and the member who supervises it."""

    name: str
    supervised_by: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Occurrences of one item: how many and, where it is known, when, for which practice, under which title.

    ``veto`` names the veto event that this very occurrence set off.
    """

    count: int = 1
    date: str = ""
    practice: str = ""
    title: str = ""
    remark: str = ""
    veto: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one marker gave, in total and (where it was marked so) by aspect, with the remark beside it."""

    points: Fraction
    marker: str = ""
    aspects: dict[str, Fraction] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether a condition is fulfilled, with the remark beside it."""

    holds: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """The points a unit was given in its tier (方阵), and the remark beside it."""

    points: Fraction | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """All that a round knows of one subject."""

    name: str
    group: str
    sections: dict[str, SectionFacts] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)
    members: dict[str, MemberFacts] = field(default_factory=dict)
    answers_by_stratum: dict[str, Answers] = field(default_factory=dict)
    marks: dict[str, tuple[Mark, ...]] = field(default_factory=dict)
    occurrences: dict[str, tuple[Event, ...]] = field(default_factory=dict)
    not_applicable: frozenset[str] = frozenset()
    conditions: dict[str, Condition] = field(default_factory=dict)
    measures: dict[str, Fraction] = field(default_factory=dict)
    placements: dict[str, Placement] = field(default_factory=dict)
    external: dict[str, dict[str, Fraction | None]] = field(default_factory=dict)
    vetoes: tuple[str, ...] = ()
    superior_body: str = ""
    history: tuple[PastResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """One round, all subjects. ``options`` are the round's own choices, by which the defaults are
    overridden; ``shares`` its own shares of the strata, where they differ from the scheme's.
    ``withdrawn`` names who was asked about but is not judged any more, and why: it counts for nothing here,
    and whoever verifies reads it.
    """

    period: str
    options: dict[str, Any]
    subjects: dict[str, SubjectFacts]
    respondents: Counts = field(default_factory=dict)
    shares: dict[str, Fraction] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)


def pooled(answers: "list[dict[str, Counts]]") -> dict[str, Counts]:
    """Several answer tables (question → choice → count) added up into one."""
    total: dict[str, Counts] = {}
    for table in answers:
        for question, counts in table.items():
            row = total.setdefault(question, {})
            for choice, count in counts.items():
                row[choice] = row.get(choice, 0) + count
    return total
