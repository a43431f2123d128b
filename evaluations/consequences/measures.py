"""What a round's scheme says of the things that it proposes."""

from __future__ import annotations

from evaluations.models import Disposition, Result
from evaluations.schemes.stored import policy_of
from evaluations.scoring.measures import Measure


def measures_of(result: Result) -> dict[str, Measure]:
    """{word: measure}; empty for a scheme loaded before measures were part of one."""
    scheme = policy_of(result.scheme_version).decide(result.round.options)
    return {one.word: one for one in scheme.measures}


def measure_of(disposition: Disposition) -> Measure | None:
    return measures_of(disposition.result).get(disposition.word)
