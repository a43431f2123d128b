"""Small readers over a facts document: each records a fault and returns something harmless."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from evaluations.scoring.scheme import Scheme
from evaluations.scoring.steps.step import Needs
from office.definitions.faults import Fault, Path
from office.definitions.numbers import exact, plain
from office.definitions.source import Document

MOST = 10**12
"""No count of answers or occurrences is larger."""
_NAME, _SENTENCE = 200, 2000
_UNSEEN = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def faults_of_text(text: str, longest: int) -> str | None:
    """Why a text cannot be printed on one line as it is, or None: it could pass for lines of a report."""
    if len(text) > longest:
        return f"has {len(text)} characters; at most {longest} are allowed"
    if text.isascii() and text.isprintable():
        return None
    if any(unicodedata.category(one) in _UNSEEN or one in _TURNING for one in text):
        return "must be one line, without line breaks, control characters or halves of characters"
    return None


@dataclass
class Reader:
    """A document with the scheme and words to check it against, and the faults found so far."""

    document: Document
    scheme: Scheme
    words: Needs
    faults: list[Fault] = field(default_factory=list)

    def strata(self) -> tuple[str, ...]:
        return tuple(self.scheme.strata.shares) if self.scheme.strata else ()

    def fault(self, path: Path, message: str) -> None:
        self.faults.append(self.document.fault(path, message))

    def mapping(self, node: Any, path: Path, keys: Iterable[str] | None = None) -> dict[str, Any]:
        if node is None:
            return {}
        if not isinstance(node, dict):
            self.fault(path, "must be a mapping (name: value)")
            return {}
        for key in node:
            if not isinstance(key, str) or faults_of_text(key, _NAME):
                self.fault((*path, ascii(key)[:40]), "a name is one line of at most 200 characters")
                return {}
        known = None if keys is None else tuple(keys)
        for key in node if known is not None else ():
            if key not in (known or ()):
                self.fault((*path, key), f"unknown key; keys here are {'、'.join(known or ()) or '(none)'}")
        return node

    def listing(self, node: Any, path: Path) -> list[Any]:
        if isinstance(node, list):
            return node
        if node is not None:
            self.fault(path, "must be a list")
        return []

    def text(self, node: Any, path: Path, default: str | None = None) -> str:
        if isinstance(node, str) and node:
            if why := faults_of_text(node, _NAME if path and path[-1] == "name" else _SENTENCE):
                self.fault(path, why)
            return node
        if isinstance(node, int) and not isinstance(node, bool) and node.bit_length() <= _NAME:
            return str(node)
        if node is None and default is not None:
            return default
        self.fault(path, "is missing; add it" if node is None else "must be a text")
        return ""

    def count(self, node: Any, path: Path) -> int:
        if isinstance(node, int) and not isinstance(node, bool) and node >= 0:
            if node <= MOST:
                return node
            self.fault(path, f"is out of range; at most {MOST} are counted")
            return 0
        self.fault(path, "must be a whole number, 0 or more")
        return 0

    def number(self, node: Any, path: Path, high: Fraction | None = None, *, low: int | None = 0) -> Fraction:
        try:
            value = exact(node)
        except ValueError as error:
            self.fault(path, str(error))
            return Fraction(0)
        if (low is not None and value < low) or (high is not None and value > high):
            bounds = f"{low} or more" if high is None else f"between {low} and {plain(high)}"
            self.fault(path, f"{plain(value)} is out of range; it must be {bounds}")
        return value

    def one_of(self, value: str, path: Path, choices: Iterable[str], what: str, plural: str = "") -> bool:
        known = tuple(choices)
        if value in known:
            return True
        self.fault(path, f"no such {what}; {plural or what + 's'} are {'、'.join(known) or '(none)'}")
        return False
