"""The picture of a distribution: words at every piece, nothing but rounded shares, no style attribute."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from evaluations.publication import Share
from office.shades import COLORS, STRIPES, WORDS, ink_on
from ratings.rules import RatingRules, all_rules
from ratings.shown.levels import colors
from reports.results.distribution import WIDTH, stacked_bar

FOUR = ("满意", "比较满意", "基本满意", "不满意")
MIXES = [
    (62, 27, 7, 4),
    (100, 0, 0, 0),
    (0, 0, 0, 100),
    (95, 3, 1, 1),
    (2, 3, 5, 90),
    (25, 25, 25, 25),
    (1, 97, 1, 1),
    (66, 2, 12, 20),
    (48, 12, 2, 38),
]


def drawn(mix: tuple[int, ...]) -> ET.Element:
    shares = [Share(word, percent) for word, percent in zip(FOUR, mix, strict=True)]
    return ET.fromstring(stacked_bar(shares))  # noqa: S314 - our own drawing


@pytest.mark.parametrize("mix", MIXES)
def test_every_piece_is_named_at_its_place(mix: tuple[int, ...]) -> None:
    texts = [node.text for node in drawn(mix).iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [f"{word} {percent}%" for word, percent in zip(FOUR, mix, strict=True) if percent]


@pytest.mark.parametrize("mix", MIXES)
def test_pieces_are_as_wide_as_their_shares_and_have_the_fixed_colors(mix: tuple[int, ...]) -> None:
    pieces = list(drawn(mix).iter("{http://www.w3.org/2000/svg}rect"))
    shown = [(word, percent) for word, percent in zip(FOUR, mix, strict=True) if percent]
    assert [piece.get("fill") for piece in pieces] == [COLORS[WORDS[word]] for word, _ in shown]
    for piece, (_, percent) in zip(pieces, shown, strict=True):
        assert abs(float(piece.get("width", "0")) - percent * WIDTH / 100) <= 1


@pytest.mark.parametrize("mix", MIXES)
def test_words_neither_overlap_nor_leave_the_picture(mix: tuple[int, ...]) -> None:
    lines: dict[str, list[tuple[float, float]]] = {}
    for node in drawn(mix).iter("{http://www.w3.org/2000/svg}text"):
        left = float(node.get("x", "0"))
        width = sum(13 if ord(sign) > 0x2E80 else 7 for sign in node.text or "")
        lines.setdefault(node.get("y", ""), []).append((left, left + width))
    for spans in lines.values():
        spans.sort()
        assert all(one[1] <= other[0] + 1 for one, other in pairwise(spans))
        assert spans[0][0] >= 0
        assert spans[-1][1] <= WIDTH + 1


def test_the_picture_says_itself_in_words_and_needs_no_style() -> None:
    picture = stacked_bar([Share("满意", 60), Share("不满意", 40)])
    assert 'aria-label="评价分布：满意60%，不满意40%"' in picture
    assert not re.search(r"\sstyle=|<style|<script", picture)


def test_a_word_from_a_scheme_cannot_break_the_picture() -> None:
    picture = stacked_bar([Share('<script>"', 100)])
    assert "<script>" not in picture
    ET.fromstring(picture)  # noqa: S314 - our own drawing


# --- the one scale of colors --------------------------------------------------------------------------------


def luma(shade: str) -> float:
    red, green, blue = (int(COLORS[shade][at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def light(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    "words",
    [
        FOUR,
        ("非常满意", "满意", "基本满意", "不满意", "非常不满意"),
    ],
)
def test_neighbours_and_ends_are_told_apart_in_gray(words: tuple[str, ...]) -> None:
    lumas = [luma(WORDS[word]) for word in words]
    assert all(abs(one - other) >= 30 for one, other in pairwise(lumas))
    assert abs(lumas[0] - lumas[-1]) >= 30
    assert WORDS[words[-1]] in STRIPES


@pytest.mark.parametrize("shade", COLORS)
def test_words_on_a_color_are_readable(shade: str) -> None:
    dark, bright = sorted((light(COLORS[shade]), light(ink_on(shade))))
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("sheet", "selector"),
    [
        ("site/results.css", ".scale .{}"),
        ("screens/screen.css", ".shade-{}"),
        ("ratings/shown/screen.css", ".shade-{}"),
        ("ratings/shown/public.css", ".shade-{}"),
    ],
)
def test_style_sheets_have_the_colors_of_the_scale(sheet: str, selector: str) -> None:
    rules = Path("static", sheet).read_text(encoding="utf-8").splitlines()
    for shade, color in COLORS.items():
        (rule,) = (one for one in rules if one.startswith(f"{selector.format(shade)} {{"))
        assert f"background: {color};" in rule


@pytest.mark.parametrize("rules", all_rules().values(), ids=all_rules())
def test_a_hall_screen_and_a_result_color_a_word_alike(rules: RatingRules) -> None:
    """GY-R4, YC-R3"""
    assert colors(rules) == {word: f"shade-{WORDS[word]}" for word in rules.words}


def test_dissatisfied_pieces_are_striped_and_satisfied_ones_are_not() -> None:
    assert stacked_bar([Share("满意", 100)]).count('stroke="#ffffff"') == 0
    assert stacked_bar([Share("不满意", 100)]).count('stroke="#ffffff"') == 2
