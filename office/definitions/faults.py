"""Faults of an input, reported all at once, each with file, line and path."""

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]


def dotted(path: Path) -> str:
    """``subjects.fagai.marks.leaders.0``; the document itself is ``(document)``."""
    return ".".join(str(part) for part in path) or "(document)"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and what to do about it."""

    path: Path
    message: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = (
            f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        )
        return f"{place}{dotted(self.path)}: {self.message}"


class InvalidInputError(ValueError):
    """A scheme or facts that cannot be used; ``faults`` lists everything that is wrong."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InvalidSchemeError(InvalidInputError):
    """The policy file is broken."""


class InvalidFactsError(InvalidInputError):
    """The facts of the round do not fit the scheme."""
