"""Official order of names by strokes (姓氏笔画): 李 before 张."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_LIST = Path(__file__).parent / "reference" / "stroke-order.txt"


@cache
def _places() -> dict[str, int]:
    characters = _LIST.read_text(encoding="utf-8").replace("\n", "")
    return {character: place for place, character in enumerate(characters)}


def by_strokes(name: str) -> tuple[int, ...]:
    """Return a sort key; characters that are not in the list come last."""
    places = _places()
    return tuple(places.get(character, len(places) + ord(character)) for character in name)
