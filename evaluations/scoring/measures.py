"""Measures (处置种类): what becomes of each thing that consequences propose, once a body has decided it.

They touch no score and set nothing off: who may decide, how long it has effect, which papers it asks for.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field, model_validator

from evaluations.scoring.consequences import Consequence
from office.definitions.rule import Part, Rule, Words

Kind = Literal[
    "card",
    "talk",
    "criticism",
    "transfer",
    "accountability",
    "rectification",
    "summons",
    "committee_report",
    "reference",
    "priority",
    "praise",
    "award",
    "no_award",
    "points",
    "coupling",
    "superior_report",
    "proceeding",
]
KIND_LABELS: dict[str, str] = {
    "card": "亮牌",
    "talk": "谈话",
    "criticism": "通报批评",
    "transfer": "组织处理",
    "accountability": "追责问责",
    "rectification": "整改",
    "summons": "约谈",
    "committee_report": "检视述职",
    "reference": "考核参考",
    "priority": "优先",
    "praise": "通报表扬",
    "award": "评先推荐",
    "no_award": "不得评先",
    "points": "考核分",
    "coupling": "考核挂钩",
    "superior_report": "报送上级",
    "proceeding": "办理程序",
}
Notice = Literal["card_notice", "rectification_notice", "talk_record", "inquiry", "circular"]


class FollowUp(Part):
    """A paper that is due after the measure was served, counted from the day of its decision."""

    label: Words
    working_days: int | None = Field(default=None, ge=1)
    months: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one_limit(self) -> "FollowUp":
        if (self.working_days is None) == (self.months is None):
            raise ValueError("give either working_days or months")
        return self


class Rectify(Part):
    """The limits of a rectification: the plan in working days, the whole in calendar days, a look back later.

    The body that decides may set another whole within ``done_days_between``, with its decision. The two
    ``late_to`` are working days overdue. ``look_back_days`` after it was closed somebody looks whether it
    held (回头看).
    """

    plan_working_days: int = Field(ge=1)
    done_days: int = Field(ge=1)
    done_days_between: tuple[int, int] = (15, 90)
    look_back_days: int = Field(default=90, ge=1)
    late_to_supervision_days: int = Field(default=3, ge=1)
    late_to_leading_group_days: int = Field(default=10, ge=1)

    @model_validator(mode="after")
    def _one_after_the_other(self) -> "Rectify":
        least, most = self.done_days_between
        if not 1 <= least <= self.done_days <= most:
            raise ValueError("done_days must lie in done_days_between")
        if self.late_to_supervision_days > self.late_to_leading_group_days:
            raise ValueError("supervision comes before the leading group")
        return self


class Measure(Rule):
    """What a proposed ``word`` means: its kind, who decides it, its effect, what it asks for.

    ``basis`` names a higher rule where the policy's own text is silent. ``effect_months`` runs from the day
    of the decision; ``until_year_end`` lapses with the year of the round. A ``proceeding`` is a step of the
    round itself and is not registered.
    """

    word: Words
    kind: Kind
    decided_by: tuple[Words, ...] = ()
    basis: Words | None = None
    effect_months: int | None = Field(default=None, ge=1)
    until_year_end: bool = False
    bars_awards: bool = False
    notice: Notice | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    rectify: Rectify | None = None

    @model_validator(mode="after")
    def _one_effect(self) -> "Measure":
        if self.effect_months and self.until_year_end:
            raise ValueError("give either effect_months or until_year_end")
        if self.kind != "proceeding" and not self.decided_by:
            raise ValueError("say who may decide it: decided_by")
        return self


def faults_of(measures: Sequence[Measure], rules: Iterable[Consequence]) -> list[str]:
    """What is wrong with measures that are to cover everything these rules propose."""
    known = [one.word for one in measures]
    problems = [f"{word}: given twice" for word in dict.fromkeys(known) if known.count(word) > 1]
    proposed = dict.fromkeys(word for rule in rules for word in words_of(rule))
    return problems + [
        f"{word}: proposed, but no measure says what it is" for word in proposed if word not in known
    ]


def words_of(rule: Consequence) -> tuple[str, ...]:
    """What a rule proposes; points alone go by its label."""
    return rule.proposes or (rule.label,)
