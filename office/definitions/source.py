"""Reads YAML and JSON strictly: no key twice, no float, the line of every value.

Only ``true``, ``false``, ``null`` and numbers are special; ``on``, ``no``, ``12:30`` and ``2023-08-15``
remain text, unlike in YAML 1.1.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from office.definitions.faults import Fault, InvalidInputError, Path
from office.definitions.plain_yaml import NotPlain, read_plain

_WHOLE = re.compile(r"[-+]?[0-9]+\Z")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?\Z")
_DIGITS = 400
DEEPEST = 50
"""No scheme and no facts go deeper; a file of brackets must not exhaust the machine."""
_TOO_DEEP = f"is nested too deeply; at most {DEEPEST} levels inside one another"
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
    try:
        return Document(read_plain(text, _value), file, text)
    except NotPlain:
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


class _Dropped(str):
    """A faulty key, whose value is not kept."""

    __slots__ = ()


class _AsKey(str):
    """Stands where a mapping or list is written as a key."""

    __slots__ = ()


class _Builder:
    """Turns the events of a YAML document into plain values, with all faults; no node is kept.

    A large round has a million events: one loop takes them all, equal keys and plain values are one
    object, and where something stands is worked out only for a fault. ``lines`` are noted only if asked
    for: they take more memory than the values.
    """

    def __init__(self, file: str, lines: dict[Path, int] | None) -> None:
        self.file = file
        self.lines = lines
        self.faults: list[Fault] = []
        self.open: list[tuple[Any, str | None]] = []
        """What is open around the innermost mapping or list, each with the key it waits at."""

    def read(self, text: str) -> Any:
        loader = yaml.CSafeLoader(text)
        try:
            return self._read(loader.get_event)
        finally:
            loader.dispose()

    def _read(self, next_event: Callable[[], Any]) -> Any:  # noqa: C901, PLR0912 - a call for each event would double the time
        root: Any = None
        holder: Any = None  # the innermost mapping or list; None: the document itself
        key: str | None = None  # of a mapping, that waits for its value
        keys: dict[str, str] = {}
        values: dict[str, Any] = {}
        begun = 0
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                value = event.value
                if key is None and type(holder) is dict:
                    doubtful = self.lines is not None or value in holder or value == "<<"
                    key = self._key(holder, event) if doubtful else keys.setdefault(value, value)
                    continue
                if not event.style:
                    value = values[value] if value in values else values.setdefault(value, _value(value))
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                value = holder
                holder, key = self.open.pop()
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                key = self._begin(holder, key, event)
                self.open.append((holder, key))
                holder, key = {} if kind is yaml.MappingStartEvent else [], None
                continue
            elif kind is yaml.AliasEvent:
                message = "aliases (*name) are not allowed; write the value out"
                self._fault(self._here(holder, key), message, event)
                value = None
            else:
                begun += kind is yaml.DocumentStartEvent
                if begun > 1:
                    self._fault((), "a file holds one document; remove what follows ---", event)
                    break
                continue
            if self.lines is not None:
                self.lines.setdefault(self._here(holder, key), _line(event))
            if key is not None:
                if type(key) is str:
                    holder[key] = value
                key = _Dropped() if type(key) is _AsKey else None
            elif type(holder) is list:
                holder.append(value)
            elif holder is None:
                root = value
            else:  # an alias as a key
                key = _Dropped()
        return root

    def _here(self, holder: Any, key: str | None) -> Path:
        """Where the next value of the innermost mapping or list stands."""
        around = [*self.open, (holder, key)]
        return tuple(len(one) if type(one) is list else at or "" for one, at in around if one is not None)

    def _fault(self, path: Path, message: str, event: yaml.Event) -> None:
        self.faults.append(Fault(path, message, self.file, _line(event)))

    def _key(self, holder: dict[str, Any], event: yaml.ScalarEvent) -> str:
        key: str = event.value
        here = self._here(holder, key)
        if key == "<<" and not event.style:
            self._fault(here, "merge keys are not allowed; write the values out", event)
            return _Dropped(key)
        if key in holder:
            first = f" (first on line {self.lines[here]})" if self.lines and here in self.lines else ""
            self._fault(here, f"key written twice{first}; keep one of them", event)
            return _Dropped(key)
        if self.lines is not None:
            self.lines[here] = _line(event)
        return key

    def _begin(self, holder: Any, key: str | None, event: yaml.Event) -> str | None:
        """Return the key at which a mapping or list begins."""
        if key is None and type(holder) is dict:
            self._fault(self._here(holder, key)[:-1], "a key must be a plain word", event)
            key = _AsKey()
        if len(self.open) >= DEEPEST:
            fault = Fault(self._here(holder, key), _TOO_DEEP, self.file, _line(event))
            raise InvalidInputError([*self.faults, fault])
        if self.lines is not None:
            self.lines.setdefault(self._here(holder, key), _line(event))
        return key


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _value(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if _NUMBER.match(text) else text
