"""The sealed ballot: libsodium's sealed box around a plain text of one length per survey.

Plain text: version (1) · binding (32) · cells (1 each) · length of comments (2) · comments · zeros.
A cell is 0 if untouched, else the choice's number from 1. Comments are JSON:
[[cell, matter, suggestion], …], cells ascending.
"""

import json
import re
from dataclasses import dataclass
from typing import NamedTuple

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from surveys.ballots.forms import MOST_CHOICES, Json, cells, words

VERSION = 1
BINDING_LENGTH = 32
OVERHEAD = 48  # ephemeral key and authenticator
_HEAD = 1 + BINDING_LENGTH
_BLOCK = 256
_BYTES_PER_CHARACTER = 4
_FRAMES = 2048  # brackets, numbers and quotes around the comments
_UNREADABLE = re.compile("[\0-\t\x0b-\x1f\x7f]")  # what frontend/src/form.js takes out, too
_UP_TO = [bytes(range(choices + 1)) for choices in range(MOST_CHOICES + 1)]


class Spoiled(ValueError):  # noqa: N818 - the word for such a ballot
    """A ballot that cannot be counted (废票); the reason is a key of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


REASONS = {
    "unopened": "无法解密",
    "copied": "密文与票面不符（复制或篡改）",
    "version": "版本不符",
    "choice": "含有评价表以外的选项",
    "comments": "文字意见格式不正确",
}


class Comment(NamedTuple):
    cell: int
    matter: str
    suggestion: str


@dataclass(frozen=True)
class Layout:
    """The lengths and offsets of the plain text of one survey's ballots, in bytes."""

    cells: int
    choices: int
    comment_cap: int

    @classmethod
    def of(cls, form: Json) -> "Layout":
        return cls(len(cells(form)), len(words(form)), form["comment_cap"])

    @property
    def comment_room(self) -> int:
        return self.comment_cap * _BYTES_PER_CHARACTER + _FRAMES if self.comment_cap else 0

    @property
    def plain_length(self) -> int:
        needed = _HEAD + self.cells + 2 + self.comment_room
        return -(-needed // _BLOCK) * _BLOCK

    @property
    def sealed_length(self) -> int:
        return self.plain_length + OVERHEAD

    def write(self, inside: bytes, answers: bytes, comments: list[Comment] | None = None) -> bytes:
        """The plain text. The page has its own; this one is for tests and benchmarks."""
        text = json.dumps([list(each) for each in comments or []], ensure_ascii=False).encode()
        if len(inside) != BINDING_LENGTH or len(answers) != self.cells:
            raise ValueError("wrong length")
        if not comments:
            text = b""
        if len(text) > self.comment_room:
            raise ValueError("too much text")
        plain = bytes([VERSION]) + inside + answers + len(text).to_bytes(2, "big") + text
        return plain.ljust(self.plain_length, b"\0")

    def read(self, plain: bytes, inside: bytes, allowed: bytes | None = None) -> tuple[bytes, list[Comment]]:
        """Cells and comments; raises Spoiled. `allowed`: what a cell may be, if not every choice."""
        if len(plain) != self.plain_length or plain[0] != VERSION:
            raise Spoiled("version")
        if plain[1:_HEAD] != inside:
            raise Spoiled("copied")
        end = _HEAD + self.cells
        answers = plain[_HEAD:end]
        if answers.translate(None, allowed or _UP_TO[self.choices]):
            raise Spoiled("choice")
        length = int.from_bytes(plain[end : end + 2], "big")
        rest = end + 2 + length
        if length > self.comment_room or plain.count(0, rest) != len(plain) - rest:
            raise Spoiled("comments")
        return answers, self._comments(plain[end + 2 : end + 2 + length]) if length else []

    def _comments(self, text: bytes) -> list[Comment]:
        try:
            entries = json.loads(text.decode("utf-8", "surrogatepass"))  # bytes would be guessed at: UTF-16 …
            found = [self._comment(entry) for entry in entries]
        except (ValueError, TypeError, RecursionError) as fault:
            raise Spoiled("comments") from fault
        if not isinstance(entries, list):
            raise Spoiled("comments")
        places = [comment.cell for comment in found]
        size = sum(len(comment.matter) + len(comment.suggestion) for comment in found)
        if places != sorted(set(places)) or size > self.comment_cap:
            raise Spoiled("comments")
        return found

    def _comment(self, entry: object) -> Comment:
        if not isinstance(entry, list) or [type(part) for part in entry] != [int, str, str]:
            raise Spoiled("comments")
        cell, *texts = entry
        if not 0 <= cell < self.cells:
            raise Spoiled("comments")
        return Comment(cell, *map(readable, texts))


def readable(text: str) -> str:
    """The text without halves of characters and control characters, which no database takes.

    A keyboard may cut an emoji in two: that must cost the voter half an emoji, never the ballot.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _UNREADABLE.sub("", whole)


def seal(plain: bytes, tally_key: bytes) -> bytes:
    return bytes(SealedBox(PublicKey(tally_key)).encrypt(plain))


class Opener:
    """Opens ballots with the private tally key."""

    def __init__(self, private_key: bytes) -> None:
        key = PrivateKey(private_key)
        self.public_key = bytes(key.public_key)
        self._box = SealedBox(key)

    def open(self, sealed: bytes) -> bytes:
        try:
            return bytes(self._box.decrypt(sealed))
        except (CryptoError, ValueError, TypeError) as fault:
            raise Spoiled("unopened") from fault
