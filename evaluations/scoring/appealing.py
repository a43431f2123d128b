"""Appeals (申诉): who may object to a served result, until when, and who decides. They touch no score."""

from typing import Literal

from pydantic import Field

from office.definitions.rule import Rule, Words

Who = Literal["unit", "person"]
EndOfDay = Literal["office", "citizen"]


class Appeals(Rule):
    """Counted in working days from the day of service.

    ``lodged_by`` says who may appeal and when the last day ends for them: ``office`` at close of business,
    ``citizen`` at 24:00. While an appeal ``stays`` the result, it is neither published nor acted upon.
    """

    working_days: int = Field(ge=1, le=60)
    lodged_by: dict[Who, EndOfDay] = Field(min_length=1)
    stays: bool = True
    decided_by: Words


AS_BEFORE = Appeals.model_construct(
    working_days=5, lodged_by={"unit": "citizen", "person": "citizen"}, stays=True, decided_by="评价中心"
)
"""What a scheme without the block means: those that are stored from before there was one."""
