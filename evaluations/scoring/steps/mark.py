"""``mark``: one mark from 0 to full, in total, by aspect, or by conditions worth their points or nothing."""

from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from evaluations.scoring.case import Case
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.facts import Condition
from evaluations.scoring.steps.mark_mean import Aspect
from evaluations.scoring.steps.step import MarkNeed, Needs, SubjectStep
from office.definitions.numbers import plain
from office.definitions.rule import Id, Part, Points, Words

NOT_MARKED = "not_marked"


class PointsFor(Part):
    """Points for a condition; the conditions of ``instead`` earn the same points.

    With ``exclusive`` facts in which the condition and one of ``instead`` both hold are refused.
    """

    label: Words
    points: Points
    instead: dict[Id, Words] = {}
    exclusive: bool = False


class SingleMark(SubjectStep):
    """The office's mark; without it, or with a condition undecided, there is no value."""

    kind: Literal["mark"]
    full: Points = Field(gt=0)
    aspects: dict[Id, Aspect] = {}
    conditions: dict[Id, PointsFor] = {}
    partial: Literal["allowed", "all_or_nothing"] = "allowed"

    @model_validator(mode="after")
    def _parts_sum(self) -> "SingleMark":
        if self.aspects and self.conditions:
            raise ValueError("give either aspects or conditions")
        shares = [aspect.full for aspect in self.aspects.values()]
        shares += [condition.points for condition in self.conditions.values()]
        total = sum(shares, Fraction(0))
        if (self.aspects or self.conditions) and total != self.full:
            raise ValueError(f"the parts sum to {plain(total)}; they must sum to full ({plain(self.full)})")
        return self

    def needs(self) -> Needs:
        if self.conditions:
            named = {key: condition.label for key, condition in self.conditions.items()}
            for condition in self.conditions.values():
                named |= condition.instead
            instead = {
                other: key for key, one in self.conditions.items() if one.exclusive for other in one.instead
            }
            return Needs(conditions=named, instead=instead)
        aspects = {key: aspect.full for key, aspect in self.aspects.items()}
        strict = self.partial == "all_or_nothing"
        return Needs(
            marks={self.id: MarkNeed(self.label, self.full, aspects, single=True, all_or_nothing=strict)}
        )

    def of_subject(self, case: Case) -> Derivation:
        return self._by_conditions(case.facts.conditions) if self.conditions else self._as_given(case)

    def _as_given(self, case: Case) -> Derivation:
        given = case.facts.marks.get(self.id)
        if not given:
            return self.withheld(NOT_MARKED, f"尚未评分，满分 {plain(self.full)}")
        mark = given[0]
        parts = [
            Derivation(aspect.label, self.clause, mark.aspects[key], f"满分 {plain(aspect.full)}")
            for key, aspect in self.aspects.items()
            if key in mark.aspects
        ]
        return self.found(mark.points, _with_remark(f"满分 {plain(self.full)}", mark.remark), *parts)

    def _by_conditions(self, facts: dict[str, Condition]) -> Derivation:
        parts = [self._condition(key, condition, facts) for key, condition in self.conditions.items()]
        if any(part.exact is None for part in parts):
            return self.withheld(NOT_MARKED, "有的条件尚未认定", *parts)
        value = sum((part.figure for part in parts), Fraction(0))
        return self.found(value, f"逐项认定，满分 {plain(self.full)}", *parts)

    def _condition(self, key: str, rule: PointsFor, facts: dict[str, Condition]) -> Derivation:
        for name, label in {key: rule.label, **rule.instead}.items():
            if name in facts and facts[name].holds:
                because = _with_remark(f"{label}，得 {plain(rule.points)} 分", facts[name].remark)
                return Derivation(rule.label, self.clause, rule.points, because)
        if key not in facts:
            return Derivation(rule.label, self.clause, None, "尚未认定", withheld=NOT_MARKED)
        return Derivation(
            rule.label, self.clause, Fraction(0), _with_remark("未做到，不得分", facts[key].remark)
        )


def _with_remark(because: str, remark: str) -> str:
    return f"{because}；备注：{remark}" if remark else because
