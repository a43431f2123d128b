"""``ballot_mean``: the mean of answers on a scale; excluded choices count in neither sum."""

from fractions import Fraction
from typing import Literal

from pydantic import Field

from evaluations.scoring.case import Case
from evaluations.scoring.derivation import NO_VALID_ANSWERS, NOBODY_JUDGED, TOO_FEW_ANSWERS, Derivation
from evaluations.scoring.facts import Counts, MemberFacts, pooled
from evaluations.scoring.steps.step import AnswerNeed, Needs, Step
from office.definitions.numbers import weights_in_words
from office.definitions.rule import Id, Number, Part, Words


class Question(Part):
    """A question that the scheme knows by name."""

    label: Words


class BallotMean(Step):
    """Each question's valid answers are averaged on the scale, then the questions are averaged by weight.

    A question without a valid answer is left out. ``answers`` of the result is the largest number of valid
    answers to any one question: at least so many people took part.
    """

    kind: Literal["ballot_mean"]
    source: Id
    scale: Id
    questions: dict[str, Question] = {}
    other_questions: Literal["allowed", "refused"] = "refused"
    question_weights: dict[str, Number] = {}
    min_answers: int = Field(default=1, ge=1)

    def needs(self) -> Needs:
        known = {key: question.label for key, question in self.questions.items()}
        level = "member" if self.level == "section" else self.level
        return Needs(
            answers={
                (level, self.source): AnswerNeed(
                    self.scale, known, self.other_questions == "allowed", self.roles
                )
            }
        )

    def of_subject(self, case: Case) -> Derivation:
        return self.mean(case, case.facts.answers.get(self.source, {}))

    def of_section(self, case: Case, section: str) -> Derivation:
        inside = case.members_in(section)
        members = [member for member in inside if self.judges(member.role)]
        if not members:
            return self.withheld(NOBODY_JUDGED, _judged_elsewhere(case, inside))
        return self.mean(case, pooled([member.answers.get(self.source, {}) for member in members]))

    def of_member(self, case: Case, member: str) -> Derivation:
        return self.mean(case, case.facts.members[member].answers.get(self.source, {}))

    def mean(self, case: Case, table: dict[str, Counts]) -> Derivation:
        """The mean of one table of answers (question → choice → count)."""
        found = {key: self._question(case, key, counts) for key, counts in table.items()}
        parts = found.values()
        valued = {key: part for key, part in found.items() if part.exact is not None}
        if not valued:
            return self.withheld(NO_VALID_ANSWERS, "没有有效票，不计分", *parts, answers=0)
        most = max(part.answers or 0 for part in valued.values())
        if most < self.min_answers:
            because = f"有效票 {most} 张，不足 {self.min_answers} 张"
            return self.withheld(TOO_FEW_ANSWERS, because, *parts, answers=most)
        if len(found) == 1:
            (only,) = parts
            return self.found(only.figure, only.because, answers=most)
        weights = {key: self.question_weights.get(key, Fraction(1)) for key in valued}
        total = sum((part.figure * weights[key] for key, part in valued.items()), Fraction(0))
        because = f"{len(valued)} 个问题得分的平均"
        if len(set(weights.values())) > 1:
            named = {valued[key].label: Fraction(weight) for key, weight in weights.items()}
            because = f"{len(valued)} 个问题得分的加权平均（权重：{weights_in_words(named)}）"
        return self.found(total / sum(weights.values()), because, *parts, answers=most)

    def _question(self, case: Case, key: str, counts: Counts) -> Derivation:
        known = self.questions.get(key)
        label = known.label if known else key
        scale = case.scheme.answer_scales[self.scale]
        points: int | Fraction = 0
        valid, terms = 0, []
        for choice, value in scale.values.items():
            if count := counts.get(choice):
                points += count * value
                valid += count
                terms.append(f"{choice} {count}{scale.factors[choice]}")
        left_out = [f"{choice} {counts[choice]} 张不计" for choice in scale.excluded if counts.get(choice)]
        if not valid:
            because = "；".join(["没有有效票", *left_out])
            return Derivation(
                label=label,
                clause=scale.clause,
                exact=None,
                because=because,
                withheld=NO_VALID_ANSWERS,
                readings=scale.readings,
            )
        because = "；".join([f"（{' + '.join(terms)}）÷ {valid}", *left_out])
        return Derivation(
            label=label,
            clause=scale.clause,
            exact=Fraction(points, valid),
            because=because,
            readings=scale.readings,
            answers=valid,
        )


def _judged_elsewhere(case: Case, members: list[MemberFacts]) -> str:
    """Why a section has no figure of its own: other steps judge its people (leaders, for example)."""
    labels = [
        step.label
        for step in case.scheme.steps
        if step.level == "member" and any(step.judges(member.role) for member in members)
    ]
    how = f"：人员得分见{'、'.join(labels)}" if labels else ""
    return f"没有直接评价的人员，不单独计分{how}"
