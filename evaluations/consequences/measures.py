"""What a round's scheme says of the things that it proposes."""

from __future__ import annotations

from collections.abc import Iterable

from evaluations.models import Disposition, Result
from evaluations.schemes.stored import policy_of
from evaluations.scoring.measures import Measure


def measures_of(result: Result) -> dict[str, Measure]:
    """{word: measure}; empty for a scheme loaded before measures were part of one."""
    scheme = policy_of(result.scheme_version).decide(result.round.options)
    return {one.word: one for one in scheme.measures}


def measure_of(disposition: Disposition) -> Measure | None:
    return measures_of(disposition.result).get(disposition.word)


def measures_for(rows: Iterable[Disposition]) -> dict[int, Measure | None]:
    """{key of a row: its measure}; each result's scheme is read once."""
    by_result: dict[int, dict[str, Measure]] = {}
    found: dict[int, Measure | None] = {}
    for one in rows:
        if one.result_id not in by_result:
            one.result.round = one.round
            by_result[one.result_id] = measures_of(one.result)
        found[one.pk] = by_result[one.result_id].get(one.word)
    return found
