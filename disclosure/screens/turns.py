"""In which order a screen shows its frames: in turns of a quarter of an hour at most.

Each turn has its share of the units' frames and, twice, results, ratings and promises, so that nobody waits
for them long. What does not fit into one turn stands in the next; after the last turn all have come by.
"""

from __future__ import annotations

from collections.abc import Sequence

from disclosure.screens.frames import Frame

LONGEST = 15 * 60
OF_UNITS = 450
SHARED = {"results": 120, "ratings": 45, "promises": 60}
"""Seconds of a turn: those of units once, the others twice, together no more than LONGEST."""


def turns_of(frames: Sequence[Frame]) -> list[list[int]]:
    """Return the places of the frames, turn by turn; every frame is in some turn."""
    units = _dealt(_spread(frames), frames, OF_UNITS)
    shared = [
        _dealt([at for at, one in enumerate(frames) if one.kind == kind], frames, seconds)
        for kind, seconds in SHARED.items()
    ]
    if not units and not any(shared):
        return [list(range(len(frames)))]
    count = max(len(units), *(len(one) for one in shared))
    return [_turn(number, units, shared) for number in range(count)]


def _turn(number: int, units: list[list[int]], shared: list[list[list[int]]]) -> list[int]:
    again = [at for pieces in shared if pieces for at in pieces[number % len(pieces)]]
    if not units:
        return again
    of_units = units[number % len(units)]
    middle = (len(of_units) + 1) // 2
    return [*of_units[:middle], *again, *of_units[middle:], *(again if of_units[middle:] else [])]


def _spread(frames: Sequence[Frame]) -> list[int]:
    """Return the frames of units so that each unit's people and duties come by at even distances."""
    of_unit: dict[tuple[int, str], list[int]] = {}
    for at, one in enumerate(frames):
        if one.unit:
            of_unit.setdefault((one.unit, one.kind), []).append(at)
    places = [
        ((number + (order + 0.5) / len(of_unit)) / len(found), at)
        for order, found in enumerate(of_unit.values())
        for number, at in enumerate(found)
    ]
    return [at for _, at in sorted(places)]


def _dealt(found: Sequence[int], frames: Sequence[Frame], seconds: int) -> list[list[int]]:
    """Cut into pieces that last no longer than this."""
    pieces: list[list[int]] = []
    lasts = 0
    for at in found:
        if not pieces or lasts + frames[at].seconds > seconds:
            pieces.append([])
            lasts = 0
        pieces[-1].append(at)
        lasts += frames[at].seconds
    return pieces
