"""Background work of evaluations."""

from __future__ import annotations

import json
from typing import Any

from evaluations.models import Result
from evaluations.rounds.state import survey_of
from office.jobs.services import Progress, handles
from surveys import services as surveys


@handles("evaluations.results_bundle", "整理核验包")
def make_results_bundle(arguments: dict[str, Any], progress: Progress) -> None:
    """Put facts, scheme and outcome of a signed-off result beside the sealed ballots, to be verified."""
    result = Result.objects.select_related("round__survey", "scheme_version").get(pk=arguments["result"])
    results = {
        "facts.json": json.dumps(result.facts, ensure_ascii=False, sort_keys=True).encode(),
        "outcome.json": json.dumps(result.outcome, ensure_ascii=False, sort_keys=True).encode(),
        "scheme.yaml": result.scheme_version.text.encode(),
    }
    surveys.make_results_bundle(survey=survey_of(result.round), number=result.number, results=results)
