"""Two computations of one round side by side, unit by unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evaluations.models import Result
from evaluations.results.explained import Row, ranking
from evaluations.results.public import judges_persons


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

    @property
    def parts(self) -> list[tuple[str, str, str]]:
        """Which parts of a unit's score changed: label, before, after."""
        if not self.before or not self.after or self.after.subject.members:
            return []
        was, now = (_parts(row.subject.derivation) for row in (self.before, self.after))
        return [
            (label, was.get(label, "—"), now.get(label, "—"))
            for label in (now | was)
            if was.get(label) != now.get(label)
        ]


@dataclass(frozen=True)
class Changes:
    before: Result
    after: Result
    rows: list[Change]
    judges_persons: bool = True

    @property
    def different(self) -> list[Change]:
        return [row for row in self.rows if row.differs]


def _said(row: Row | None) -> tuple[object, ...]:
    if row is None:
        return ()
    subject = row.subject
    members = {key: (one.score, one.grade) for key, one in subject.members.items()}
    parts = [_values(part) for part in subject.derivation["parts"]] if not members else []
    return (subject.rank, subject.score, subject.grade, subject.valid_answers, members, parts)


def _parts(node: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in node["parts"]:
        found[part["label"]] = part["value"] or "—"
        found |= _parts(part)
    return found


def _values(node: dict[str, Any]) -> tuple[object, ...]:
    return (node["label"], node["exact"], [_values(part) for part in node["parts"]])


def changes(before: Result, after: Result) -> Changes:
    was = {row.department.department_id: row for row in ranking(before)}
    now = {row.department.department_id: row for row in ranking(after)}
    rows = [Change(row.department.name, key, was.get(key), now.get(key)) for key, row in (now | was).items()]
    return Changes(before, after, rows, judges_persons(after))


def changes_since_replaced(result: Result) -> Changes | None:
    """Return what a correction changed; None for a first computation."""
    return changes(result.replaces, result) if result.replaces else None
