"""Faults of form in a document, as pydantic finds them: each with its line and what to do about it."""

from types import UnionType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from office.definitions.faults import Fault, Path
from office.definitions.source import Document

_ABSENT = ("missing", "extra_forbidden")


def form_faults(document: Document, error: ValidationError, whole: type[BaseModel]) -> list[Fault]:
    """One fault per error; "too short" is dropped for a list whose items were only faulty."""
    items = error.errors()
    places = [item["loc"] for item in items]
    return [
        document.fault(
            _real_path(document.data, item["loc"], absent=item["type"] in _ABSENT), _message(item, whole)
        )
        for item in items
        if item["type"] != "too_short"
        or sum(place[: len(item["loc"])] == item["loc"] for place in places) == 1
    ]


def _real_path(data: Any, loc: tuple[int | str, ...], *, absent: bool) -> Path:
    """Pydantic's location without the names of union branches, which are not in the file."""
    path: list[str | int] = []
    node = data
    for at, part in enumerate(loc):
        if _holds(node, part):
            node = node[part]
            path.append(part)
        elif at == len(loc) - 1 and absent:
            path.append(part)
    return tuple(path)


def _holds(node: Any, part: int | str) -> bool:
    return isinstance(part, int) if isinstance(node, list) else isinstance(node, dict) and part in node


def _message(item: Any, whole: type[BaseModel]) -> str:
    kind = item["type"]
    if kind == "missing":
        return "is missing; add it"
    if kind == "extra_forbidden":
        return f"unknown key; keys here are {'、'.join(_keys_at(item['loc'], whole))}"
    if kind == "value_error":
        return str(item["ctx"]["error"])
    if kind == "union_tag_invalid":
        kinds = item["ctx"]["expected_tags"].replace(", ", "、")
        return f"no such kind: {item['ctx']['tag']}; kinds are {kinds}"
    if kind == "union_tag_not_found":
        return "is missing its kind; add kind"
    return f"{item['msg'][0].lower()}{item['msg'][1:]}"


def _keys_at(loc: tuple[int | str, ...], whole: type[BaseModel]) -> list[str]:
    model: Any = whole
    for part in loc[:-1]:
        model = _inner(model, part)
    fields = model.model_fields if isinstance(model, type) and issubclass(model, BaseModel) else {}
    return sorted(field.alias or name for name, field in fields.items())


def _inner(annotation: Any, part: int | str) -> Any:
    """The type of what is stored under ``part`` in a value of type ``annotation``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        by_alias = {field.alias or name: field for name, field in annotation.model_fields.items()}
        return _plain_type(by_alias[str(part)].annotation) if part in by_alias else None
    branches = [branch for branch in get_args(annotation) if isinstance(branch, type)]
    for branch in branches:
        kind = branch.model_fields.get("kind") if issubclass(branch, BaseModel) else None
        if kind is not None and part in get_args(kind.annotation):
            return branch
    arguments = [_plain_type(argument) for argument in get_args(annotation) if argument is not Ellipsis]
    return arguments[-1] if arguments else None


def _plain_type(annotation: Any) -> Any:
    """Without ``Annotated`` and without ``| None``."""
    if hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    choices = [one for one in get_args(annotation) if one is not type(None)]
    if isinstance(annotation, UnionType) and len(choices) == 1:
        return choices[0]
    return annotation
