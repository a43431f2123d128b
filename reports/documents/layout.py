"""The figures of GB/T 9704-2012, and where lines stand that depend on each other; pure.

Lengths in millimeters where the standard says millimeters, else in points or characters (em).
"""

from __future__ import annotations

import re
from math import ceil

TOP, BINDING, RIGHT, BOTTOM = 37, 28, 26, 35  # mm; left is the binding side
WIDTH, HEIGHT = 156, 225  # mm, the type area
LINES, CHARACTERS = 22, 28
POINT = 72 / 25.4  # points in a millimeter
PITCH = HEIGHT * POINT / LINES  # 28.99 pt from line to line
ADVANCE = WIDTH * POINT / CHARACTERS  # 15.79 pt from character to character
BODY, TITLE, SMALL, TABLE = 16, 22, 14, 12  # pt: 3号, 2号, 4号, 小四
MARK_TOP, LETTER_MARK_TOP, MARK_TO_LINE = 35, 30, 4  # mm
LETTER_LINE, LETTER_FOOT = 170, 20  # mm
DASH_BELOW = 7  # mm
THICK, THIN = 0.35, 0.25  # mm, lines of the 版记
LARGEST_MARK = 45  # pt
WIDEST_TITLE = 19  # characters of a line of a title

SERIF = "方正小标宋简体"
FANGSONG = "仿宋_GB2312"
KAITI = "楷体_GB2312"
HEITI = "黑体"
SONGTI = "宋体"

_ASCII = re.compile("[\x20-\x7e]")
_GOOD_ENDS = (
    "的",
    "》",
    "、",
    "）",
    "”",
    "关于",
    "工作",
    "情况",
    "结果",
    "领导小组",
    "办公室",
    "年度",
    "季度",
)
_NEVER_FIRST = "》、）”，。：的号"
_NEVER_LAST = "《（“"


def width_of(text: str) -> float:
    """The width of a text in characters: letters and digits are half as wide."""
    return len(text) - len(_ASCII.findall(text)) / 2


def mark_size(mark: str) -> int:
    """The size of a mark in points: one line as wide as the type area at most."""
    return min(LARGEST_MARK, int(WIDTH * POINT / max(1.0, width_of(mark))))


def title_lines(title: str) -> list[str]:
    """Break a title by sense into lines of like length, as few as hold it."""
    if "\n" in title:
        return [line for line in title.split("\n") if line.strip()]
    count = ceil(width_of(title) / WIDEST_TITLE)
    if count <= 1:
        return [title]
    return _broken(title, count)


def _broken(title: str, count: int) -> list[str]:
    if count == 1:
        return [title]
    share = width_of(title) / count

    def cost(place: int) -> float:
        head, tail = title[:place], title[place:]
        away = abs(width_of(head) - share)
        too_wide = width_of(head) > WIDEST_TITLE or width_of(tail) / (count - 1) > WIDEST_TITLE
        splits = head[-1].isascii() and tail[0].isascii()
        forbidden = tail[0] in _NEVER_FIRST or head[-1] in _NEVER_LAST or splits
        return away + 100 * (too_wide + forbidden) - (3 if head.endswith(_GOOD_ENDS) else 0)

    place = min(range(1, len(title)), key=cost)
    return [title[:place], *_broken(title[place:], count - 1)]


def signed_sealed(issuer: str, on: str) -> tuple[float, float]:
    """How far issuer and date stand from the right edge, in characters: the date four in, the issuer
    centred over it; a long issuer ends at the edge and takes the date along.
    """
    issuer_width, date_width = width_of(issuer), width_of(on)
    from_date = max(4.0, (issuer_width - date_width) / 2)
    return max(0.0, from_date + (date_width - issuer_width) / 2), from_date


def signed_unsealed(issuer: str, on: str) -> tuple[float, float]:
    """Without a seal: the issuer two in, the date's first character two to the right of the issuer's; a
    date that would pass the margin stands two in, and the issuer moves left.
    """
    issuer_width, date_width = width_of(issuer), width_of(on)
    from_date = 2 + issuer_width - 2 - date_width
    if from_date >= 2:
        return 2.0, from_date
    return 2 + date_width + 2 - issuer_width, 2.0
