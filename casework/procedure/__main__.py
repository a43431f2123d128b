"""``python -m casework.procedure --check FOLDER`` or ``--describe ID``.

Checks a procedure, or every one below a folder; says in Chinese what one holds.
"""

import argparse
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from casework.procedure.describe import describe
from casework.procedure.loading import load_procedure
from office.definitions.faults import Fault, InvalidInputError


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, or 2 with one line per fault on standard error if a procedure is invalid."""
    parser = argparse.ArgumentParser(
        prog="python -m casework.procedure", description="Check or describe a procedure."
    )
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--check", metavar="FOLDER", help="a procedure's folder, or one that holds several")
    asked.add_argument(
        "--describe", metavar="ID", help="list every id, word, limit and source of a procedure"
    )
    chosen = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a character shows its number
            stream.reconfigure(errors="backslashreplace")
    try:
        print(
            describe(load_procedure(chosen.describe)) if chosen.describe else _checked(chosen.check), end=""
        )
    except InvalidInputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _checked(place: str) -> str:
    folder = Path(place)
    files = sorted(folder.glob("*/procedure.yaml")) or [folder]
    lines: list[str] = []
    faults: list[Fault] = []
    for file in files:
        try:
            procedure = load_procedure(file)
        except InvalidInputError as invalid:
            faults += invalid.faults
        else:
            lines.append(f"{procedure.id}　{procedure.title}　可以使用\n")
            if file.name == "procedure.yaml" and file.parent.name != procedure.id:
                faults.append(Fault(("id",), f"the folder is {file.parent.name}; rename one", str(file), 1))
    if faults:
        raise InvalidInputError(faults)
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
