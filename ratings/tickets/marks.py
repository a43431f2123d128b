"""Numbers of tickets: printed ones with a check symbol, 办件编号 as they come; both are kept as hashes."""

from __future__ import annotations

import secrets
import unicodedata

from django.utils.crypto import salted_hmac

from casework.matters.numbers import LETTERS

DRAWN = 9  # letters drawn by lot, and one to check them
PRINTED = DRAWN + 1
LONGEST = 64
WEIGHTS = (1, 17, 13, 11, 7, 23, 19, 11, 7)
"""Each is prime to 30, so that every mistyped letter shows; each two neighbours differ by 2 or prime times 2.

The check symbol itself weighs -1. Of 870 swaps of two neighbours 30 do not show, those of letters 15 apart.
"""


def new_number() -> str:
    drawn = "".join(secrets.choice(LETTERS) for _ in range(DRAWN))
    return drawn + check_symbol(drawn)


def check_symbol(drawn: str) -> str:
    """Return the sign that shows a mistyped letter, or two neighbours that changed places."""
    total = sum(weight * LETTERS.index(letter) for weight, letter in zip(WEIGHTS, drawn, strict=True))
    return LETTERS[total % len(LETTERS)]


def plain(typed: str) -> str:
    """A number as it was meant: without spaces and strokes, in capitals, of whatever width."""
    meant = unicodedata.normalize("NFKC", typed).upper()
    kept = "".join(letter for letter in meant if letter.isalnum() and letter.isascii())
    return kept[:LONGEST]


def looks_printed(number: str) -> bool:
    return len(number) == PRINTED and all(letter in LETTERS for letter in number)


def is_mistyped(number: str) -> bool:
    """Whether it has the form of a printed number and its check symbol does not fit."""
    return looks_printed(number) and check_symbol(number[:DRAWN]) != number[DRAWN]


def mark_of(number: str) -> str:
    """Return what is stored of a number; without the server's secret it cannot be tried out."""
    return salted_hmac("ratings.ticket", plain(number), algorithm="sha256").hexdigest()
