"""What every import finds before it writes.

A plan is made twice, for the preview and before the transaction of the import; equal digests mean that
exactly what was previewed is written.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from office.errors import Refused
from office.imports.unchanged import changed_since_preview


class ImportPlan(ABC):
    """What importing a file would do, compared with the database and changed by nobody yet."""

    faults: Sequence[object]  # each says in words what is wrong where

    @property
    @abstractmethod
    def writes(self) -> bool:
        """Whether anything would be written at all."""

    @abstractmethod
    def lines(self) -> Iterable[str]:
        """Everything a person sees of this plan, and whatever else must be as it was previewed."""

    def digest(self) -> str:
        return hashlib.sha256("\n".join(self.lines()).encode()).hexdigest()

    def require_faultless(self, found: str, to_do: str = "请更正后重新上传。") -> None:
        """Refuse with the list of faults, if there are any; `found` counts them: `名册中有 3 处`."""
        if self.faults:
            raise Refused(f"{found}需要更正", to_do, faults=[str(fault) for fault in self.faults])

    def require_previewed(self, expected_digest: str | None) -> None:
        """Refuse what is not exactly what somebody saw before; None where nobody looked."""
        if expected_digest is not None and self.digest() != expected_digest:
            raise changed_since_preview()
