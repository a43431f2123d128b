"""Rules of a desk that are no proceedings, kept beside the procedures: one file of a given name and form."""

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from casework.procedure.loading import PROCEDURES
from office.definitions.faults import Fault, InvalidInputError
from office.definitions.forms import form_faults
from office.definitions.rule import Part
from office.definitions.source import read_yaml

Form = TypeVar("Form", bound=Part)


def parse_rules(form: type[Form], text: str, file: str) -> Form:
    """Return the rules of a text; raises `InvalidInputError` with every fault."""
    document = read_yaml(text, file)
    try:
        return form.model_validate(document.data)
    except ValidationError as error:
        raise InvalidInputError(form_faults(document, error, form)) from None


@lru_cache(maxsize=8)
def rules_beside(form: type[Form], name: str, folder: Path = PROCEDURES) -> Form:
    """Return the rules of the one file `<procedure>/<name>`; a county has one set of them."""
    found = sorted(folder.glob(f"*/{name}"))
    if len(found) != 1:
        raise InvalidInputError([Fault((), f"one {name} is needed beside the procedures, not {len(found)}")])
    return parse_rules(form, found[0].read_text(encoding="utf-8-sig"), str(found[0]))
