"""Reads YAML and JSON strictly: no key twice, no float, the line of every value.

Only ``true``, ``false``, ``null`` and numbers are special; ``on``, ``no``, ``12:30`` and ``2023-08-15``
remain text, unlike in YAML 1.1.
"""

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from evaluations.scoring.faults import Fault, InvalidInputError, Path

_WHOLE = re.compile(r"[-+]?[0-9]+\Z")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+\Z")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Document:
    """The content of a file and the line of each of its values."""

    data: Any
    file: str = ""
    lines: dict[Path, int] = field(default_factory=dict)

    def fault(self, path: Path, message: str) -> Fault:
        """A fault at ``path``, with the line of the nearest ancestor that the file has."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return Fault(path, message, self.file, self.lines.get(known, 0))


def read_yaml(text: str, file: str = "") -> Document:
    """One YAML document; raises ``InvalidInputError`` with every fault of form."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise InvalidInputError(
            [Fault((), f"not readable as YAML: {what}", file, mark.line + 1 if mark else 0)]
        ) from None
    builder = _Builder(file)
    data = builder.build(root, ()) if root is not None else None
    if builder.faults:
        raise InvalidInputError(builder.faults)
    return Document(data, file, builder.lines)


def read_json(text: str, file: str = "") -> Document:
    """Decimals stay exact and repeated keys are refused; faults within JSON have no lines."""
    repeated: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            names = [key for key, _ in items]
            repeated.extend(key for key in found if names.count(key) > 1)
        return found

    try:
        data = json.loads(text, parse_float=Decimal, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise InvalidInputError(
            [Fault((), f"not readable as JSON: {error.msg}", file, error.lineno)]
        ) from None
    if repeated:
        raise InvalidInputError(
            [Fault((key,), "key written twice; keep one of them", file) for key in repeated]
        )
    return Document(data, file)


class _Builder:
    """Turns composed YAML nodes into plain values, with their lines and all faults."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self.seen: set[int] = set()

    def build(self, node: yaml.Node, path: Path) -> Any:
        line = self.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self.seen:  # an alias is the very node it names
            self.faults.append(
                Fault(path, "aliases (*name) are not allowed; write the value out", self.file, line)
            )
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, index)) for index, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append(Fault(path, "a key must be a plain word", self.file, line))
                continue
            key: str = key_node.value
            here = (*path, key)
            if key == "<<":
                self.faults.append(
                    Fault(here, "merge keys are not allowed; write the values out", self.file, line)
                )
            elif key in found:
                first = self.lines[here]
                message = f"key written twice (first on line {first}); keep one of them"
                self.faults.append(Fault(here, message, self.file, line))
            else:
                self.lines[here] = line
                found[key] = self.build(value_node, here)
        return found

    def _scalar(self, node: yaml.Node) -> Any:
        text: str = node.value
        if getattr(node, "style", None):
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _WHOLE.match(text):
            return int(text)
        return Decimal(text) if _DECIMAL.match(text) else text
