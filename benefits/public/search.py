"""Find items that are in force: by words or initials, class, department, and what a firm is (GY-R16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, Q, QuerySet

from benefits.catalogue.drafting import in_force
from benefits.matching.deciding import Wanted, decide
from benefits.models import Condition, ItemVersion
from benefits.rules import BenefitRules, Label
from departments.names.pinyin import initials

MOST_WORDS = 6
SEARCHED = (
    "name",
    "audience",
    "standard",
    "document_title",
    "document_number",
    "department__name",
    "item__code",
)


def kinds_of_firm(rules: BenefitRules) -> list[Label]:
    """Return the labels by which a firm finds what is for its like: those with a choice of words."""
    return [one for one in rules.labels.items if one.type == "choice"]


@dataclass(frozen=True)
class Search:
    """`firm` holds what was chosen of the firm, by label."""

    words: str = ""
    category: str = ""
    unit: int = 0
    firm: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, told: Any, rules: BenefitRules) -> Search:
        unit = told.get("unit", "")
        labels = kinds_of_firm(rules)
        return cls(
            words=" ".join(told.get("q", "")[:40].split()),
            category=told.get("category", "")[:32],
            unit=int(unit) if unit.isdecimal() and len(unit) < 10 else 0,
            firm={one.id: chosen for one in labels if (chosen := told.get(one.id, "")) in one.choices},
        )

    @property
    def query(self) -> str:
        told = {"q": self.words, "category": self.category, "unit": self.unit or "", **self.firm}
        return urlencode({name: value for name, value in told.items() if value})

    def found(self, today: date) -> list[ItemVersion]:
        rows = in_force(today).select_related("item", "department").order_by("item__code")
        if self.category:
            rows = rows.filter(category=self.category)
        if self.unit:
            rows = rows.filter(department=self.unit)
        return [one for one in self._said(rows) if self._fits(one)]

    def _said(self, rows: QuerySet[ItemVersion]) -> list[ItemVersion]:
        """All words must be found; letters may be the initials of the name: `rgjl` of 入规奖励."""
        if self.firm:
            asked = Condition.objects.filter(label__in=self.firm)
            rows = rows.prefetch_related(Prefetch("conditions", queryset=asked, to_attr="asked"))
        words = self.words.split()[:MOST_WORDS]
        letters = [one.lower() for one in words if one.isascii() and one.isalpha()]
        for one in words:
            if one.lower() not in letters:
                rows = rows.filter(_has(one))
        if not letters:
            return list(rows)
        by_text = [set(rows.filter(_has(one)).values_list("pk", flat=True)) for one in letters]
        return [
            version
            for version in rows
            if all(
                version.pk in known or letter in initials(version.name)
                for letter, known in zip(letters, by_text, strict=True)
            )
        ]

    def _fits(self, version: ItemVersion) -> bool:
        """Only what a firm of this kind cannot get is left out; what is unknown stays."""
        if not self.firm:
            return True
        wanted = [Wanted(one.label, one.test, one.value) for one in getattr(version, "asked", ())]
        return decide(wanted, self.firm).answer != "no"


def _has(word: str) -> Q:
    found = Q()
    for name in SEARCHED:
        found |= Q(**{f"{name}__icontains": word})
    return found
