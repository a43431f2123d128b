"""Official order of names by strokes (姓氏笔画): 李 before 张, 高富 before 高大富."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_LIST = Path(__file__).parent / "reference" / "stroke-order.txt"


@cache
def _places() -> dict[str, int]:
    characters = _LIST.read_text(encoding="utf-8").replace("\n", "")
    return {character: place for place, character in enumerate(characters)}


def by_strokes(name: str) -> tuple[int, ...]:
    """Return a sort key; characters that are not in the list come last.

    Among people of one surname, those whose given name is a single character come first.
    """
    places = _places()
    characters = "".join(name.split()) or " "
    surname, *given = (places.get(character, len(places) + ord(character)) for character in characters)
    return (surname, len(given) > 1, *given)


def stroke_key(name: str) -> str:
    """Return the same order as text of at most 61 digits, by which a database sorts."""
    surname, is_long, *given = by_strokes(name)
    return f"{surname:06d}{is_long:d}" + "".join(f"{place:06d}" for place in given[:9])
