"""What packages above the register do when one of its rows is decided, or withdrawn by a corrected result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from evaluations.models import Disposition
from office.models import User

Hook = Callable[[Disposition, datetime, User | None], object]
_on_decided: list[Hook] = []
_on_withdrawn: list[Hook] = []


def on_decided(hook: Hook) -> Hook:
    """Register what follows from a decision; it runs in the transaction of the decision."""
    if hook not in _on_decided:
        _on_decided.append(hook)
    return hook


def on_withdrawn(hook: Hook) -> Hook:
    """Register what follows when a disposition is withdrawn, in the same transaction."""
    if hook not in _on_withdrawn:
        _on_withdrawn.append(hook)
    return hook


def decided(disposition: Disposition, *, now: datetime, acting_user: User | None) -> None:
    for hook in _on_decided:
        hook(disposition, now, acting_user)


def withdrawn(disposition: Disposition, *, now: datetime, acting_user: User | None) -> None:
    for hook in _on_withdrawn:
        hook(disposition, now, acting_user)
