"""The limits of a rectification, as a scheme writes them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from evaluations.scoring.measures import Rectify


def test_what_a_scheme_leaves_out_has_a_usual_value() -> None:
    """GY-R9"""
    limits = Rectify(plan_working_days=5, done_days=30)
    assert (limits.late_to_supervision_days, limits.late_to_leading_group_days) == (3, 10)
    assert (limits.done_days_between, limits.look_back_days) == ((15, 90), 90)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"done_days": 14}, "done_days must lie in done_days_between"),
        ({"done_days": 30, "done_days_between": (40, 90)}, "done_days must lie in done_days_between"),
        ({"done_days": 30, "late_to_supervision_days": 11}, "supervision comes before the leading group"),
    ],
)
def test_limits_that_contradict_each_other_are_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Rectify(plan_working_days=5, **given)
