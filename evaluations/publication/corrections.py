"""Corrections: the difference between two publications must not single out a voter.

A corrected result is published next to everything published before. If the answers behind a figure
differ from an earlier publication by fewer than `k`, the two numbers together would reveal what those few
voters said. Such a figure keeps its grade and loses number, band and distribution.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evaluations.publication.rules import Rules


def isolating(facts: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]], rules: Rules) -> frozenset[str]:
    """The ids of the members and departments whose new figure must not be shown as a number.

    A department with such a member is one itself: its mean and the other members' scores would reveal the
    difference. `department/stratum` is the id of one stratum of a department.
    """
    tables = dict(_tables(facts))
    found: set[str] = set()
    for past in earlier:
        before = dict(_tables(past))
        for key in tables.keys() | before.keys():
            if 0 < _changed(tables.get(key, {}), before.get(key, {})) < rules.k:
                found.add(key)
    for subject, node in facts["subjects"].items():
        if found & node.get("members", {}).keys():
            found.add(subject)
    return frozenset(found)


def _changed(now: Mapping[Any, int], before: Mapping[Any, int]) -> int:
    """How many answers differ; an answer that moved to another choice counts once."""
    changes = [now.get(cell, 0) - before.get(cell, 0) for cell in now.keys() | before.keys()]
    return max(sum(c for c in changes if c > 0), -sum(c for c in changes if c < 0))


def _tables(facts: Mapping[str, Any]) -> Iterator[tuple[str, dict[Any, int]]]:
    for subject, node in facts["subjects"].items():
        members = node.get("members", {})
        whole = cells_of(node.get("answers", {}), subject)
        strata: dict[str, dict[Any, int]] = {}
        for key, one in (*members.items(), (subject, node)):
            for stratum, answers in one.get("answers_by_stratum", {}).items():
                strata.setdefault(stratum, {}).update(cells_of(answers, key))
        for member, person in members.items():
            cells = cells_of(person.get("answers", {}), member)
            whole.update(cells)
            yield member, cells
        yield subject, whole
        for stratum, cells in strata.items():
            yield f"{subject}/{stratum}", cells


def cells_of(answers: Mapping[str, Any], key: str) -> dict[Any, int]:
    return {
        (key, source, question, choice): count
        for source, questions in answers.items()
        for question, counts in questions.items()
        for choice, count in counts.items()
        if count
    }
