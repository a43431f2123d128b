"""Controls that no bundle can hold: what is known of a survey outside its box, such as of its sittings."""

from __future__ import annotations

from surveys.ballots.control import Control
from surveys.models import Survey


def further_controls(survey: Survey) -> list[Control]:
    """The controls read from the database; each with a key of its own, as in `batch_returned:3`."""
    return []
