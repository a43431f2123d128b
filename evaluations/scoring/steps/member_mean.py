"""``member_mean``: the mean of the members' scores, or of their pooled answers if too few have a score."""

from dataclasses import replace
from fractions import Fraction
from typing import Literal

from pydantic import Field

from evaluations.scoring.case import Case
from evaluations.scoring.derivation import NO_VALID_ANSWERS, NOBODY_JUDGED, TOO_FEW_ANSWERS, Derivation
from evaluations.scoring.facts import in_order, pooled
from evaluations.scoring.steps.ballot_mean import BallotMean
from evaluations.scoring.steps.step import SubjectStep
from office.definitions.numbers import plain, weights_in_words
from office.definitions.rule import WHOLE, Id, Number


class MemberMean(SubjectStep):
    """The mean of the unrounded scores of the members whom step ``of`` judges.

    ``method: pooled`` always averages all their answers together; ``member_mean`` does so only if fewer than
    the share ``pooled_below`` of them have a score.
    """

    kind: Literal["member_mean"]
    of: Id
    method: Literal["member_mean", "pooled"] = "member_mean"
    pooled_below: Number = Field(default=Fraction(0), ge=0, le=1)
    min_answers: int = Field(default=1, ge=1)
    role_weights: dict[str, Number] = {}

    def of_subject(self, case: Case) -> Derivation:
        judged = case.members[self.of]
        parts = tuple(_named(case, member, result) for member, result in judged.items())
        answers = sum(result.answers or 0 for result in judged.values())
        if not judged:
            return self.withheld(NOBODY_JUDGED, "没有直接评价的人员，不计分", answers=0)
        if not answers:
            return self.withheld(NO_VALID_ANSWERS, "没有有效票，不计分", *parts, answers=0)
        if answers < self.min_answers:
            because = f"全部有效票 {answers} 张，不足 {self.min_answers} 张"
            return self.withheld(TOO_FEW_ANSWERS, because, *parts, answers=answers)
        scored = {member: result for member, result in judged.items() if result.exact is not None}
        if self.method == "pooled" or not scored or len(scored) < self.pooled_below * len(judged):
            return self._pooled(case, len(scored), len(judged), parts, answers)
        return self._mean(case, scored, len(judged), parts, answers)

    def _mean(
        self,
        case: Case,
        scored: dict[str, Derivation],
        judged: int,
        parts: tuple[Derivation, ...],
        answers: int,
    ) -> Derivation:
        total, weights = Fraction(0), Fraction(0)
        for member, result in scored.items():
            weight = self.role_weights.get(case.facts.members[member].role, Fraction(1))
            total += result.figure * weight
            weights += weight
        because = f"{len(scored)} 人得分的{'加权' if self.role_weights else ''}平均"
        if self.role_weights:
            because += f"（权重：{weights_in_words(self._weights(case, scored))}）"
        if len(scored) < judged:
            because += f"（另有 {judged - len(scored)} 人样本不足，不计入）"
        return self.found(total / weights, because, *parts, answers=answers)

    def _weights(self, case: Case, scored: dict[str, Derivation]) -> dict[str, Fraction]:
        roles = dict.fromkeys(case.facts.members[member].role for member in scored)
        found = {
            role: Fraction(self.role_weights.get(role, 1)) for role in in_order(roles, self.role_weights)
        }
        return {case.scheme.role_label(role): weight for role, weight in found.items()}

    def _pooled(
        self, case: Case, scored: int, judged: int, parts: tuple[Derivation, ...], answers: int
    ) -> Derivation:
        step = case.scheme.step(self.of)
        if not isinstance(step, BallotMean):
            raise TypeError(f"{self.of} is no ballot_mean")
        members = [case.facts.members[member] for member in case.members[self.of]]
        table = pooled([member.answers.get(step.source, {}) for member in members])
        whole = step.model_copy(update={"min_answers": 1}).mean(case, table)
        if self.method == "pooled":
            because = f"按口径，{judged} 人的全部有效票合并计算"
        else:
            case.flag("pooled")
            share = plain(self.pooled_below * WHOLE)
            few = f"{judged} 人中只有 {scored} 人样本足够，不足 {share}%"
            because = f"{few}，全部有效票合并计算"
        together = replace(whole, label="合并计算", readings=())
        return self.found(whole.figure, because, together, *parts, answers=answers)


def _named(case: Case, member: str, result: Derivation) -> Derivation:
    facts = case.facts.members[member]
    label = f"{facts.name}（{case.scheme.role_label(facts.role)}）"
    return replace(result, label=label)
