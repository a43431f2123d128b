"""Two computations of one round side by side, unit by unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from evaluations.gathering.services import label_of
from evaluations.models import Appeal, Correction, Result
from evaluations.results.explained import Row, ranking
from evaluations.results.outcome import StoredOutcome
from evaluations.results.public import judges_persons, unit_rules_of
from evaluations.results.thin_tables import unit_tree
from evaluations.rounds.subject_keys import department_of


@dataclass(frozen=True)
class Change:
    """What one department had before and has now."""

    name: str
    department_id: int
    before: Row | None
    after: Row | None
    parts: list[tuple[str, str, str]] = field(default_factory=list)
    """Which parts of a unit's score changed: label, before, after."""
    because: str = ""
    """What was corrected about this unit; that of the whole computation where nothing is noted of it."""

    @property
    def differs(self) -> bool:
        return _said(self.before) != _said(self.after)


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


def _changed_parts(
    was: dict[int, dict[str, str]], now: dict[int, dict[str, str]]
) -> dict[int, list[tuple[str, str, str]]]:
    return {
        key: [
            (label, was[key].get(label, "—"), now[key].get(label, "—"))
            for label in (now[key] | was[key])
            if was[key].get(label) != now[key].get(label)
        ]
        for key in was.keys() & now.keys()
    }


def _parts_of(result: Result) -> dict[int, dict[str, str]]:
    """Each unit's parts as the centre reads them: nothing that fewer than five gave in secret."""
    rules = unit_rules_of(result)
    facts = rules.read(result.facts)
    subjects = StoredOutcome.of(result).subjects.items()
    return {department_of(key): _parts(unit_tree(rules, key, one, facts)) for key, one in subjects}


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
    persons = judges_persons(after)
    parts = {} if persons else _changed_parts(_parts_of(before), _parts_of(after))
    why = _corrections(before, after)
    rows = [
        Change(
            row.department.name,
            key,
            was.get(key),
            now.get(key),
            parts.get(key, []),
            why.get(key) or _because(after, was.get(key), now.get(key), corrected=bool(why)),
        )
        for key, row in (now | was).items()
    ]
    return Changes(before, after, rows, persons)


ONLY_THE_RANK = "本单位的得分没有变化，名次随其他单位的更正而变化"


def _because(after: Result, was: Row | None, now: Row | None, *, corrected: bool) -> str:
    if corrected and was and now and was.subject.exact == now.subject.exact:
        return ONLY_THE_RANK
    return after.reason


def _corrections(before: Result, after: Result) -> dict[int, str]:
    """Return what was corrected between the two results, by department."""
    of = {"result__round": after.round_id, "result__number__range": (before.number, after.number - 1)}
    found = {} if judges_persons(after) else _corrected_units(after, of)
    appeals = Appeal.objects.filter(**of, calls_for_result=True)
    upheld: dict[int, list[str]] = {}  # an appeal says the same, and that it was upheld
    for department, said in appeals.order_by("pk").values_list("round_department__department", "correction"):
        upheld.setdefault(department, []).append(f"申诉已采纳，{said}")
    return {key: "；".join(lines) for key, lines in (found | upheld).items()}


def _corrected_units(after: Result, of: dict[str, Any]) -> dict[int, list[str]]:
    withdrawn = after.round.departments.filter(is_judged=False)
    found = {
        department: [f"不再参评：{reason}"]
        for department, reason in withdrawn.values_list("department_id", "reason_not_judged")
    }
    agreed = Correction.objects.filter(**of).exclude(agreed_by=None)
    for one in agreed.select_related("channel__round__scheme_version", "subject"):
        found.setdefault(one.subject.department_id, []).append(f"更正“{label_of(one.channel)}”：{one.reason}")
    return found


def changes_since_replaced(result: Result) -> Changes | None:
    """Return what a correction changed; None for a first computation."""
    return changes(result.replaces, result) if result.replaces else None
