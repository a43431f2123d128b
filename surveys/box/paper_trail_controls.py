"""Controls that no bundle can hold: what is known of a survey outside its box."""

from __future__ import annotations

from surveys.ballots.control import Control
from surveys.models import Survey
from surveys.sittings.figures import sitting_controls
from surveys.slips.returned import BatchRow, returned_controls


def further_controls(survey: Survey, rows: list[BatchRow] | None = None) -> list[Control]:
    """The controls read from the database; each with a key of its own, as in `returned_redeemed:3`."""
    sittings = [Control(*told, explainable=True) for told in sitting_controls(survey)]
    return [*returned_controls(survey, rows), *sittings]
