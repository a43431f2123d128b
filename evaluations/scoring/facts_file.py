"""Opens a facts file (YAML, or JSON by its suffix) and finds the scheme it names."""

from pathlib import Path

from evaluations.scoring.loading import Policy, load_scheme
from office.definitions.faults import Fault, InvalidFactsError
from office.definitions.source import Document, read_json, read_yaml


def open_facts(file: str | Path) -> Document:
    """Only the form is checked; raises ``InvalidFactsError`` or ``InvalidInputError``."""
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InvalidFactsError([Fault((), "no such file", str(path))]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidFactsError([Fault((), f"not readable as UTF-8 text: {error}", str(path))]) from None
    return read_json(text, str(path)) if path.suffix.lower() == ".json" else read_yaml(text, str(path))


def policy_for(document: Document, scheme: str | Path | None = None) -> Policy:
    if scheme is not None:
        return load_scheme(scheme)
    named = document.data.get("scheme") if isinstance(document.data, dict) else None
    if not isinstance(named, str):
        raise InvalidFactsError(
            [document.fault(("scheme",), "is missing; name the scheme here or with --scheme")]
        )
    return load_scheme(named)
