"""What a mark sheet asks: units down, aspects or one total across, each from 0 to full in steps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from evaluations.gathering.services import label_of
from evaluations.models import Panel
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.steps.mark_mean import MarkMean
from office.definitions.numbers import plain

Marks = dict[str, dict[str, str]]
"""Key of a unit → key of a column → the mark as decimal text; what is blank is not in it."""
Cell = tuple[str, str]
TOTAL = "total"
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?\Z")
_SHORT = 20


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    full: Fraction
    step: Fraction | None

    @property
    def full_text(self) -> str:
        return plain(self.full)

    @property
    def step_text(self) -> str:
        return plain(self.step) if self.step else ""

    @property
    def says(self) -> str:
        grain = f"，以{plain(self.step)}为单位" if self.step else ""
        return f"0—{plain(self.full)}分{grain}"

    def read(self, typed: str) -> str | None:
        """The mark in what was typed, None for a blank; ValueError says what is wrong with it."""
        text = unicodedata.normalize("NFKC", typed).strip().replace("。", ".")
        if not text:
            return None
        if not _NUMBER.match(text):
            raise ValueError(f"“{typed.strip()[:_SHORT]}”不是分数，请填0至{plain(self.full)}的数字")
        value = Fraction(text)
        if value > self.full:
            raise ValueError(f"{plain(value)}超过满分{plain(self.full)}")
        if self.step and (value / self.step).denominator != 1:
            raise ValueError(f"{plain(value)}不是{plain(self.step)}的倍数")
        return plain(value)


@dataclass(frozen=True)
class Unit:
    key: str
    name: str
    department_id: int


@dataclass(frozen=True)
class SheetForm:
    label: str
    columns: tuple[Column, ...]
    units: tuple[Unit, ...]

    @property
    def by_aspect(self) -> bool:
        return self.columns[0].key != TOTAL

    @property
    def full(self) -> Fraction:
        return sum((column.full for column in self.columns), Fraction(0))

    def cells(self) -> list[Cell]:
        return [(unit.key, column.key) for unit in self.units for column in self.columns]

    def name_of(self, cell: Cell) -> str:
        unit = next(one.name for one in self.units if one.key == cell[0])
        column = next(one for one in self.columns if one.key == cell[1])
        return f"{unit}，{column.label}" if self.by_aspect else unit

    def read(self, typed: Mapping[Cell, str]) -> tuple[dict[Cell, str | None], list[str]]:
        """The marks in what was typed, and the faults; a cell that is not on the sheet is one."""
        columns = {column.key: column for column in self.columns}
        known = set(self.cells())
        found: dict[Cell, str | None] = {}
        faults: list[str] = []
        for cell, text in typed.items():
            if cell not in known:
                faults.append("有本表以外的内容")
                continue
            try:
                found[cell] = columns[cell[1]].read(text)
            except ValueError as fault:
                faults.append(f"{self.name_of(cell)}：{fault}")
        return found, list(dict.fromkeys(faults))


def step_of(panel: Panel) -> MarkMean:
    """The step of the scheme for which the panel marks."""
    name = panel.channel.need.partition(".")[2]
    steps = scheme_of(panel.channel.round).steps
    return next(step for step in steps if isinstance(step, MarkMean) and step.panel == name)


def has_aspects(panel: Panel) -> bool:
    return bool(step_of(panel).aspects)


def form_of(panel: Panel, *, without: int | None = None) -> SheetForm:
    """The sheet of a panel; `without` is the marker's own unit, which is not on it.

    Under a reading that counts marks for oneself the own unit is on the sheet.
    """
    step = step_of(panel)
    if step.own_mark == "counted":
        without = None
    if step.aspects and panel.by_aspect:
        columns = tuple(
            Column(key, aspect.label, aspect.full, step.aspect_step) for key, aspect in step.aspects.items()
        )
    else:
        columns = (Column(TOTAL, "得分", step.full, step.step),)
    rows = panel.channel.round.departments.all()
    units = tuple(
        Unit(department_key(row.department_id), row.name, row.department_id)
        for row in rows
        if row.department_id != without
    )
    return SheetForm(label_of(panel.channel), columns, units)


def changed(marks: Marks, cells: Mapping[Cell, str | None]) -> Marks:
    """The marks with some cells set or blanked."""
    found = {unit: dict(row) for unit, row in marks.items()}
    for (unit, column), value in cells.items():
        row = found.setdefault(unit, {})
        if value is None:
            row.pop(column, None)
        else:
            row[column] = value
    return {unit: row for unit, row in found.items() if row}


def fitting(marks: Marks, form: SheetForm) -> Marks:
    """The marks without units and columns that are no longer on the sheet."""
    known = set(form.cells())
    kept = {
        unit: {key: value for key, value in row.items() if (unit, key) in known}
        for unit, row in marks.items()
    }
    return {unit: row for unit, row in kept.items() if row}


def zeros(marks: Marks) -> int:
    return sum(value == "0" for row in marks.values() for value in row.values())


def half_marked(marks: Marks, form: SheetForm) -> list[str]:
    """Units that have some aspects marked and others not."""
    return [unit.name for unit in form.units if 0 < len(marks.get(unit.key, {})) < len(form.columns)]


def total_of(row: Mapping[str, str]) -> Fraction:
    return sum((Fraction(value) for value in row.values()), Fraction(0))
