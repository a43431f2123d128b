"""Posters of codes: one look from the sticker to the wall, the short address printed under each code."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from casework.plates import qr
from departments.models.windows import window_title
from ratings.codes.finding import address_of
from ratings.models import RatingCode
from ratings.rules import RatingRules, rules_of

WALL = "wall"
SIZES = {"a5": "A5 贴牌", "a4": "A4 海报", "a3": "A3 张贴"}
WALL_SIZE = "A3 码墙"
A_SHEET, BESIDE_THE_WALL = 12, 8
"""Windows on one sheet of a wall, and on the first one, below the code of the wall itself."""


@dataclass(frozen=True)
class Poster:
    """One code as it is printed: what it is of in large, what stands below, the code, its address."""

    code: RatingCode
    rules: RatingRules
    name: str
    below: str
    address: str
    drawn: SafeString

    @property
    def short(self) -> str:
        return self.address.partition("://")[2]

    @property
    def how(self) -> str:
        return "微信扫一扫，选择办事窗口" if self.code.kind == RatingCode.Kind.WALL else "微信扫一扫"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a hall's wall; the wall's own code stands on the first."""

    rules: RatingRules
    hall: str
    wall: Poster | None
    windows: list[Poster]


def poster_of(code: RatingCode) -> Poster:
    address, window = address_of(code), code.window
    if window is not None:
        name, below = window_title(window.number), f"{window.name}　{code.unit}"
    else:
        name, below = str(code.unit or code.hall), ""
    rules = rules_of(code.rules_id)
    return Poster(code, rules, name, below, address, qr.drawn(address, f"{rules.title}：{code}"))


def sheets_of(codes: list[RatingCode]) -> list[Sheet]:
    """Return the sheets of the walls of all halls these codes belong to, in their order."""
    found: dict[tuple[str, int], list[RatingCode]] = {}
    for code in codes:
        if code.hall_id is not None:
            found.setdefault((code.rules_id, code.hall_id), []).append(code)
    return [sheet for same in found.values() for sheet in _sheets(same)]


def _sheets(codes: list[RatingCode]) -> list[Sheet]:
    wall = next((poster_of(code) for code in codes if code.kind == RatingCode.Kind.WALL), None)
    windows = [poster_of(code) for code in codes if code.kind == RatingCode.Kind.WINDOW]
    rules, hall = rules_of(codes[0].rules_id), str(codes[0].hall)
    first = BESIDE_THE_WALL if wall else A_SHEET
    starts = [0, *range(first, len(windows), A_SHEET)]
    ends = [*starts[1:], len(windows)]
    return [
        Sheet(rules, hall, wall if start == 0 else None, windows[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]
