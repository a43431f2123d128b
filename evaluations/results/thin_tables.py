"""What the centre reads of a result: tables of answers from five on, no cell of a kind of voter below that.

Smaller tables are people. Whoever recounts with the key, the inspectorate, sees them all (reading 11).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evaluations.publication import UnitRules
from evaluations.publication.department import DepartmentCase
from evaluations.publication.figures import Answers
from evaluations.publication.rules import Rules
from evaluations.publication.unit_parts import Leaf
from evaluations.results.outcome import StoredPart, StoredSubject
from evaluations.scoring.facts import Facts
from evaluations.scoring.scheme import Scheme

Json = dict[str, Any]
LEAST = 5
FEW = f"有效评价少于{LEAST}人次，不列明细"
POOLED = f"含有效评价少于{LEAST}人次的人员，不列明细"
TOGETHER = "合并计算"


class CentreTables:
    """The tables of one department, without those that are too thin or would give such a one away."""

    def __init__(self, subject: StoredSubject, key: str, rules: Rules, scheme: Scheme) -> None:
        self.subject = subject
        self.case = DepartmentCase(key, subject.stored, subject.facts, rules, "all")
        answers = {one: self.case.answers_of(one) for one in subject.members}
        self.thin = {one: found for one, found in answers.items() if found.total and found.n < LEAST}
        labels = {
            one: f"{member.name}（{scheme.role_label(member.role)}）"
            for one, member in subject.members.items()
        }
        self.thin_labels = {labels[one] for one in self.thin}
        self.pooled_labels = {
            subject.section_name(one) for one in subject.sections if self.hides_section(one)
        }
        if self._left_over(self.thin):
            self.pooled_labels.add(TOGETHER)

    def is_thin(self, member: str) -> bool:
        return member in self.thin

    def hides_section(self, section: str) -> bool:
        """Whether a section's mean would give away those in it whose answers are not listed."""
        inside = [one for one in self.thin if self.subject.members[one].section == section]
        return self._left_over(inside)

    def hides_leader(self, member: str) -> bool:
        """Whether a score taken from sections would say the mean of one that is hidden."""
        return any(self.hides_section(section) for section in self.case.supervised_by(member))

    def _left_over(self, members: Iterable[str]) -> bool:
        return 0 < sum(self.thin[one].total for one in members) < LEAST

    def member(self, key: str, derivation: Json) -> Json:
        if self.hides_leader(key):
            return {**_without(derivation, POOLED), "value": None}
        return _without(derivation, FEW) if self.is_thin(key) else self.tree(derivation)

    def section(self, key: str, derivation: Json) -> Json:
        return {**_without(derivation, POOLED), "value": None} if self.hides_section(key) else derivation

    def tree(self, node: Json) -> Json:
        if node["label"] in self.thin_labels:
            return _without(node, FEW)
        if node["label"] in self.pooled_labels:
            return {**_without(node, POOLED), "value": None}
        return {**node, "parts": [self.tree(part) for part in node["parts"]]}

    def beside(self, nodes: list[Json]) -> list[Json]:
        """Means by kind of voter: all kinds or none, and never how a kind chose."""
        strata = {name: self.stratum(name) for name in self.case.strata_names()}
        thin = any(0 < answers.total < LEAST for answers in strata.values())
        if thin or self._left_over(self.thin):  # beside the other people's tables the rest would be theirs
            return []
        return [{**node, "parts": [_without(part, "") for part in node["parts"]]} for node in nodes]

    def stratum(self, name: str) -> Answers:
        return self.case.stratum(name)

    def valid_answers(self, key: str, part: StoredPart) -> int | str | None:
        return f"少于{LEAST}" if self.is_thin(key) else part.valid_answers


FEW_PARTS = f"少于{LEAST}份，不列明细"
HOLDS_FEW = f"含少于{LEAST}份的部分，不列算式"


def unit_tree(rules: UnitRules, key: str, subject: StoredSubject, facts: Facts) -> Json:
    """A unit's derivation for the centre, without what fewer than five answered or marked in secret."""
    thin = {id(leaf.stored) for leaf in thin_parts(rules, key, subject, facts)}

    def tree(node: Json) -> tuple[Json, bool]:
        if id(node) in thin:
            is_whole = node is subject.derivation
            return {**_without(node, FEW_PARTS), **({} if is_whole else {"value": None})}, True
        found = [tree(part) for part in node["parts"]]
        holds = any(is_thin for _, is_thin in found)
        because = HOLDS_FEW if holds else node["because"]
        return {**node, "because": because, "parts": [part for part, _ in found]}, holds

    return tree(subject.derivation)[0]


def thin_parts(rules: UnitRules, key: str, subject: StoredSubject, facts: Facts) -> list[Leaf]:
    """The secret parts of a unit that fewer than five gave."""
    leaves = rules.leaves(key, subject.derivation, facts.subjects[key])
    return [leaf for leaf in leaves if leaf.is_secret and leaf.secret and leaf.secret.n < LEAST]


def _without(node: Json, because: str) -> Json:
    return {**node, "because": because, "parts": []}
