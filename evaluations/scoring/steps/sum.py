"""``sum``: parts added up, with or without weights; each part says what happens if it is missing."""

from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from evaluations.scoring.case import Case
from evaluations.scoring.derivation import Derivation, missing_part
from evaluations.scoring.steps.step import SubjectStep
from office.definitions.numbers import plain, signed, traced
from office.definitions.rule import WHOLE, Id, Number, Part


class Summand(Part):
    """One part. If it is missing the sum is withheld, or the other parts carry its weight.

    In a sum without weights they carry its ``full`` points in proportion to theirs.
    """

    step: Id
    weight: Number | None = Field(default=None, gt=0)
    full: Number | None = Field(default=None, gt=0)
    if_missing: Literal["withhold", "carry"] = "withhold"


class WeightedSum(SubjectStep):
    """The parts' values, times their weights in per cent if given, between ``floor`` and ``cap``."""

    kind: Literal["sum"]
    parts: tuple[Summand, ...] = Field(min_length=1)
    floor: Number | None = None
    cap: Number | None = None

    @model_validator(mode="after")
    def _weights_sum(self) -> "WeightedSum":
        weights = [part.weight for part in self.parts if part.weight is not None]
        problems = []
        if weights and len(weights) < len(self.parts):
            problems.append("give every part a weight, or none")
        elif weights and sum(weights) != WHOLE:
            problems.append(f"the weights sum to {plain(Fraction(sum(weights)))}; they must sum to {WHOLE}")
        carries = any(part.if_missing == "carry" for part in self.parts)
        if not weights and carries and any(part.full is None for part in self.parts):
            problems.append("carry needs weights (or, in a plain sum, the full points of every part)")
        if all(part.if_missing == "carry" for part in self.parts):
            problems.append("at least one part must be needed (if_missing: withhold)")
        if self.cap is not None and self.floor is not None and self.cap < self.floor:
            problems.append(f"the cap ({plain(self.cap)}) lies below the floor ({plain(self.floor)})")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def of_subject(self, case: Case) -> Derivation:
        found = [(part, case.subject[part.step]) for part in self.parts]
        parts = [result for _, result in found]
        for part, result in found:
            if result.exact is None and part.if_missing == "withhold":
                return self.withheld(missing_part(part.step), f"缺少{result.label}，暂不计分", *parts)
        present = [(part, result) for part, result in found if result.exact is not None]
        for part, result in found:
            if result.exact is None:
                case.flag(f"carried:{part.step}")
        value, because = self._weighted(present) if self.parts[0].weight is not None else self._plain(present)
        missing = [result.label for _, result in found if result.exact is None]
        because += f"；{'、'.join(missing)}缺项，权重由其余部分承担" if missing else ""
        return self._bounded(value, because, parts)

    def _weighted(self, present: list[tuple[Summand, Derivation]]) -> tuple[Fraction, str]:
        whole = sum((part.weight or Fraction(0) for part, _ in present), Fraction(0))
        value, terms = Fraction(0), []
        for part, result in present:
            share = (part.weight or Fraction(0)) * WHOLE / whole
            value += result.figure * share / WHOLE
            terms.append(f"{result.label} {traced(result.figure)}×{plain(share)}%")
        return value, " + ".join(terms)

    def _plain(self, present: list[tuple[Summand, Derivation]]) -> tuple[Fraction, str]:
        value = sum((result.figure for _, result in present), Fraction(0))
        because = " + ".join(f"{result.label} {_term(result.figure)}" for _, result in present)
        if len(present) == len(self.parts):
            return value, because
        full = sum((part.full or Fraction(0) for part in self.parts), Fraction(0))
        given = sum((part.full or Fraction(0) for part, _ in present), Fraction(0))
        return value * full / given, f"（{because}）×{plain(full)}÷{plain(given)}"

    def _bounded(self, value: Fraction, because: str, parts: list[Derivation]) -> Derivation:
        if self.floor is not None and value < self.floor:
            return self.found(self.floor, f"{because} = {signed(value)}，最低 {plain(self.floor)} 分", *parts)
        if self.cap is not None and value > self.cap:
            return self.found(self.cap, f"{because} = {plain(value)}，封顶 {plain(self.cap)} 分", *parts)
        return self.found(value, because, *parts)


def _term(value: Fraction) -> str:
    return f"（{traced(value)}）" if value < 0 else traced(value)
