"""``derived_member``: a leader whom voters never meet takes the score of the department or of sections."""

from dataclasses import replace
from fractions import Fraction
from typing import Literal

from evaluations.scoring.case import Case
from evaluations.scoring.derivation import Derivation, missing_part
from evaluations.scoring.steps.step import Step
from office.definitions.rule import Id


class DerivedMember(Step):
    """``subject`` copies the subject's value of step ``of``; ``supervised_sections`` averages sections."""

    kind: Literal["derived_member"]
    level: Literal["member"] = "member"
    of: Id
    take: Literal["subject", "supervised_sections"]

    def of_member(self, case: Case, member: str) -> Derivation:
        if self.take == "subject":
            source = case.subject[self.of]
            if source.exact is None:
                return self.withheld(
                    source.withheld or missing_part(self.of), f"所取的{source.label}没有得分"
                )
            return self.found(source.exact, f"取{source.label}")
        sections = case.sections[self.of]
        supervised = [key for key, section in case.facts.sections.items() if section.supervised_by == member]
        parts = [_of_section(case, key, sections[key]) for key in supervised]
        values = [part.exact for part in parts if part.exact is not None]
        if not values:
            because = "分管科室都没有得分" if supervised else "没有登记分管科室"
            return self.withheld(missing_part(self.of), because, *parts)
        value = Fraction(sum(values)) / len(values)
        return self.found(value, f"{len(values)} 个分管科室得分的平均", *parts)


def _of_section(case: Case, key: str, result: Derivation) -> Derivation:
    return replace(result, label=case.facts.sections[key].name)
