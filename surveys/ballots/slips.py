"""The code on a slip (凭条): generating, reading, checking and hashing it."""

import hmac
import secrets
import unicodedata
from hashlib import sha256

from surveys.ballots.encoding import ALPHABET

CODE_LENGTH = 16
KEY_ID_LENGTH = 4
PEPPER_LENGTH = 32
LONGEST_TYPED = 400
"""Characters: a scanned address has fewer. Folding takes time, and strangers may send megabytes."""


def new_code() -> str:
    """15 random symbols (74 bits) and the check symbol."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH - 1))
    # The check symbol counts 16 times, and 16 × 2 is 1 modulo 31.
    return symbols + ALPHABET[-2 * _weighted(symbols) % len(ALPHABET)]


def new_key_id() -> str:
    """The id of one survey's stratum; the caller must make sure that it is not taken."""
    return "".join(secrets.choice(ALPHABET) for _ in range(KEY_ID_LENGTH))


def normalize(text: str) -> str:
    """Upper case, half width, only ASCII letters and digits, as voters may type a code.

    Nothing of a text that is too long to be a code.
    """
    if len(text) > LONGEST_TYPED:
        return ""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(symbol for symbol in folded if symbol.isascii() and symbol.isalnum())


def is_well_formed(code: str) -> bool:
    """The sum weighted 1…16 is 0 modulo 31: any wrong symbol and any swap of two is detected."""
    if len(code) != CODE_LENGTH or any(symbol not in ALPHABET for symbol in code):
        return False
    return _weighted(code) % len(ALPHABET) == 0


def _weighted(symbols: str) -> int:
    return sum(weight * ALPHABET.index(symbol) for weight, symbol in enumerate(symbols, start=1))


def in_fours(code: str) -> str:
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def hash_code(code: str, *, pepper: bytes) -> bytes:
    """What is stored instead of the code; the pepper is never in the database."""
    if len(pepper) < PEPPER_LENGTH:
        raise ValueError("the pepper needs at least 32 bytes")
    return hmac.new(pepper, b"sanliang/code/1|" + code.encode("ascii"), sha256).digest()


def slip_fragment(*, key_id: str, code: str, fp: str) -> str:
    """The part after # in the slip's QR code; browsers never send it."""
    return ".".join(["1", key_id, code, fp] if fp else ["1", key_id, code])
