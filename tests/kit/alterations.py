"""What somebody may do to a file: to each value in it, to its text, to the zip around it."""

import io
import json
import os
import zipfile
from collections.abc import Iterator
from typing import Any

from surveys.ballots import credentials
from tests.kit.bundles import Files
from tests.kit.election import SEED

Case = tuple[str, bytes]
_OTHERS = (None, True, False, 0, -1, 1.5, 2**31, 2**53, 10**30, "", "\U0001f600", [], {}, [[]], {"id": "x"})
_MIDNIGHT = (1980, 1, 1, 0, 0, 0)


def values_altered(value: Any, place: str = "", *, first: int = 2) -> Iterator[tuple[str, Any]]:
    """One thing in the value removed, added, doubled or made another, and where; of lists the first parts."""
    for other in (*_OTHERS, *_near(value)):
        if other != value or type(other) is not type(value):
            yield f"{place} = {other!r}", other
    if isinstance(value, dict):
        yield f"{place}.more", {**value, "more": 1}
        yield f"{place}.__proto__", {**value, "__proto__": {"more": 1}}
        for name, part in value.items():
            yield f"no {place}.{name}", {other: each for other, each in value.items() if other != name}
            for where, changed in values_altered(part, f"{place}.{name}", first=first):
                yield where, {**value, name: changed}
    if isinstance(value, list):
        for number, part in enumerate(value[:first]):
            before, after = value[:number], value[number + 1 :]
            yield f"no {place}.{number}", before + after
            yield f"{place}.{number} twice", [*before, part, part, *after]
            for where, changed in values_altered(part, f"{place}.{number}", first=first):
                yield where, [*before, changed, *after]


def altered_texts(value: Any, *, one_in: int = 4, first: int = 2) -> list[Case]:
    """The text of the value with one thing altered.

    In an ordinary run: all that lack something and so many of the rest, for each place several others.
    """
    cases = list(values_altered(value, first=first))
    every = 1 if os.environ.get("LONG_TESTS") else one_in
    return [
        (where, text_of(other))
        for number, (where, other) in enumerate(cases)
        if not number % every or where.startswith("no ")
    ]


def _near(value: Any) -> tuple[Any, ...]:
    """What could be taken for the value, or is next to it."""
    if isinstance(value, str):
        return (f"{value}0", f"{value}\n", f"{value}\x85", value[:-1], value.swapcase(), [value])
    if isinstance(value, list):
        return (value[::-1], {str(number): part for number, part in enumerate(value)})
    if isinstance(value, bool):
        return (not value, int(value), str(value))
    if isinstance(value, int):
        return (value + 1, value - 1, float(value), str(value), -value)
    return ()


def texts_altered(text: bytes) -> Iterator[Case]:
    """A JSON object's text spelled in other ways, some of which two readers read differently."""
    inside = text[1:]
    yield "a mark of byte order", b"\xef\xbb\xbf" + text
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"):
        yield name, text.decode().encode(name)
    for more in (
        b'"a":1,"a":2,',
        b'"a":1.0,',
        b'"a":1e2,',
        b'"a":1E400,',
        b'"a":NaN,',
        b'"a":-Infinity,',
        b'"a":-0,',
        b'"a":01,',
        b'"a":1.,',
        b'"a":+1,',
        b'"a":9007199254740993,',
        b'"a":' + b"9" * 4300 + b",",
        b'"a":' + b"9" * 4301 + b",",
        b'"a":"\\ud800",',
        b'"a":"\\ud83d\\ude00",',
        b'"a":"\xed\xa0\x80",',
        b'"\\ud800":1,',
        b'"a":"\\u4E2D",',
        b'"a":"\\x41",',
        b'"a":"\\u00_1",',
        b'"a":"\x01",',
        b'"a":"\x7f\xc2\x85\xe2\x80\xa8",',
        b'"__proto__":{"a":1},',
        b'"constructor":1,',
        b'"10":1,"9":2,',
        "“a”:1,".encode(),
        '"键":1,'.encode(),
        b'"a":' + b"[" * 63 + b"]" * 63 + b",",
        b'"a":' + b"[" * 64 + b"]" * 64 + b",",
        b'"a":' + b"[" * 5000 + b"]" * 5000 + b",",
        b'"a":True,',
        b'"a":nul,',
        b"'a':1,",
        b"a:1,",
        b"/**/",
        b",",
        b" ",
        b"\x0c",
        b"\xc2\xa0",
        b"\n\t\r ",
    ):
        yield f"with {more[:30]!r}", b"{" + more + inside
    yield from (
        (f"{change!r} at the end", text[:-1] + change)
        for change in (b"", b",}", b"}}", b"} ", b"}\n", b"}\0", b"}{}", b"]", b"}//", b"}\xff")
    )
    yield from (
        (f"only {part!r}", part) for part in (b"", b"{}", b"[]", b"null", b"1", b'"', b'"a"', b"\xff", b"{")
    )


def signed(files: Files, survey: str) -> Files:
    """With the box's signature under the manifest as it is now."""
    signature = credentials.sign_manifest(SEED, survey, files["manifest.json"])
    return {**files, "manifest.sig": signature}


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """As exporting.py writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, _MIDNIGHT)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=True) as file:
                file.write(content)
    return out.getvalue()


def text_of(value: Any) -> bytes:
    """Canonical where the value allows it; the text of any other all the same."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
