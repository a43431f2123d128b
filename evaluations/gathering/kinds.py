"""What each kind of channel tells about itself; its package registers it when the room starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from evaluations.models import Channel

Parts = dict[str, dict[str, Any]]
"""Key of a subject → the part of its facts that a channel gives."""


@dataclass(frozen=True)
class Progress:
    """How complete a channel is: `missing` names what is not there yet, `notes` what else should be known."""

    done: int
    of: int
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class ChannelKind:
    """`action` may enter, `confirm` is asked of the second person; `facts` reads a channel in few queries."""

    kind: str
    action: str
    confirm: str
    progress: Callable[[Channel], Progress]
    facts: Callable[[Channel], Parts]
    url: Callable[[Channel], str]


KINDS: dict[str, ChannelKind] = {}


def register(kind: ChannelKind) -> None:
    KINDS[kind.kind] = kind


def kind_of(channel: Channel) -> ChannelKind:
    return KINDS[channel.kind]
