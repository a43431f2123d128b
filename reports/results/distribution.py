"""The distribution of answers as one horizontal stacked bar: the same picture in page and PDF.

Inline SVG with presentation attributes only (the content policy allows no style attributes). It is drawn
from the rounded shares that publication allows, never from counts. Every piece is named at its place;
pieces too narrow for their words are named below, joined by a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from office.shades import COLORS, STRIPES, shade_of

INK, MUTED = "#1f2328", "#57606a"
FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
WIDTH, BAR, TOP, SIZE, ROW = 340, 26, 22, 13, 19
GAP = 8
CHINESE = 0x2E80
WHOLE = 100


class Share(Protocol):
    @property
    def choice(self) -> str: ...

    @property
    def percent(self) -> int: ...


@dataclass(slots=True)
class _Label:
    text: str
    middle: float
    left: float = 0.0
    row: int = 0

    @property
    def width(self) -> float:
        """About how wide the words are: Chinese signs are square, digits a little over half."""
        return sum(SIZE if ord(sign) >= CHINESE else SIZE * 0.6 for sign in self.text)

    @property
    def right(self) -> float:
        return self.left + self.width


def in_words(shares: Sequence[Share]) -> str:
    """The distribution as a sentence, for readers who do not see the picture."""
    return "，".join(f"{share.choice}{share.percent}%" for share in shares)


def stacked_bar(shares: Sequence[Share], *, label: str = "评价分布") -> SafeString:
    labels = _placed(shares)
    rows = 1 + max((one.row for one in labels), default=0)
    height = TOP + BAR + (ROW * (rows - 1) + 10 if rows > 1 else 4)
    parts = [_rectangles(shares, TOP, BAR)]
    for one in labels:
        if one.row == 0:
            parts.append(_text(one.left, TOP - 7, one.text))
        else:
            baseline = TOP + BAR + 5 + ROW * (one.row - 1) + SIZE
            parts.append(
                f'<path d="M{one.middle:.1f} {TOP + BAR}V{baseline + 1:.1f}" stroke="{MUTED}" fill="none"/>'
            )
            parts.append(_text(one.left, baseline + 2, one.text))
    return _svg(WIDTH, height + 4, f"{label}：{in_words(shares)}", "".join(parts), "distribution")


def slim_bar(shares: Sequence[Share], *, label: str = "评价分布") -> SafeString:
    """The bar alone, for a table whose heading names the colors."""
    return _svg(160, 14, f"{label}：{in_words(shares)}", _rectangles(shares, 0, 14, 160), "slim")


def _rectangles(shares: Sequence[Share], top: int, height: int, width: int = WIDTH) -> str:
    parts, done = [], 0
    for place, share in enumerate(shares):
        left, done = done * width / 100, done + share.percent
        if share.percent:
            piece = max(done * width / 100 - left - (done < WHOLE), 0.5)
            shade = shade_of(share.choice, place)
            fill = COLORS[shade]
            parts.append(
                f'<rect x="{left:.1f}" y="{top}" width="{piece:.1f}" height="{height}" fill="{fill}"/>'
            )
            parts += [
                f'<path d="M{left:.1f} {y}h{piece:.1f}" stroke="#ffffff" stroke-width="{STRIPES[shade]}"/>'
                for y in stripes(shade, top, height)
            ]
    return "".join(parts)


def stripes(shade: str, top: int, height: int) -> list[float]:
    """Where the white stripes of a dissatisfied piece lie: near both edges, free of words in the middle."""
    inset = round(height * 0.16, 1)
    return [top + inset, top + height - inset] if shade in STRIPES else []


def _placed(shares: Sequence[Share]) -> list[_Label]:
    """Above the bar where the words fit over their piece; else below, beside a line from the piece."""
    labels: list[_Label] = []
    done = 0
    for share in shares:
        if share.percent:
            one = _Label(f"{share.choice} {share.percent}%", (done + share.percent / 2) * WIDTH / 100)
            one.left = done * WIDTH / 100
            one.row = 0 if share.percent * WIDTH / 100 >= one.width + GAP / 2 else 1
            labels.append(one)
        done += share.percent
    narrow = [one for one in labels if one.row]
    for rows in range(1, len(narrow) + 2):
        if _arranged(narrow, [], rows):
            break
    return labels


def _arranged(waiting: list[_Label], placed: list[_Label], rows: int) -> bool:
    """Try every row and either side of the line until words touch no words and no line crosses words."""
    if not waiting:
        return True
    label, *others = waiting
    sides = (label.middle - label.width - GAP / 2, label.middle + GAP / 2)
    for label.row, label.left in product(range(1, rows + 1), sides):
        inside = label.left >= 0 and label.right <= WIDTH
        free = inside and not any(_collide(label, other) for other in placed)
        if free and _arranged(others, [*placed, label], rows):
            return True
    return False


def _collide(one: _Label, other: _Label) -> bool:
    if one.row == other.row:
        return one.left < other.right + GAP and other.left < one.right + GAP
    upper, lower = (one, other) if one.row < other.row else (other, one)
    return upper.left - GAP / 2 < lower.middle < upper.right + GAP / 2


def _text(left: float, baseline: float, text: str) -> str:
    return (
        f'<text x="{left:.1f}" y="{baseline:.1f}" font-size="{SIZE}" fill="{INK}" font-family="{FONT}">'
        f"{escape(text)}</text>"
    )


def _svg(width: int, height: int, title: str, inner: str, kind: str) -> SafeString:
    return mark_safe(  # noqa: S308 - every text in it is escaped above
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{escape(title)}">{inner}</svg>'
    )
