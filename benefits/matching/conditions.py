"""The conditions of the versions in force, read once for many firms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from benefits.catalogue.drafting import in_force
from benefits.matching.deciding import Verdict, Wanted, decide
from benefits.models import Condition, ItemVersion


@dataclass(frozen=True)
class Matchable:
    """A version that asks for labels; what stands in words alone is checked by the window."""

    version: ItemVersion
    wanted: tuple[Wanted, ...]
    says: Mapping[str, str]  # the condition of each label, in words
    by_window: tuple[str, ...]

    @property
    def key(self) -> int:
        return self.version.pk

    def decide(self, known: Mapping[str, str]) -> Verdict:
        return decide(self.wanted, known)


def matchable(today: date, *versions: int) -> list[Matchable]:
    """Return the versions in force that can be matched; one that asks for no label would fit every firm."""
    found = in_force(today).select_related("item", "department").prefetch_related("conditions")
    if versions:
        found = found.filter(pk__in=versions)
    read = (_read(one) for one in found.order_by("item__code"))
    return [one for one in read if one.wanted]


def _read(version: ItemVersion) -> Matchable:
    wanted: list[Wanted] = []
    says: dict[str, str] = {}
    by_window: list[str] = []
    for one in version.conditions.all():
        if one.test == Condition.Test.WORDS or not one.label:
            by_window.append(one.says)
            continue
        wanted.append(Wanted(one.label, one.test, one.value))
        says.setdefault(one.label, one.says)
    return Matchable(version, tuple(wanted), says, tuple(by_window))
