"""The facts of one round: what was answered, marked and recorded about every subject.

These are plain values; ``facts_reader`` checks them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

V = TypeVar("V")

Counts = dict[str, int]
Answers = dict[str, dict[str, Counts]]
"""source → question → choice → how many"""


@dataclass(frozen=True, slots=True)
class PastResult:
    """The result of an earlier round; all None where that round gave no result."""

    period: str
    grade: str | None = None
    listed: str | None = None
    rank: int | None = None
    last: bool = False

    @property
    def year(self) -> str:
        return self.period[:4]

    @property
    def is_result(self) -> bool:
        """A round without a result is skipped in a streak, or breaks it (``Streaks``)."""
        return self.last or not (self.grade is None and self.listed is None and self.rank is None)


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
    """A section (科室) and the id of the member who supervises it."""

    name: str
    supervised_by: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Occurrences of one ledger item: how many and, where known, date, practice, title and remark.

    ``veto`` names the veto event that this occurrence set off. ``repeated``: how many more times the same
    practice stands here, which do not count.
    """

    count: int = 1
    date: str = ""
    practice: str = ""
    title: str = ""
    remark: str = ""
    veto: str = ""
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """The points one marker gave, in total and, where marked so, by aspect."""

    points: Fraction
    marker: str = ""
    aspects: dict[str, Fraction] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether a condition is fulfilled."""

    holds: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """The points a unit was given within its tier (方阵)."""

    points: Fraction | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """Everything a round knows about one subject; ``asked``: panel → how many were to mark it."""

    name: str
    group: str
    sections: dict[str, SectionFacts] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)
    members: dict[str, MemberFacts] = field(default_factory=dict)
    answers_by_stratum: dict[str, Answers] = field(default_factory=dict)
    marks: dict[str, tuple[Mark, ...]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
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
    """One round with all its subjects.

    ``options``: the options this round chose instead of the defaults. ``shares``: the round's own shares of
    the strata in per cent, where they differ from the scheme's. ``withdrawn``: who was asked about but is no
    longer judged → the reason; scoring ignores it, the verifier of a count reads it. ``named_scheme``: the
    scheme that the facts name, which a caller may overrule.
    """

    period: str
    options: dict[str, Any]
    subjects: dict[str, SubjectFacts]
    respondents: Counts = field(default_factory=dict)
    shares: dict[str, Fraction] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)
    named_scheme: str = ""


def in_order(mapping: Mapping[str, V], known: Iterable[str] = ()) -> dict[str, V]:
    """The same with its keys in one fixed order: as the scheme names them, then short before long, then by
    letters.

    A database may return keys in an order of its own, so nothing that is computed may depend on theirs.
    """
    first = [key for key in known if key in mapping]
    others = sorted(mapping.keys() - set(first), key=key_order) if len(first) < len(mapping) else []
    return {key: mapping[key] for key in (*first, *others)}


def canonical(data: Any) -> Any:
    """Plain values with all mappings in one fixed order of keys."""
    if isinstance(data, dict):
        return {key: canonical(data[key]) for key in sorted(data, key=key_order)}
    return [canonical(one) for one in data] if isinstance(data, list) else data


def key_order(key: str) -> tuple[int, str]:
    """Puts ``p9`` before ``p10``."""
    return len(key), key


def pooled(answers: "list[dict[str, Counts]]") -> dict[str, Counts]:
    """Several answer tables (question → choice → count) summed into one."""
    total: dict[str, Counts] = {}
    for table in answers:
        for question, counts in table.items():
            row = total.setdefault(question, {})
            for choice, count in counts.items():
                row[choice] = row.get(choice, 0) + count
    return total
