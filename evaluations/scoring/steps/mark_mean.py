"""``mark_mean``: the mean of a panel's marks from 0 to full; the subject's own mark does not count."""

from collections import Counter
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from evaluations.scoring.case import Case
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.facts import Mark
from evaluations.scoring.steps.step import MarkNeed, Needs, SubjectStep
from office.definitions.numbers import plain
from office.definitions.rule import Id, Part, Points, Words

NO_MARKS = "no_marks"
_DIGITS = "零一二三四五六七八九十"


class Aspect(Part):
    """One aspect of a mark, with its share of the full marks."""

    label: Words
    full: Points


class Quorum(Part):
    """So many of so many who were asked have to mark, as ``at_least: 2, of: 3``."""

    at_least: int = Field(ge=1)
    of: int = Field(ge=1)

    def is_missed(self, given: int, asked: int) -> bool:
        return given * self.of < asked * self.at_least


class MarkMean(SubjectStep):
    """The mean of the marks of panel ``panel``; without any mark there is no value, not 0.

    Fewer marks than the ``quorum`` of those asked are flagged, for people to decide. ``trim`` leaves out so
    many of the highest and as many of the lowest, where there are at least ``trim_from`` marks.
    ``step`` and ``aspect_step`` are what a mark sheet goes by; scoring takes marks as they are.
    """

    kind: Literal["mark_mean"]
    panel: Id
    full: Points = Field(gt=0)
    aspects: dict[Id, Aspect] = {}
    own_mark: Literal["left_out", "counted"] = "left_out"
    quorum: Quorum | None = None
    trim: int = Field(default=0, ge=0)
    trim_from: int = Field(default=6, ge=1)
    step: Points | None = Field(default=None, gt=0)
    aspect_step: Points | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _aspects_sum(self) -> "MarkMean":
        total = sum(aspect.full for aspect in self.aspects.values())
        if self.aspects and total != self.full:
            raise ValueError(
                f"the aspects sum to {plain(Fraction(total))}; they must sum to full ({plain(self.full)})"
            )
        if self.trim and self.trim_from <= 2 * self.trim:
            raise ValueError(
                f"trim {self.trim} would leave nothing of {self.trim_from} marks; raise trim_from"
            )
        return self

    def needs(self) -> Needs:
        aspects = {key: aspect.full for key, aspect in self.aspects.items()}
        return Needs(marks={self.panel: MarkNeed(self.label, self.full, aspects)})

    def of_subject(self, case: Case) -> Derivation:
        given = case.facts.marks.get(self.panel, ())
        counted = [mark for mark in given if self.own_mark == "counted" or mark.marker != case.key]
        left_out = "；本单位给自己的评分不计" if len(counted) < len(given) else ""
        if not counted:
            return self.withheld(NO_MARKS, f"没有评分{left_out}")
        entering = self._trimmed(counted)
        value = sum((mark.points for mark in entering), Fraction(0)) / len(entering)
        because = f"{len(entering)} 份评分的平均：{_in_words(entering)}{left_out}"
        if len(entering) < len(counted):
            because += f"；收到 {len(counted)} 份，去掉最高、最低各 {self.trim} 份"
        because += self._returns(case, len(counted))
        return self.found(value, because, *self._by_aspect(entering))

    def _trimmed(self, marks: list[Mark]) -> list[Mark]:
        if not self.trim or len(marks) < self.trim_from:
            return marks
        return sorted(marks, key=lambda mark: mark.points)[self.trim : -self.trim]

    def _returns(self, case: Case, given: int) -> str:
        asked = case.facts.asked.get(self.panel)
        if asked is None:
            return ""
        told = f"；应评 {asked} 份，收到 {given} 份"
        if self.quorum and self.quorum.is_missed(given, asked):
            case.flag(f"quorum:{self.id}")
            told += f"，不足{_part_in_words(self.quorum)}"
        return told

    def _by_aspect(self, marks: list[Mark]) -> list[Derivation]:
        if not self.aspects or not all(mark.aspects for mark in marks):
            return []
        parts = []
        for key, aspect in self.aspects.items():
            mean = sum((mark.aspects[key] for mark in marks), Fraction(0)) / len(marks)
            parts.append(Derivation(aspect.label, self.clause, mean, f"满分 {plain(aspect.full)}"))
        return parts


def _in_words(marks: list[Mark]) -> str:
    """Every mark that entered the mean, the highest first and so without who gave it."""
    numbers = Counter(mark.points for mark in marks)
    terms = [
        plain(points) + (f"×{many}" if many > 1 else "")
        for points, many in sorted(numbers.items(), reverse=True)
    ]
    return f"（{' + '.join(terms)}）÷ {len(marks)}"


def _part_in_words(quorum: Quorum) -> str:
    return (
        f"{_DIGITS[quorum.of]}分之{_DIGITS[quorum.at_least]}"
        if quorum.of < len(_DIGITS)
        else f" {quorum.at_least}/{quorum.of}"
    )
