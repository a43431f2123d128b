"""Reads the plainest YAML by its lines, as programs write facts: three times as fast as by events.

Only what can be read in one way is taken: keys and values of ordinary characters in block style, a line
each, and mappings and lists in brackets that end on their line. At anything else, also at whatever might
be a fault, it gives up, and the whole text is read by the library, which knows lines and messages.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

DEEP = 20  # of lines and of brackets each: together less than is allowed
_HAN = "\u3007\u4e00-\u9fff"
_FIRST = rf"[0-9A-Za-z_(（《〔{_HAN}]"
_REST = rf"[0-9A-Za-z_.+/()（）《》〔〕、，。；·%{_HAN}-]"
_PLAIN = rf"(?:-(?=[0-9]))?{_FIRST}{_REST}*+(?: +{_REST}++)*+"
_KEY = rf"{_FIRST}{_REST}{{0,99}}+"
_ANY_KEY = rf"{_KEY}|'{_KEY}'|\"{_KEY}\""
_BLANK = r"\x20\u3000"
_SIGNS = r"!$-&(-/:->@\[\]^_`{|}~\u3001-\u301f\uff01-\uff5e·“”‘’…—"  # without # \ ' "
_WORDS = rf"0-9A-Za-z?{_HAN}"
_SHOWN = f"{_BLANK}{_SIGNS}{_WORDS}"
_QUOTED = rf"""'[{_SHOWN}#\\"]*'|"[{_SHOWN}#']*\""""
_FLOW = rf"[\[{{][{_SHOWN}'\"]*[\]}}]"
_ANY_VALUE = rf"{_PLAIN}|{_QUOTED}|{_FLOW}"
_END = rf"(?: +#[{_SHOWN}#\\'\"]*| *)(?:\r?\n|\Z)"
_EMPTY = re.compile(rf" *(?:#[{_SHOWN}#\\'\"]*)?\r?\n")
_LINE = re.compile(rf"( *)(- )?(?:({_ANY_KEY}):(?: +({_ANY_VALUE}))?|({_ANY_VALUE})){_END}")
_TOKEN = re.compile(rf" *(?:([\[\]{{}},])|({_ANY_KEY}): +|({_PLAIN}|{_QUOTED})(?= *[,\]}}]))")
_CLOSING = {"{": "}", "[": "]"}
_Token = tuple[str | Any, ...]
_NO_TOKEN = ("", "", "")
_PAIR = rf"({_KEY}): +({_PLAIN}) *"
_PAIRS = re.compile(rf"[{{,] *{_PAIR}(?=[,}}])")
_FLAT = re.compile(rf"\{{ *{_PAIR}(?:, *{_PAIR})*+\}}")
_QUOTES = ("'", '"')
_BEGIN = "---\n"


class NotPlain(Exception):  # noqa: N818 - no error: the library reads the text instead
    """The text holds something that this module leaves to the library."""


def read_plain(text: str, value_of: Callable[[str], Any]) -> Any:
    """Return a document's mapping, or raise ``NotPlain``; ``value_of`` tells what a plain word means."""
    return _Lines(value_of).read(text)


def _lines(text: str) -> Iterator[tuple[str | Any, ...]]:
    """Yield indentation, dash, key, its value, and what stands there without a key, of each line."""
    at = len(_BEGIN) if text.startswith(_BEGIN) else 0
    while at < len(text):
        for line in _LINE.finditer(text, at):
            if line.start() != at:
                break
            at = line.end()
            yield line.groups()
        if at < len(text):
            empty = _EMPTY.match(text, at)
            if empty is None:
                raise NotPlain
            at = empty.end()


def _tokens(text: str) -> Iterator[_Token]:
    """Yield what stands between brackets: a sign, or a key, or a value."""
    at = 0
    for token in _TOKEN.finditer(text):
        if token.start() != at:
            break
        at = token.end()
        yield token.groups("")
    if at < len(text):
        raise NotPlain


class _Lines:
    def __init__(self, value_of: Callable[[str], Any]) -> None:
        self.value_of = value_of
        self.values: dict[str, Any] = {}
        self.keys: dict[str, str] = {}
        self.open: list[tuple[int, Any]] = []  # mappings and lists around the line, each with its indentation
        self.level = -1
        self.holder: Any = None  # the innermost of them
        self.in_list = False
        self.waiting: str | None = None  # a key whose value stands on the lines below

    def read(self, text: str) -> Any:
        """One loop for all lines: a call for each would take as long as the library."""
        keys, values = self.keys, self.values
        for spaces, dash, key, value, item in _lines(text):
            if dash or self.waiting is not None or len(spaces) != self.level or self.in_list:
                self._move(len(spaces), key, is_item=bool(dash))
            if key is None:
                self.holder.append(values[item] if item in values else self._value(item))
                continue
            name = keys[key] if key in keys else self._key(key)
            if name in self.holder:
                raise NotPlain
            if value is None:
                self.waiting = name
            self.holder[name] = (
                None if value is None else values[value] if value in values else self._value(value)
            )
        if self.waiting is not None or not self.open:
            raise NotPlain
        return self.open[0][1]

    def _move(self, indent: int, key: str | None, *, is_item: bool) -> None:
        """Open or close mappings and lists until the line stands in its own."""
        kind = list if is_item else dict
        if self.waiting is not None:
            if indent < self.level or (indent == self.level and not is_item):
                raise NotPlain
            holder, name = self.holder, self.waiting
            self._enter(indent, kind())
            holder[name] = self.holder
            self.waiting = None
        elif not self.open and not indent and not is_item:
            self._enter(0, {})
        while self.open and (self.level > indent or (self.level == indent and type(self.holder) is not kind)):
            self._leave()
        if not self.open or self.level != indent or (key is None and not is_item):
            raise NotPlain
        if is_item and key is not None:
            self.holder.append({})
            self._enter(indent + 2, self.holder[-1])

    def _enter(self, indent: int, holder: Any) -> None:
        self.open.append((indent, holder))
        if len(self.open) > DEEP:
            raise NotPlain
        self.level, self.holder, self.in_list = indent, holder, type(holder) is list

    def _leave(self) -> None:
        self.open.pop()
        self.level, self.holder = self.open[-1] if self.open else (-1, None)
        self.in_list = type(self.holder) is list

    def _key(self, written: str) -> str:
        key = written[1:-1] if written[0] in _QUOTES else written
        return self.keys.setdefault(written, self.keys.setdefault(key, key))

    def _value(self, written: str) -> Any:
        if written in self.values:
            return self.values[written]
        if written[0] in _QUOTES:
            return written[1:-1]
        if written[0] in "{[":
            return self._in_brackets(written)
        return self.values.setdefault(written, self.value_of(written))

    def _in_brackets(self, text: str) -> Any:
        if _FLAT.fullmatch(text):
            return self._flat(text)
        tokens = _tokens(text)
        value = self._nested(tokens, next(tokens)[0], 1)
        if next(tokens, None) is not None:
            raise NotPlain
        return value

    def _flat(self, text: str) -> dict[str, Any]:
        """Return a mapping of plain words, as most answers are written."""
        pairs = _PAIRS.findall(text)
        keys, values = self.keys, self.values
        found = {
            keys[key] if key in keys else self._key(key): values[value]
            if value in values
            else self._value(value)
            for key, value in pairs
        }
        if len(found) != len(pairs):
            raise NotPlain
        return found

    def _nested(self, tokens: Iterator[_Token], opened: str, depth: int) -> Any:
        """Return a mapping or list whose bracket was read; no comma at its end, no key without a value."""
        found: Any = {} if opened == "{" else []
        closing = _CLOSING[opened]
        sign, named, written = next(tokens, _NO_TOKEN)
        while sign != closing or found:
            key = self._key(named) if named else None
            if (key is None) is (opened == "{") or depth > DEEP or (key is not None and key in found):
                raise NotPlain
            if key is not None:
                sign, named, written = next(tokens, _NO_TOKEN)
            if named or not (written or sign in _CLOSING):
                raise NotPlain
            value = self._value(written) if written else self._nested(tokens, sign, depth + 1)
            if key is None:
                found.append(value)
            else:
                found[key] = value
            sign, named, written = next(tokens, _NO_TOKEN)
            if sign == closing:
                break
            if sign != ",":
                raise NotPlain
            sign, named, written = next(tokens, _NO_TOKEN)
        return found
