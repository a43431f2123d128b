"""``python -m benefits.rules --check FOLDER``: checks a benefits.yaml, or every one in the folders below."""

import argparse
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from benefits.rules.checking import check
from office.definitions.faults import InvalidInputError


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, or 2 with one line per fault on standard error."""
    parser = argparse.ArgumentParser(prog="python -m benefits.rules", description="Check rules of benefits.")
    parser.add_argument(
        "--check", metavar="FOLDER", required=True, help="a procedure's folder, or one that holds several"
    )
    chosen = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a character shows its number
            stream.reconfigure(errors="backslashreplace")
    try:
        for name, rules in check(Path(chosen.check)).items():
            print(f"{name}　{rules.title}　可以使用")
    except InvalidInputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
