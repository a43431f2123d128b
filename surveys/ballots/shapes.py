"""What kinds of values a file has where, looked at before anything in it is compared or added.

The custodian's page looks first, too (frontend/src/custodian/shapes.js): it would compare a list, or add a
text, in another way than Python. A shape is a type (`object`: anything), [shape of each part],
{str: shape of each value}, or {name: shape}; a name with a question mark may be absent, further names may
stand.
"""

from typing import Any

Shape = Any
EXACT = 2**53
"""Whole numbers that every language can hold are smaller."""
MORE_THAN_ANY = 1 << 31
"""Slips or ballots that a survey can have are fewer, so that their sums stay exact."""


class Amount:
    """A shape: a whole number of slips, ballots, sheets or answers."""


def misfit(value: object, shape: Shape, place: str = "") -> str | None:
    """The place of the first value of another kind, as in `departments.0.name`; None if there is none."""
    if isinstance(shape, type):
        return None if _is_a(value, shape) else place
    if isinstance(shape, list):
        if not isinstance(value, (list, tuple)):
            return place
        parts = [(f"{number}", part, shape[0]) for number, part in enumerate(value)]
    else:
        if not isinstance(value, dict):
            return place
        if str in shape:
            parts = [(name, part, shape[str]) for name, part in value.items()]
        else:
            parts = [(name, value.get(name, _ABSENT), part) for name, part in _named(shape, value)]
    for name, part, inside in parts:
        found = misfit(part, inside, f"{place}.{name}" if place else name)
        if found is not None:
            return found
    return None


_ABSENT = type("Absent", (), {})()


def _named(shape: dict[str, Shape], value: dict[str, Any]) -> list[tuple[str, Shape]]:
    """The shapes of the names that must be there or are."""
    return [
        (name.rstrip("?"), part)
        for name, part in shape.items()
        if not name.endswith("?") or name.rstrip("?") in value
    ]


def _is_a(value: object, kind: type) -> bool:
    if kind in (int, Amount):
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return abs(value) < EXACT if kind is int else 0 <= value < MORE_THAN_ANY
    return isinstance(value, kind) and value is not _ABSENT
