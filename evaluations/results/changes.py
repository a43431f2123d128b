"""Two computations of one round side by side, unit by unit."""

from __future__ import annotations

from dataclasses import dataclass

from evaluations.models import Result
from evaluations.results.explained import Row, ranking


@dataclass(frozen=True)
class Change:
    """What one department had before and has now."""

    name: str
    department_id: int
    before: Row | None
    after: Row | None

    @property
    def differs(self) -> bool:
        return _said(self.before) != _said(self.after)


@dataclass(frozen=True)
class Changes:
    before: Result
    after: Result
    rows: list[Change]

    @property
    def different(self) -> list[Change]:
        return [row for row in self.rows if row.differs]


def _said(row: Row | None) -> tuple[object, ...]:
    if row is None:
        return ()
    subject = row.subject
    members = {key: (one.score, one.grade) for key, one in subject.members.items()}
    return (subject.rank, subject.score, subject.grade, subject.valid_answers, members)


def changes(before: Result, after: Result) -> Changes:
    was = {row.department.department_id: row for row in ranking(before)}
    now = {row.department.department_id: row for row in ranking(after)}
    rows = [Change(row.department.name, key, was.get(key), now.get(key)) for key, row in (now | was).items()]
    return Changes(before, after, rows)


def changes_since_replaced(result: Result) -> Changes | None:
    """Return what a correction changed; None for a first computation."""
    return changes(result.replaces, result) if result.replaces else None
