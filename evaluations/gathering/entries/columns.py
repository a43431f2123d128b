"""What may be typed into a column of a grid; stored as a whole number, a decimal as text, yes or no.

Every column refuses in Chinese what it cannot read; blank is no value, never 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from office.definitions.numbers import plain
from office.workbooks.sheets import squeeze

Value = int | str | bool
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
NUMERALS = "一二三四五六七八九十"
YES = frozenset({"是", "有", "做到", "1", "y", "Y", "√", "✓"})
NO = frozenset({"否", "无", "未做到", "0", "n", "N", "×", "✗", "x", "X"})


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: `item` is the entry's, `needed` says whether a unit is incomplete without it."""

    item: str
    label: str
    needed: bool = True

    @property
    def hint(self) -> str:
        """What may be typed, in few words below the heading."""
        raise NotImplementedError

    @property
    def rule(self) -> dict[str, Any]:
        """The same for the script of the page."""
        raise NotImplementedError

    def read(self, text: str) -> Value:
        """Raises ``ValueError`` with the rest of a sentence: `“30.5”超出范围…`."""
        raise NotImplementedError

    def show(self, value: Value | None) -> str:
        return "" if value is None else str(value)


@dataclass(frozen=True, kw_only=True)
class Number(Column):
    """A number from `low` to `high`; `only`, if given, names the only ones allowed."""

    low: Fraction = Fraction(0)
    high: Fraction | None = None
    places: int = 2
    only: tuple[Fraction, ...] = ()

    @property
    def hint(self) -> str:
        if self.only:
            return f"只能填 {'、'.join(map(plain, self.only))}"
        if self.high is None:
            return "整数" if self.places == 0 else "0 或以上"
        return f"{plain(self.low)}–{plain(self.high)}"

    @property
    def rule(self) -> dict[str, Any]:
        return {
            "kind": "number",
            "low": float(self.low),
            "high": None if self.high is None else float(self.high),
            "places": self.places,
            "only": [float(one) for one in self.only],
            "range": self._range,
        }

    @property
    def _range(self) -> str:
        if self.high is None:
            return "须为 0 或以上"
        return f"应在 {plain(self.low)} 到 {plain(self.high)} 之间"

    def read(self, text: str) -> Value:
        written = squeeze(text)
        if not NUMBER.fullmatch(written):
            raise ValueError(f"“{text[:20]}”不是{'整数' if self.places == 0 else '数'}，请填阿拉伯数字")
        number = Fraction(written)
        if (number * 10**self.places).denominator != 1:
            why = "须为整数" if self.places == 0 else f"最多 {self.places} 位小数"
            raise ValueError(f"{plain(number)} {why}")
        if self.only and number not in self.only:
            raise ValueError(f"{plain(number)} 不符合口径，{self.hint}")
        if number < self.low or (self.high is not None and number > self.high):
            raise ValueError(f"{plain(number)} 超出范围，{self._range}")
        return stored(number)


@dataclass(frozen=True, kw_only=True)
class YesNo(Column):
    """Whether a condition is fulfilled."""

    @property
    def hint(self) -> str:
        return "是／否"

    @property
    def rule(self) -> dict[str, Any]:
        return {"kind": "yesno", "yes": sorted(YES), "no": sorted(NO)}

    def read(self, text: str) -> Value:
        written = squeeze(text)
        if written in YES or written in NO:
            return written in YES
        raise ValueError(f"“{text[:20]}”无法识别，请填是或否")

    def show(self, value: Value | None) -> str:
        return "" if value is None else "是" if value else "否"


@dataclass(frozen=True, kw_only=True)
class TierColumn(Column):
    """A tier (方阵), counted from 1; the points beside it say it, too."""

    tiers: int
    needed: bool = False

    @property
    def hint(self) -> str:
        return f"1–{self.tiers}"

    @property
    def rule(self) -> dict[str, Any]:
        return {"kind": "tier", "tiers": self.tiers, "range": self._range}

    @property
    def _range(self) -> str:
        return f"方阵为 1 到 {self.tiers}"

    def read(self, text: str) -> Value:
        written = squeeze(text).removeprefix("第").removesuffix("方阵")
        tier = NUMERALS.find(written) + 1 if len(written) == 1 and written in NUMERALS else 0
        if not tier and written.isascii() and written.isdigit() and len(written) < 3:
            tier = int(written)
        if not 1 <= tier <= self.tiers:
            raise ValueError(f"“{text[:20]}”不是方阵，{self._range}")
        return tier


def stored(number: Fraction) -> int | str:
    """A whole number as it is, anything else as decimal text: never a binary float."""
    return int(number) if number.denominator == 1 else plain(number)


def tier_name(tier: int) -> str:
    return f"第{NUMERALS[tier - 1]}方阵"
