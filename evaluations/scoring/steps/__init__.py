"""All kinds of steps. A new kind needs a policy that none of these can express, and a decision record."""

from typing import Annotated

from pydantic import Field

from evaluations.scoring.steps.ballot_mean import BallotMean
from evaluations.scoring.steps.derived_member import DerivedMember
from evaluations.scoring.steps.member_mean import MemberMean

AnyStep = Annotated[BallotMean | MemberMean | DerivedMember, Field(discriminator="kind")]

__all__ = ["AnyStep", "BallotMean", "DerivedMember", "MemberMean"]
