"""The one scale of colors for answers: the same word looks alike on pages, papers and screens, also in gray.

Neighbours differ in lightness, as the ends do; dissatisfied answers have white stripes besides, so that a
black-and-white copy still tells them from satisfied ones. The style sheets repeat these colors by the name
of the shade, as the content policy allows no style attributes.
"""

from __future__ import annotations

COLORS = {
    "top": "#052e25",
    "best": "#0e5f4d",
    "good": "#74ad55",
    "fair": "#f2c14e",
    "poor": "#d14638",
    "bottom": "#8f1a38",
    "gray": "#d8dee4",
}
WORDS = {
    "非常满意": "top",
    "满意": "best",
    "比较满意": "good",
    "基本满意": "fair",
    "不满意": "poor",
    "非常不满意": "bottom",
    "不了解情况": "gray",
}
OTHERS = ("best", "good", "fair", "poor", "bottom")
"""For scales with other words: from the best to the worst."""

DARK_INK, LIGHT_INK = "#1f2328", "#ffffff"
ON_LIGHT = ("good", "fair", "gray")
"""Shades on which dark words are read better than white ones."""

STRIPES = {"poor": 2, "bottom": 4}
"""How wide the white stripes along a piece are, in pixels."""


def shade_of(choice: str, place: int = 0) -> str:
    return WORDS.get(choice, OTHERS[min(place, len(OTHERS) - 1)])


def ink_on(shade: str) -> str:
    return DARK_INK if shade in ON_LIGHT else LIGHT_INK
