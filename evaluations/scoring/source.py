"""Reads YAML and JSON strictly: no key twice, no float, the line of every value.

Only ``true``, ``false``, ``null`` and numbers are special; ``on``, ``no``, ``12:30`` and ``2023-08-15``
remain text, unlike in YAML 1.1.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from evaluations.scoring.faults import Fault, InvalidInputError, Path

_WHOLE = re.compile(r"[-+]?[0-9]+\Z")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?\Z")
_DIGITS = 400
DEEPEST = 50
"""No scheme and no facts go deeper; a file of brackets must not exhaust the machine."""
_TOO_DEEP = f"is nested too deeply; at most {DEEPEST} levels inside one another"
_KEY, _DROPPED = object(), object()
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Document:
    """The content of a file and the line of each of its values."""

    data: Any
    file: str = ""
    text: str = field(default="", repr=False, compare=False)
    found: dict[Path, int] | None = field(default=None, repr=False, compare=False)

    @property
    def lines(self) -> dict[Path, int]:
        """Looked up by reading the file once more, when the first fault needs them."""
        if self.found is None:
            self.found = {}
            if self.text:
                _built(self.text, self.file, self.found)
        return self.found

    def fault(self, path: Path, message: str) -> Fault:
        """A fault at ``path``, with the line of the nearest ancestor that the file has."""
        known, lines = path, self.lines
        while known and known not in lines:
            known = known[:-1]
        return Fault(path, message, self.file, lines.get(known, 0))


def read_yaml(text: str, file: str = "") -> Document:
    """One YAML document; raises ``InvalidInputError`` with every fault of form."""
    found, faults = _built(text, file, None)
    if faults:
        lines: dict[Path, int] = {}
        raise InvalidInputError(_built(text, file, lines)[1])
    return Document(found, file, text)


def _built(text: str, file: str, lines: dict[Path, int] | None) -> tuple[Any, list[Fault]]:
    builder = _Builder(file, lines)
    try:
        data = builder.read(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise InvalidInputError(
            [Fault((), f"not readable as YAML: {what}", file, mark.line + 1 if mark else 0)]
        ) from None
    return data, builder.faults


def read_json(text: str, file: str = "") -> Document:
    """Decimals stay exact and repeated keys are refused; faults within JSON have no lines."""
    repeated: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            times = Counter(key for key, _ in items)
            repeated.extend(key for key, number in times.items() if number > 1)
        return found

    try:
        data = json.loads(text, parse_float=_number, parse_int=_number, object_pairs_hook=pairs)
    except RecursionError:
        raise InvalidInputError([Fault((), _TOO_DEEP, file)]) from None
    except json.JSONDecodeError as error:
        raise InvalidInputError(
            [Fault((), f"not readable as JSON: {error.msg}", file, error.lineno)]
        ) from None
    if repeated:
        raise InvalidInputError(
            [Fault((key,), "key written twice; keep one of them", file) for key in repeated]
        )
    return Document(data, file)


def _number(text: str) -> Any:
    """A number; one of too many digits stays text and is refused where it stands."""
    if len(text) > _DIGITS:
        return text
    return int(text) if _WHOLE.match(text) else Decimal(text)


class _Builder:
    """Turns the events of a YAML document into plain values, with all faults; no node is kept.

    ``lines`` are noted only if asked for: they take more memory than the values.
    """

    def __init__(self, file: str, lines: dict[Path, int] | None) -> None:
        self.file = file
        self.lines = lines
        self.faults: list[Fault] = []
        self.path: list[str | int] = []
        self.open: list[tuple[Any, list[Any]]] = []
        self.root: Any = None

    def read(self, text: str) -> Any:
        begun = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            kind = type(event)
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._begin(event, {} if kind is yaml.MappingStartEvent else [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._end()
            elif kind is yaml.AliasEvent:
                message = "aliases (*name) are not allowed; write the value out"
                self._fault(self._here(), message, event)
                self._put(None, event)
            elif kind is yaml.DocumentStartEvent:
                begun += 1
                if begun > 1:
                    self._fault((), "a file holds one document; remove what follows ---", event)
                    break
        return self.root

    def _here(self) -> Path:
        """Where the next value stands."""
        if not self.open:
            return ()
        holder, waiting = self.open[-1]
        return (*self.path, waiting[0] if waiting else len(holder) if isinstance(holder, list) else "")

    def _fault(self, path: Path, message: str, event: yaml.Event) -> None:
        self.faults.append(Fault(path, message, self.file, _line(event)))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if self.open:
            holder, waiting = self.open[-1]
            if isinstance(holder, dict) and not waiting:
                self._key(holder, waiting, event)
                return
        text = event.value
        self._put(text if event.style else _value(text), event)

    def _key(self, holder: dict[str, Any], waiting: list[Any], event: yaml.ScalarEvent) -> None:
        key: str = event.value
        here = (*self.path, key)
        if key == "<<" and not event.style:
            self._fault(here, "merge keys are not allowed; write the values out", event)
            waiting.append(_DROPPED)
        elif key in holder:
            first = f" (first on line {self.lines[here]})" if self.lines and here in self.lines else ""
            self._fault(here, f"key written twice{first}; keep one of them", event)
            waiting.append(_DROPPED)
        else:
            if self.lines is not None:
                self.lines[here] = _line(event)
            waiting.append(key)

    def _begin(self, event: yaml.Event, value: Any) -> None:
        if self.open:
            holder, waiting = self.open[-1]
            if isinstance(holder, dict) and not waiting:
                self._fault(tuple(self.path), "a key must be a plain word", event)
                waiting.append(_KEY)
        if len(self.open) >= DEEPEST:
            raise InvalidInputError([*self.faults, Fault(self._here(), _TOO_DEEP, self.file, _line(event))])
        if self.open:
            self.path.append(self._here()[-1])
        if self.lines is not None:
            self.lines.setdefault(tuple(self.path), _line(event))
        self.open.append((value, []))

    def _end(self) -> None:
        value, _ = self.open.pop()
        if not self.open:
            self.root = value
            return
        self.path.pop()
        self._into(value)

    def _put(self, value: Any, event: yaml.Event) -> None:
        if self.lines is not None:
            self.lines.setdefault(self._here(), _line(event))
        if self.open:
            self._into(value)
        else:
            self.root = value

    def _into(self, value: Any) -> None:
        holder, waiting = self.open[-1]
        if isinstance(holder, list):
            holder.append(value)
            return
        if not waiting:  # an alias as a key
            waiting.append(_DROPPED)
            return
        key = waiting.pop()
        if key is _KEY:
            waiting.append(_DROPPED)
        elif key is not _DROPPED:
            holder[key] = value


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _value(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if _NUMBER.match(text) else text
