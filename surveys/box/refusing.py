"""What the ballot core finds wrong becomes a refusal."""

from __future__ import annotations

from office.errors import Refused


def refused(fault: ValueError, to_do: str = "") -> Refused:
    """The core's sentences name the fault first and the way on after it."""
    why, asks, way = str(fault).partition("，请")
    return Refused(why, f"请{way}{to_do}" if asks else to_do)
