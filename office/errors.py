"""How a service refuses: loudly, in the user's language, with nothing changed."""

from __future__ import annotations

from collections.abc import Sequence


class Refused(Exception):  # noqa: N818 - reads as what happened, not as a defect
    """A service did not do what was asked.

    `message` is one Chinese sentence for the user that says what to do; `faults` lists the single
    faults behind it (one line each, already readable), for imports and forms.
    """

    def __init__(self, message: str, faults: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join((self.message, *self.faults))
