"""Stored scheme versions and the policies they hold."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from evaluations.models import Round, SchemeVersion
from evaluations.scoring.loading import Policy, parse_scheme
from evaluations.scoring.scheme import Scheme
from evaluations.scoring.steps.ballot_mean import BallotMean


@lru_cache(maxsize=32)
def parsed(text: str, file: str = "scheme.yaml") -> Policy:
    """Return the policy of a text; each text is read once."""
    return parse_scheme(text, file)


def policy_of(version: SchemeVersion) -> Policy:
    """Return the policy a version holds, with its options still open."""
    return parsed(version.text)


def ballot_step(scheme: Scheme, sources: Collection[str]) -> BallotMean | None:
    """Return the step by which voters rate persons, or units as wholes, with answers from these sources."""
    steps = [step for step in scheme.steps if isinstance(step, BallotMean) and step.source in sources]
    rating = [step for step in steps if step.level == "member"] or [
        step for step in steps if step.level == "subject"
    ]
    return next(iter(rating), None)


def scheme_of(round: Round) -> Scheme:
    return policy_of(round.scheme_version).decide(round.options)


def option_of(round: Round, name: str) -> Any:
    """Return the value that counts for an option in this round; None where the scheme has no such option."""
    return policy_of(round.scheme_version).chosen_options(round.options).get(name)
