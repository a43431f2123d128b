"""Readings are options: each has a golden case that flips it and lists everything that moves."""

from typing import Any

import pytest

from evaluations.scoring import load_scheme, scheme_ids
from tests.scoring.golden import golden_cases


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_option_of_a_scheme_is_flipped(scheme: str) -> None:
    flipped = {option for case in golden_cases() if case.scheme == scheme for option in case.flip}
    assert flipped == set(load_scheme(scheme).options)


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_option_is_the_subject_of_a_reading(scheme: str) -> None:
    policy = load_scheme(scheme)
    assert {option for reading in policy.readings for option in reading.options} == set(policy.options)


@pytest.mark.parametrize("scheme", scheme_ids())
def test_every_value_of_every_option_gives_a_sound_scheme(scheme: str) -> None:
    policy = load_scheme(scheme)
    for name, option in policy.options.items():
        values: list[Any] = [*option.choices] or ([True, False] if option.type == "yes_no" else [])
        bounds = [bound for bound in (option.at_least, option.at_most) if bound is not None]
        values += (
            [dict.fromkeys(option.default, one) for one in bounds] if option.type == "values" else bounds
        )
        for value in values:
            assert policy.decide({name: value}).id == scheme
