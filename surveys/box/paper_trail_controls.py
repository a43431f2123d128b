"""Controls of what is known outside the box, from scanned slips and sittings: no bundle can hold them."""

from __future__ import annotations

from surveys.ballots.control import Control
from surveys.models import Survey
from surveys.sittings.figures import sitting_controls
from surveys.slips.returned import BatchRow, returned_controls


def paper_trail_controls(survey: Survey, rows: list[BatchRow] | None = None) -> list[Control]:
    """Each has a key of its own, as in `returned_redeemed:3`."""
    sittings = [Control(*told, explainable=True) for told in sitting_controls(survey)]
    return [*returned_controls(survey, rows), *sittings]
