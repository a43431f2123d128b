"""The facts of a round, put together from what its channels give."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from evaluations.gathering.kinds import Parts, kind_of
from evaluations.models import Channel, Round


def gathered(round: Round) -> Parts:
    """Return what the ballot gives of units and what the settled channels give, by key of the subject."""
    found: Parts = {}
    counting = Q(state=Channel.State.SETTLED) | Q(kind=Channel.Kind.BALLOT)
    for channel in round.channels.filter(counting).select_related("round__scheme_version", "round__survey"):
        for key, part in kind_of(channel).facts(channel).items():
            _add(found.setdefault(key, {}), part)
    return found


def _add(into: dict[str, Any], part: dict[str, Any]) -> None:
    for name, value in part.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _add(into[name], value)
        elif isinstance(value, list) and isinstance(into.get(name), list):
            into[name] = [*into[name], *value]
        else:
            into[name] = value
