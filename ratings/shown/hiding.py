"""Which numbers the public sees, so that no small one can be worked out from those it sees. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")


def shown_parts(numbers: Mapping[Key, int], least: int) -> set[Key]:
    """Return the parts of a published sum whose own numbers may be published, too.

    A part with fewer than `least` is hidden. What all hidden parts have together is the sum less the shown
    ones, so it must be `least` at the least as well, or nothing: else the smallest shown part is hidden, too.
    """
    shown = {part for part, number in numbers.items() if number >= least}
    hidden = sum(number for part, number in numbers.items() if part not in shown)
    if shown and 0 < hidden < least:
        shown.remove(min((part for part in numbers if part in shown), key=lambda part: numbers[part]))
    return shown
