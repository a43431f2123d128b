"""What a draw is made for, such as a round: told by rooms above, so that a draw can lead to it and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surveys.models import PoolDraw


@dataclass(frozen=True)
class Occasion:
    """`attach` ties a draw to it, in the transaction of the draw, or refuses."""

    key: str
    label: str
    url: str
    attach: Callable[[PoolDraw], None]
    survey_id: int | None = None
    total: int | None = None


Find = Callable[[str], Occasion | None]
OfDraw = Callable[[Any], tuple[str, str] | None]


def _nothing(_: Any) -> None:
    """Before the rooms above have told."""


_find: Find = _nothing
_of_draw: OfDraw = _nothing


def told_by(find: Find, of_draw: OfDraw) -> None:
    """Register how an occasion is found by its key, and which one a draw has (its label and page)."""
    global _find, _of_draw
    _find, _of_draw = find, of_draw


def find(key: str) -> Occasion | None:
    return _find(key) if key else None


def of_draw(draw: PoolDraw) -> tuple[str, str] | None:
    return _of_draw(draw)
