"""What importing a roster would do, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from departments.models import Section, StaffMember
from office.imports.plan import ImportPlan
from office.workbooks.sheets import Fault, paragraph, squeeze

CREATED, CHANGED, UNCHANGED, MISSING = "新增", "变更", "未变", "名单中未出现"
PEOPLE, SECTIONS, DEPARTMENTS, ITEMS = "人员", "科（室）", "单位", "事项"
TOLD_OF_NEW = (
    "kind",
    "post",
    "office_phone",
    "note",
    "responsibilities",
    "work_rules",
    "service_words",
    "procedure",
    "time_limit",
)


@dataclass(frozen=True)
class Change:
    """What happens to one thing, in words: 人员, 张三（县某局 某科）, 变更, 职务：甲 → 乙."""

    what: str
    label: str
    action: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.action}{self.what} {self.label}" + (
            f"：{'；'.join(self.details)}" if self.details else ""
        )


@dataclass
class Plan(ImportPlan):
    """Everything an import would write, what it finds wrong, and what it takes note of."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    new: list[models.Model] = field(default_factory=list)
    altered: list[tuple[models.Model, tuple[str, ...]]] = field(default_factory=list)
    leaders: list[tuple[Section, StaffMember]] = field(default_factory=list)  # of new sections

    @property
    def writes(self) -> bool:
        return bool(self.new or self.altered)

    def counts(self) -> dict[str, dict[str, int]]:
        """Count the changes: {人员: {新增: 434, …}, …}."""
        tally = Counter((change.what, change.action) for change in self.changes)
        return {
            what: {action: tally[what, action] for action in (CREATED, CHANGED, UNCHANGED, MISSING)}
            for what in (DEPARTMENTS, SECTIONS, PEOPLE, ITEMS)
        }

    def lines(self) -> Iterable[str]:
        return [*map(str, self.changes), *self.notes, *map(str, self.faults)]

    def add(self, what: str, label: str, thing: models.Model) -> None:
        """Plan a new thing; its preview tells what would be stored."""
        self.new.append(thing)
        details = [
            f"{_field(thing, name).verbose_name}：{_worded(thing, name, value)}"
            for name in TOLD_OF_NEW
            if (value := getattr(thing, name, "")) not in (None, "")
        ]
        self.changes.append(Change(what, label, CREATED, tuple(details)))

    def settle(self, what: str, label: str, thing: models.Model, wanted: dict[str, object]) -> None:
        """Plan to give the stored `thing` the `wanted` values, as far as they differ."""
        details, names = [], []
        for name, value in wanted.items():
            old = getattr(thing, name)
            if not _says_the_same(old, value):
                names.append(name)
                heading = str(_field(thing, name).verbose_name)
                details.append(f"{heading}：{_worded(thing, name, old)} → {_worded(thing, name, value)}")
                setattr(thing, name, value)
        if names:
            self.altered.append((thing, tuple(names)))
        self.changes.append(Change(what, label, CHANGED if names else UNCHANGED, tuple(details)))


def _says_the_same(stored: object, wanted: object) -> bool:
    """Compare texts without the line ends and blanks that a form adds."""
    if isinstance(stored, str) and isinstance(wanted, str):
        stored, wanted = paragraph(stored), paragraph(wanted)
        if "\n" not in stored + wanted:
            return squeeze(stored) == squeeze(wanted)
    return stored == wanted


def in_order(stored: Sequence[tuple[int, int] | None]) -> list[int]:
    """Return the places of things as a workbook lists them; `stored` holds each one's order and key.

    What already stands in this order keeps its figures, gaps included, so that only a real change of
    order is a change. None stands for something new.
    """
    known = [place for place in stored if place is not None]
    if len(known) == len(stored) and known == sorted(known):
        return [order for order, _ in known]
    return list(range(1, len(stored) + 1))


def _worded(thing: models.Model, name: str, value: object) -> str:
    if value in (None, ""):
        return "（空）"
    choices = dict(_field(thing, name).flatchoices)
    return str(choices.get(value, value) if isinstance(value, str) else value)


def _field(thing: models.Model, name: str) -> Any:
    return thing._meta.get_field(name)
