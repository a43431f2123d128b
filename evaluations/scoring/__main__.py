"""``python -m evaluations.scoring FACTS.yaml [--scheme DIR] [--format json|text]``."""

import argparse
import json
import sys
from collections.abc import Sequence

from evaluations.scoring.engine import score_round
from evaluations.scoring.facts_file import load_facts
from evaluations.scoring.faults import InvalidInputError
from evaluations.scoring.report import as_text


def main(arguments: Sequence[str] | None = None) -> int:
    """Score a file and print the outcome; 2 and one line per fault if the input is bad."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluations.scoring", description="Score one round of facts."
    )
    parser.add_argument("facts", metavar="FACTS", help="the round's facts, YAML or JSON")
    parser.add_argument("--scheme", help="folder of the scheme (default: the one the facts name)")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    chosen = parser.parse_args(arguments)
    try:
        policy, facts = load_facts(chosen.facts, chosen.scheme)
        outcome = score_round(policy, facts)
    except InvalidInputError as error:
        print(error, file=sys.stderr)
        return 2
    if chosen.format == "json":
        print(json.dumps(outcome.to_json(), ensure_ascii=False, indent=1))
    else:
        print(as_text(policy, outcome), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
