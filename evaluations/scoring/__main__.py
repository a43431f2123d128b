"""``python -m evaluations.scoring FACTS.yaml [--scheme DIR] [--format json|text]``.

Also compares two schemes or options, describes a scheme, and prints example facts.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

from evaluations.scoring.compare import as_json, compare
from evaluations.scoring.compare import as_text as comparison_text
from evaluations.scoring.describe import describe
from evaluations.scoring.engine import score_round
from evaluations.scoring.example import example_yaml
from evaluations.scoring.facts_file import open_facts, policy_for
from evaluations.scoring.facts_reader import read_facts
from evaluations.scoring.loading import load_scheme
from evaluations.scoring.report import as_text
from office.definitions.faults import Fault, InvalidFactsError, InvalidInputError
from office.definitions.source import read_yaml


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, or 2 with one line per fault on standard error if the input is invalid."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if bool(chosen.facts) + bool(chosen.describe) + bool(chosen.example) != 1:
        parser.error("give one of FACTS, --describe SCHEME, --example SCHEME")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a character shows its number
            stream.reconfigure(errors="backslashreplace")
    try:
        print(_answer(chosen), end="")
    except InvalidInputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluations.scoring", description="Score one round of facts."
    )
    parser.add_argument("facts", metavar="FACTS", nargs="?", help="the round's facts, YAML or JSON")
    parser.add_argument("--scheme", help="folder or id of the scheme (default: the one the facts name)")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--compare", metavar="SCHEME_B", help="what if: also score under this scheme, print who moves"
    )
    parser.add_argument(
        "--with",
        dest="overrides",
        metavar="OPTION=VALUE",
        action="append",
        default=[],
        help="what if: an option of the second scoring (of the same scheme, without --compare)",
    )
    parser.add_argument(
        "--describe", metavar="SCHEME", help="list every id, word, role and option of a scheme"
    )
    parser.add_argument("--example", metavar="SCHEME", help="print a complete facts file that scores")
    return parser


def _answer(chosen: argparse.Namespace) -> str:
    if chosen.describe:
        return describe(load_scheme(chosen.describe))
    if chosen.example:
        return example_yaml(load_scheme(chosen.example))
    document = open_facts(chosen.facts)
    policy = policy_for(document, chosen.scheme)
    if chosen.compare or chosen.overrides:
        other = load_scheme(chosen.compare) if chosen.compare else policy
        found = compare(document, policy, other, _overrides(chosen.overrides))
        return _json(as_json(found)) if chosen.format == "json" else comparison_text(found)
    outcome = score_round(policy, read_facts(document, policy))
    return _json(outcome.to_json()) if chosen.format == "json" else as_text(policy, outcome)


def _overrides(given: list[str]) -> dict[str, Any]:
    """Values are read as YAML: ``leaders=direct`` and ``role_weights={staff: 2}`` both work."""
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidFactsError([Fault(("--with", text), "write it as OPTION=VALUE")])
        found[name] = read_yaml(value, "--with").data
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
