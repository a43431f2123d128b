"""Several people in one grid: each changes cells; the same cell changed by two is nobody's to overwrite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluations.gathering.entries.grid import Grid, TypedRow
from evaluations.gathering.entries.stored import rows_of
from evaluations.models import Channel, Entry, RoundDepartment
from office import dates
from office.workbooks.sheets import tidy

Pages = Mapping[int, TypedRow]


@dataclass(frozen=True)
class Clash:
    """A cell that was typed into while somebody else changed it."""

    subject: RoundDepartment
    place: tuple[str, str]
    label: str
    typed: str
    now: str
    changed_by: str

    def __str__(self) -> str:
        cell = f"{self.subject.name}“{self.label}”"
        return f"{cell}：您填的是{_said(self.typed)}，{self.changed_by}{_said(self.now)}。"

    @property
    def note(self) -> str:
        """The same beside the cell, which shows what is stored now."""
        return (
            f"{self.changed_by}{_said(self.now)}，您填的{_said(self.typed)}没有保存。确需更改的，请重新填写"
        )


@dataclass(frozen=True)
class Merged:
    """What somebody typed, against what the page had shown and what is stored now."""

    typed: dict[int, TypedRow]
    clashes: list[Clash]
    by_others: list[str]  # cells that others changed and that stay as they are


def merge(channel: Channel, grid: Grid, sent: Pages, seen: Pages | None) -> Merged:
    """Take from what was sent only what differs from the page shown (`seen`); None: whatever was sent."""
    if seen is None:
        return Merged(dict(sent), [], [])
    entries = list(channel.entries.select_related("subject", "entered_by").order_by("entered_at", "id"))
    stored = rows_of(entries)
    found = Merged({}, [], [])
    for subject in channel.round.departments.all():
        was = seen.get(subject.pk, TypedRow())
        now = grid.texts(stored.get(subject.pk, {}))
        mine = sent.get(subject.pk, TypedRow()).differing_from(was)
        for place, label in grid.places().items():
            if now.at(place) == was.at(place):
                continue
            text = mine.at(place)
            if text is None or grid.means(place, text) == now.at(place):
                found.by_others.append(f"{subject.name}“{label}”")
                continue
            by = _changed_by(entries, subject, place)
            found.clashes.append(Clash(subject, place, label, tidy(text), str(now.at(place) or ""), by))
            mine = mine.without(place)
        if mine != TypedRow():
            found.typed[subject.pk] = mine
    return found


def _changed_by(entries: Iterable[Entry], subject: RoundDepartment, place: tuple[str, str]) -> str:
    of_unit = [one for one in entries if one.subject_id == subject.pk]
    of_cell = [one for one in of_unit if place[0] == "value" and one.item == place[1]]
    last = (of_cell or of_unit)[-1:]
    return f"{last[0].entered_by}已于{dates.moment(last[0].entered_at)}改为" if last else "他人已改为"


def _said(text: str) -> str:
    return f"“{text[:60]}”" if text else "空白"
