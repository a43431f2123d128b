"""``answer_deductions``: full marks less points for every answer that is not the best, down to the floor.

The values of the answer scale are the points deducted. Each enterprise counts once, with its worst answer.
``rate`` deducts by the share of answers, so that a larger sample does not lose more: if all answers are
the worst, everything is deducted, whatever the sample.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, model_validator

from evaluations.scoring.case import Case, SchemeOfSteps
from evaluations.scoring.derivation import NO_VALID_ANSWERS, TOO_FEW_ANSWERS, Derivation
from evaluations.scoring.facts import Facts
from evaluations.scoring.steps.step import AnswerNeed, Needs, SubjectStep
from office.definitions.numbers import plain
from office.definitions.rule import Id, Points, Words


class AnswerDeductions(SubjectStep):
    """Full marks less the deductions, by count (as the policy's text has it) or by rate.

    ``only_complaints``: the source may report those alone who were not content. Then a report of nobody is
    full marks, and a rate cannot be computed unless the content are counted too.
    """

    kind: Literal["answer_deductions"]
    source: Id
    scale: Id
    question: Id = "overall"
    question_label: Words = "总体评价"
    full: Points = Field(gt=0)
    floor: Points = Fraction(0)
    method: Literal["count", "rate"] = "count"
    min_answers: int = Field(default=1, ge=1)
    only_complaints: bool = False

    @model_validator(mode="after")
    def _floor_below_full(self) -> "AnswerDeductions":
        if self.floor >= self.full:
            raise ValueError(f"the floor ({plain(self.floor)}) must lie below full ({plain(self.full)})")
        return self

    def needs(self) -> Needs:
        need = AnswerNeed(self.scale, {self.question: self.question_label}, others=False)
        return Needs(answers={("subject", self.source): need})

    def prepare(self, facts: Facts, scheme: SchemeOfSteps) -> set[int]:
        excluded = scheme.answer_scales[self.scale].excluded
        sizes = set()
        for subject in facts.subjects.values():
            counts = subject.answers.get(self.source, {}).get(self.question, {})
            sizes.add(sum(count for choice, count in counts.items() if choice not in excluded))
        return sizes - {0}

    def warnings(self, prepared: Any) -> list[str]:
        if self.method == "rate" or len(prepared) <= 1:
            return []
        sizes = f"{self.label}：各单位样本量不同（{min(prepared)} 至 {max(prepared)}）"
        advice = "按份扣分对样本大的单位不利，可在评价开始前改选按比例扣分"
        return [f"{sizes}，{advice}（条款{self.clause}）"]

    def of_subject(self, case: Case) -> Derivation:
        scale = case.scheme.answer_scales[self.scale]
        counts = case.facts.answers.get(self.source, {}).get(self.question, {})
        given = {choice: counts[choice] for choice in scale.values if counts.get(choice)}
        valid = sum(given.values())
        if self.only_complaints and counts and not any(counts.get(best) for best in _best(scale.values)):
            if self.method == "rate":
                because = "只有不满意的份数，没有满意的份数，不能按比例扣分"
                return self.withheld(NO_VALID_ANSWERS, because, answers=0)
            if not valid:
                return self.found(self.full, f"没有不满意，计 {plain(self.full)} 分", answers=0)
        if not valid:
            return self.withheld(NO_VALID_ANSWERS, "没有有效答卷，不计分", answers=0)
        if valid < self.min_answers:
            because = f"有效答卷 {valid} 份，不足 {self.min_answers} 份"
            return self.withheld(TOO_FEW_ANSWERS, because, answers=valid)
        off = Fraction(sum(count * scale.values[choice] for choice, count in given.items()))
        terms = [
            f"{choice} {count}×{plain(scale.values[choice])}"
            for choice, count in given.items()
            if scale.values[choice]
        ]
        said = " + ".join(terms) or "全部满意"
        if self.method == "rate":
            worst = max(scale.values.values())
            share = off / (valid * worst)
            value = max(self.full - (self.full - self.floor) * share, self.floor)
            because = f"{plain(self.full)} 分按比例扣减：（{said}）÷（{valid}×{plain(worst)}）"
        else:
            value = max(self.full - off, self.floor)
            because = f"{plain(self.full)} 分逐份扣减：{said}" if terms else f"{said}，{valid} 份"
            if self.full - off < self.floor:
                because += f"；应扣 {plain(off)} 分，扣完为止"
        return self.found(value, because, answers=valid)


def _best(values: Mapping[str, Fraction | int]) -> list[str]:
    """The answers that cost nothing."""
    return [choice for choice, value in values.items() if value == 0]
