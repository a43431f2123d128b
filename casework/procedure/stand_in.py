"""What stands in for a procedure whose stored text this version of the product can no longer read.

It has names to show, where the text still gives them, and no rule: nothing can be done under it, nothing is
due, and no unit is shown a field, because whether it may be is no longer known.
"""

import sys
from collections.abc import Iterator
from typing import Any, ClassVar

from casework.procedure.form import Procedure, Source
from casework.procedure.parts import Categories, Category, Finding, Intake, IntakeField, Outcome, Visibility
from office.definitions.faults import InvalidInputError
from office.definitions.source import read_yaml


class StandIn(Procedure):
    is_readable: ClassVar[bool] = False


def stand_in(procedure: str, title: str, text: str) -> StandIn:
    told = _loosely(text)
    intake, sorts = _mapping(told.get("intake")), _mapping(told.get("categories"))
    channels = {str(key): str(label) for key, label in _mapping(intake.get("channels")).items()}
    return StandIn.model_construct(
        id=procedure,
        title=title,
        desk=_words(told.get("desk")) or title,
        office=_words(told.get("office")) or title,
        prefix=_words(told.get("prefix")),
        document=Source(title=title, date="—", issuer="—"),
        effective_from="—",
        requirements=(),
        intake=Intake.model_construct(
            says="",
            channels=channels,
            anonymous="refused",
            about=(),
            fields=tuple(
                IntakeField.model_construct(id=key, label=label, to_unit=False)
                for key, label in _named(intake, "fields")
            ),
        ),
        categories=Categories.model_construct(
            says="",
            label=_words(sorts.get("label")) or "类别",
            meaning="kind",
            items=tuple(
                Category.model_construct(id=key, label=label, says="")
                for key, label in _named(sorts, "items")
            ),
        ),
        stages=(),
        clocks=(),
        findings=tuple(
            Finding.model_construct(id=key, label=label, says="") for key, label in _named(told, "findings")
        ),
        outcomes=tuple(
            Outcome.model_construct(id=key, label=label, says="") for key, label in _named(told, "outcomes")
        ),
        visibility=Visibility.model_construct(says="", place_sums_from=sys.maxsize),
    )


def _loosely(text: str) -> dict[str, Any]:
    try:
        return _mapping(read_yaml(text).data)
    except InvalidInputError:
        return {}


def _mapping(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _words(found: Any) -> str:
    return found if isinstance(found, str) else ""


def _named(part: dict[str, Any], key: str) -> Iterator[tuple[str, str]]:
    """Yield the id and label of each in a list; what has not both is left out."""
    listed = part.get(key)
    for one in listed if isinstance(listed, list) else []:
        named = _mapping(one)
        if _words(named.get("id")) and _words(named.get("label")):
            yield named["id"], named["label"]
