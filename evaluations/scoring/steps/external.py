"""``external``: figures from elsewhere, per indicator.

A unit that took no part in an indicator gets the mean of those that did, whether it left the indicator empty
or out.
"""

from fractions import Fraction
from typing import Literal

from pydantic import Field

from evaluations.scoring.case import Case, SchemeOfSteps
from evaluations.scoring.derivation import NO_VALID_ANSWERS, Derivation
from evaluations.scoring.facts import Facts, in_order
from evaluations.scoring.steps.step import ExternalNeed, Needs, SubjectStep
from office.definitions.numbers import half_up, plain
from office.definitions.rule import Points, Words


class External(SubjectStep):
    """The mean of a unit's indicators, converted to ``points``.

    With 0 points it is shown and adds nothing.
    """

    kind: Literal["external"]
    full: Points = Field(default=Fraction(100), gt=0)
    points: Points = Fraction(0)
    indicators: dict[str, Words] = {}
    places: int = Field(default=2, ge=0, le=6)

    def needs(self) -> Needs:
        return Needs(external={self.id: ExternalNeed(self.label, dict(self.indicators), self.full)})

    def prepare(self, facts: Facts, scheme: SchemeOfSteps) -> dict[str, Fraction]:
        """The mean of each indicator; filled-in figures never count."""
        given: dict[str, list[Fraction]] = {}
        for subject in facts.subjects.values():
            for name, one in subject.external.get(self.id, {}).items():
                if one is not None:
                    given.setdefault(name, []).append(one)
        means = {name: half_up(_mean(figures), self.places) for name, figures in given.items()}
        return in_order(means, self.indicators)

    def of_subject(self, case: Case) -> Derivation:
        means: dict[str, Fraction] = case.prepared[self.id]
        parts = self._indicators(case, means)
        values = [part.exact for part in parts if part.exact is not None]
        if not values:
            because = "没有任何单位参与评价，暂无数据"
            return (
                self.found(Fraction(0), because)
                if self.points == 0
                else self.withheld(NO_VALID_ANSWERS, because)
            )
        mean = _mean(values)
        because = (
            f"{len(values)} 项指标平均 {plain(half_up(mean, self.places))}，折合 {plain(self.points)} 分计"
        )
        return self.found(mean * self.points / self.full, because, *parts)

    def _indicators(self, case: Case, means: dict[str, Fraction]) -> list[Derivation]:
        own = case.facts.external.get(self.id, {})
        parts = []
        for name, figure in in_order({**dict.fromkeys(means), **own}, self.indicators).items():
            label = self.indicators.get(name, name)
            if figure is not None:
                parts.append(Derivation(label, self.clause, figure, "最近一次评价结果"))
            elif name in means:
                parts.append(Derivation(label, self.clause, means[name], "未参与，按参与单位的平均分计算"))
            else:
                because = "没有任何单位参与，不计"
                parts.append(Derivation(label, self.clause, None, because, withheld=NO_VALID_ANSWERS))
        return parts


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
