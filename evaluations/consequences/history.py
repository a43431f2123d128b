"""What happened to dispositions: written down, and told to whoever listens above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from evaluations.models import Disposition, DispositionEvent
from office.models import User

Listener = Callable[[Sequence[Disposition], datetime, User | None], None]
_listeners: dict[str, list[Listener]] = defaultdict(list)


def after(*acts: DispositionEvent.Act) -> Callable[[Listener], Listener]:
    """Register what a package above does with dispositions to which one of `acts` happened.

    It runs in the transaction of the act, once for all rows of it: notices, rectifications, documents.
    """

    def register(listener: Listener) -> Listener:
        for act in acts:
            if listener not in _listeners[act]:
                _listeners[act].append(listener)
        return listener

    return register


def note(
    rows: Sequence[Disposition],
    act: DispositionEvent.Act,
    text: str = "",
    *,
    now: datetime,
    by: User | None,
) -> None:
    """Write down that `act` happened to all of `rows`, then tell who listens; `by` nobody: the calendar."""
    DispositionEvent.objects.bulk_create(
        DispositionEvent(disposition=one, act=act, at=now, by=by, text=text[:500]) for one in rows
    )
    if rows:
        for listener in _listeners[act]:
            listener(rows, now, by)
