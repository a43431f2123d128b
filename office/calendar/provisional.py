"""Promised limits that hang on a year without a calendar; they are settled when the year is entered.

What was promised with a calendar stays, however the calendar is edited afterwards. The rooms above register
what they promise.
"""

from __future__ import annotations

from collections.abc import Callable

from office.calendar import days
from office.calendar.deadlines import Clock

Settles = Callable[[Clock], None]
_registered: list[Settles] = []


def settles(function: Settles) -> Settles:
    """Register what computes the provisional limits of a room again, and no others."""
    _registered.append(function)
    return function


def settle() -> None:
    """Settle what can be; called in the transaction that enters days of the calendar."""
    clock = days.clock()
    for function in _registered:
        function(clock)
