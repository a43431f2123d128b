"""``mark_mean``: the mean of a panel's marks from 0 to full; the subject's own mark does not count."""

from collections import Counter
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from evaluations.scoring.case import Case
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.facts import Mark
from evaluations.scoring.numbers import plain
from evaluations.scoring.rule import Id, Part, Points, Words
from evaluations.scoring.steps.step import MarkNeed, Needs, SubjectStep

NO_MARKS = "no_marks"


class Aspect(Part):
    """One aspect of a mark, with its share of the full marks."""

    label: Words
    full: Points


class MarkMean(SubjectStep):
    """The mean of the marks of panel ``panel``; without any mark there is no value, not 0."""

    kind: Literal["mark_mean"]
    panel: Id
    full: Points = Field(gt=0)
    aspects: dict[Id, Aspect] = {}
    own_mark: Literal["left_out", "counted"] = "left_out"

    @model_validator(mode="after")
    def _aspects_sum(self) -> "MarkMean":
        total = sum(aspect.full for aspect in self.aspects.values())
        if self.aspects and total != self.full:
            raise ValueError(
                f"the aspects sum to {plain(Fraction(total))}; they must sum to full ({plain(self.full)})"
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
        value = sum((mark.points for mark in counted), Fraction(0)) / len(counted)
        because = f"{len(counted)} 份评分的平均：{_in_words(counted)}{left_out}"
        return self.found(value, because, *self._by_aspect(counted))

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
