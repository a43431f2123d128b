"""Reads a procedure strictly and reports every fault at once, with its line."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from casework.procedure.agreement import disagreements
from casework.procedure.form import Procedure
from office.definitions.faults import Fault, InvalidInputError
from office.definitions.forms import form_faults
from office.definitions.source import read_yaml

PROCEDURES = Path(__file__).resolve().parents[2] / "procedures"


@lru_cache(maxsize=64)
def parse_procedure(text: str, file: str = "procedure.yaml") -> Procedure:
    """Return the procedure of a text, read once; raises `InvalidInputError` with every fault."""
    document = read_yaml(text, file)
    if not isinstance(document.data, dict):
        raise InvalidInputError([document.fault((), "a procedure is a mapping; begin with id")])
    try:
        procedure = Procedure.model_validate(document.data)
    except ValidationError as error:
        raise InvalidInputError(form_faults(document, error, Procedure)) from None
    if faults := [document.fault(path, message) for path, message in disagreements(procedure)]:
        raise InvalidInputError(faults)
    return procedure


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def load_procedure(place: str | Path) -> Procedure:
    """Return a shipped procedure by its id, or any by its folder or file."""
    path = PROCEDURES / place if (PROCEDURES / place / "procedure.yaml").is_file() else Path(place)
    if path.is_dir():
        path = path / "procedure.yaml"
    if not path.is_file():
        known = "、".join(procedure_ids())
        raise InvalidInputError([Fault((), f"no such procedure: {place}; shipped ones are {known}")])
    return parse_procedure(path.read_text(encoding="utf-8-sig"), str(path))


def procedure_ids() -> list[str]:
    return sorted(path.parent.name for path in PROCEDURES.glob("*/procedure.yaml"))
