"""Base64url without padding, and the alphabet of slips, keys and fingerprints."""

import base64
import binascii
import re

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 symbols, a prime number: digits and capitals without 0, 1, I, L and O."""

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")


class Malformed(ValueError):  # noqa: N818 - says what it is
    """Bytes or text that no honest client sends."""


def to_b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_b64(text: object, length: int | None = None) -> bytes:
    """Strict: one spelling per value, so that the spelling carries nothing; raises Malformed."""
    if not isinstance(text, str) or (length is not None and len(text) != _symbols_of(length)):
        raise Malformed(f"not {length} bytes")
    if not _BASE64URL.match(text):
        raise Malformed("not base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as fault:
        raise Malformed("not base64url") from fault
    if to_b64(data) != text:
        raise Malformed("not the one spelling")
    return data


def _symbols_of(length: int) -> int:
    """How many symbols write so many bytes: looked at first, since strangers may send megabytes."""
    return -(-4 * length // 3)


def to_symbols(number: int, length: int) -> str:
    symbols = []
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        symbols.append(ALPHABET[rest])
    if number:
        raise ValueError("the number does not fit")
    return "".join(reversed(symbols))
