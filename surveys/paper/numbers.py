"""Numbers that clerks type: of a sheet (random), of its stratum and department (printed on it).

Both end in a check digit (Damm's), which shows every single wrong digit and every two swapped ones.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

from stdnum import damm

from office.errors import Refused
from surveys.ballots import forms, paper
from surveys.ballots.marks import panels
from surveys.ballots.paper_notation import Notation

DIGITS = 7  # random ones; nine million numbers, so that nobody guesses the next


class Place(NamedTuple):
    """What a sheet's code says: whose it is and whom it judges (a department, or a peer group)."""

    key: str
    stratum: str
    department: str
    name: str


def typed(text: str) -> str:
    """The digits in what somebody typed: full width, spaces and dashes mean nothing."""
    return "".join(symbol for symbol in unicodedata.normalize("NFKC", text) if symbol.isdecimal())


def new_numbers(count: int, taken: set[int]) -> list[int]:
    """Fresh random numbers with their check digit."""
    found: set[int] = set()
    while len(found) < count:
        digits = str(10 ** (DIGITS - 1) + secrets.randbelow(9 * 10 ** (DIGITS - 1)))
        found.add(int(digits + damm.calc_check_digit(digits)))
        found -= taken
    numbers = list(found)
    secrets.SystemRandom().shuffle(numbers)
    return numbers


def number_in(text: str) -> int:
    """The sheet's number in what was typed; a mistyped one is named."""
    digits = typed(text)
    if len(digits) != DIGITS + 1 or not damm.is_valid(digits):
        raise Refused(
            f"编号“{text.strip()[:20]}”有误（应为8位数字，或末位校验不符）", "请对照测评表上的编号重新输入。"
        )
    return int(digits)


@lru_cache(maxsize=8)
def codes(public: str) -> dict[str, Place]:
    """{code printed on a sheet: place}; the first digit is the stratum's, the next are the sheet's."""
    form: dict[str, Any] = _read(public)
    sheets = forms.sheets(form["form"])
    width = max(2, len(str(len(sheets))))
    found = {}
    for stratum, key in enumerate(form["keys"], start=1):
        for number, sheet in enumerate(sheets, start=1):
            digits = f"{stratum}{number:0{width}}"
            place = Place(key["id"], key["stratum"], sheet["id"], sheet["name"])
            found[digits + damm.calc_check_digit(digits)] = place
    return found


@lru_cache(maxsize=8)
def cells(public: str) -> dict[str, int]:
    """{sheet: how many marks it has}."""
    return {name: len(places) for name, places in paper.cells_of(_read(public)["form"]).items()}


@lru_cache(maxsize=8)
def notation(public: str) -> Notation:
    return Notation.of(_read(public)["form"])


@lru_cache(maxsize=8)
def places_of_marks(public: str) -> dict[str, dict[str, int]]:
    """{key: {mark its panel may give: the mark's place among the choices}}; empty where words are ticked."""
    found = _read(public)
    form = found["form"]
    places = {word: place for place, word in enumerate(forms.words(form), start=1)}
    by_stratum = {one["stratum"]: {word: places[word] for word in one["words"]} for one in panels(form)}
    return {key["id"]: by_stratum[key["stratum"]] for key in found["keys"]} if by_stratum else {}


def _read(public: str) -> dict[str, Any]:
    return dict(json.loads(public))
