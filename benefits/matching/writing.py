"""Decide on some firms and write what changed of their matches; doing it twice changes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from benefits.firms.many_rows import insert_rows
from benefits.matching.conditions import Matchable
from benefits.models import FirmLabel, Match

AT_ONCE = 2000
INSERT = "INSERT INTO benefits_match (version_id, firm_id, answer, label)"
Key = tuple[int, int]  # version, firm
Held = tuple[int, bool]  # a firm and whether it is cancelled, its row locked by the caller


class Stored(NamedTuple):
    pk: int
    answer: str
    label: str
    is_pushed: bool


def write_matches(firms: Sequence[Held], items: Sequence[Matchable]) -> Counter[str]:
    """Store yes and unknown; a match that was pushed stays so as long as its answer does."""
    keys = [firm for firm, _ in firms]
    decided, said = _decided(firms, items)
    new: list[tuple[int, int, str, str]] = []
    altered: defaultdict[tuple[str, str, bool], list[int]] = defaultdict(list)
    stored = _stored(keys)
    for (version, firm), (answer, label) in decided.items():
        old = stored.pop((version, firm), None)
        if old is None:
            new.append((version, firm, answer, label))
        elif (old.answer, old.label) != (answer, label):
            altered[answer, label, old.is_pushed and old.answer != answer].append(old.pk)
    for some in _some([one.pk for one in stored.values()]):
        Match.objects.filter(pk__in=some).delete()
    for (answer, label, again), changed in altered.items():
        values = {"answer": answer, "label": label, **({"pushed_on": None} if again else {})}
        for some in _some(changed):
            Match.objects.filter(pk__in=some).update(**values)
    insert_rows(INSERT, new)
    return said


def _decided(
    firms: Sequence[Held], items: Sequence[Matchable]
) -> tuple[dict[Key, tuple[str, str]], Counter[str]]:
    known: defaultdict[int, dict[str, str]] = defaultdict(dict)
    labels = FirmLabel.objects.filter(firm__in=[firm for firm, _ in firms])
    for firm, label, value in labels.values_list("firm", "label", "value"):
        known[firm][label] = value
    decided: dict[Key, tuple[str, str]] = {}
    said: Counter[str] = Counter()
    for firm, is_cancelled in firms:
        for one in () if is_cancelled else items:
            verdict = one.decide(known[firm])
            said[verdict.answer] += 1
            if verdict.answer != "no":
                decided[one.key, firm] = (verdict.answer, verdict.label)
    return decided, said


def _stored(firms: list[int]) -> dict[Key, Stored]:
    rows = Match.objects.filter(firm__in=firms).values_list(
        "version", "firm", "pk", "answer", "label", "pushed_on"
    )
    return {
        (version, firm): Stored(pk, answer, label, pushed_on is not None)
        for version, firm, pk, answer, label, pushed_on in rows.iterator()
    }


def _some(keys: list[int]) -> list[list[int]]:
    return [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]
