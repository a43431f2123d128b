"""All kinds of steps. A new kind needs a policy that none of these can express, and a decision record."""

from typing import Annotated

from pydantic import Field

from evaluations.scoring.steps.adjustments import Adjustments
from evaluations.scoring.steps.answer_deductions import AnswerDeductions
from evaluations.scoring.steps.ballot_mean import BallotMean
from evaluations.scoring.steps.bonus import Bonus
from evaluations.scoring.steps.deductions import Deductions
from evaluations.scoring.steps.derived_member import DerivedMember
from evaluations.scoring.steps.external import External
from evaluations.scoring.steps.mark import SingleMark
from evaluations.scoring.steps.mark_mean import MarkMean
from evaluations.scoring.steps.member_mean import MemberMean
from evaluations.scoring.steps.placement import PlacementStep
from evaluations.scoring.steps.sum import WeightedSum

AnyStep = Annotated[
    BallotMean
    | MemberMean
    | DerivedMember
    | MarkMean
    | SingleMark
    | PlacementStep
    | AnswerDeductions
    | Deductions
    | Bonus
    | Adjustments
    | External
    | WeightedSum,
    Field(discriminator="kind"),
]

__all__ = ["AnyStep", "BallotMean", "MemberMean"]
