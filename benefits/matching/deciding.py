"""Whether a firm fits an item: yes, no, or unknown, with the label that decides (GY-R16). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

Answer = Literal["yes", "no", "unknown"]
SEPARATOR = "、"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One condition by a label: `test` and `value` as `benefits.Condition` has them."""

    label: str
    test: str
    value: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`label` is the first one that fails, or the first one that is not known; empty where all fit."""

    answer: Answer
    label: str = ""


def decide(wanted: Iterable[Wanted], known: Mapping[str, str]) -> Verdict:
    """A label that fails decides, whatever is unknown beside it; else the first unknown one is asked."""
    unknown = ""
    for one in wanted:
        fits = _fits(one, known.get(one.label, ""))
        if fits is False:
            return Verdict("no", one.label)
        if fits is None and not unknown:
            unknown = one.label
    return Verdict("unknown", unknown) if unknown else Verdict("yes")


@lru_cache(maxsize=65536)  # thousands of firms know the same few values
def _fits(wanted: Wanted, value: str) -> bool | None:
    """None where the label is not known, or what is known of it cannot be compared."""
    if not value:
        return None
    if wanted.test in ("is", "one_of"):
        return value in (wanted.value.split(SEPARATOR) if wanted.test == "one_of" else [wanted.value])
    read = _number if wanted.test in ("at_least", "at_most") else _day
    here, limit = read(value), read(wanted.value)
    if here is None or limit is None:
        return None
    return here >= limit if wanted.test in ("at_least", "since") else here <= limit


def _number(text: str) -> Decimal | None:
    """Days and numbers are compared alike; what is no number, or none that can be compared, is unknown."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _day(text: str) -> Decimal | None:
    try:
        return Decimal(date.fromisoformat(text).toordinal())
    except ValueError:
        return None
